/*
 * HPy_BuildValue: a recursive descent over the format, one function for each kind of unit. A group
 * is counted before it is built, because builders need their size.
 */
#include "hpy.h"

#include <stdio.h>

typedef struct {
    HPyContext *ctx;
    const char *next;
    va_list *values;
} Builder;

/* A finished unit; a null handle means failure. Objects of the caller's are not duplicated unless
   they are the result. */
typedef struct {
    HPy h;
    bool owned;
} Item;

static Item build_item(Builder *b);

/* ---- errors: always null, or false ---- */

static HPy bad_format(HPyContext *ctx, const char *complaint)
{
    char message[128];
    snprintf(message, sizeof message, "%s in the format string passed to HPy_BuildValue", complaint);
    return HPyErr_SetString(ctx, ctx->h_SystemError, message);
}

static bool refuse(HPy null)
{
    return !HPy_IsNull(null);
}

static HPy bad_unit(HPyContext *ctx, char unit)
{
    char complaint[32];
    unsigned char byte = (unsigned char)unit;
    snprintf(complaint, sizeof complaint,
             byte < 0x80 ? "bad format char '%c'" : "bad format char 0x%02x", byte);
    return bad_format(ctx, complaint);
}

static HPy unmatched(HPyContext *ctx, char bracket)
{
    char complaint[32];
    snprintf(complaint, sizeof complaint, "unmatched '%c'", bracket);
    return bad_format(ctx, complaint);
}

static HPy no_stealing(HPyContext *ctx)
{
    return HPyErr_SetString(ctx, ctx->h_SystemError,
                            "HPy_BuildValue does not support the 'N' formatting unit. Use 'O' and"
                            " close the handle afterwards: a function never takes over a handle of"
                            " its caller.");
}

/* ---- sequences ---- */

static bool is_separator(char c)
{
    return c == ',' || c == ' ' || c == '\t';
}

static void skip_separators(Builder *b)
{
    while (is_separator(*b->next))
        b->next++;
}

/* 1 for a bracket that opens, -1 for one that closes, else 0 */
static int nesting(char c)
{
    switch (c) {
    case '(': case '[': case '{': return 1;
    case ')': case ']': case '}': return -1;
    default: return 0;
    }
}

/* Units from `fmt` up to `close` on the same level of brackets; -1 if it does not come. */
static HPy_ssize_t count_units(const char *fmt, char close)
{
    HPy_ssize_t count = 0;
    int depth = 0;
    for (; depth > 0 || *fmt != close; fmt++) {
        if (*fmt == '\0')
            return close == '\0' ? count : -1;
        int change = nesting(*fmt);
        if (depth == 0 && !is_separator(*fmt))
            count++;
        if (depth > 0 || change > 0)
            depth += change;
    }
    return count;
}

enum { FEW = 8 };

/* A list or a tuple under construction. A tuple of few items needs no builder; its handles are
   its own until it is there. */
typedef struct {
    bool is_list;
    bool is_few;
    HPy_ssize_t count;
    HPyListBuilder list;
    HPyTupleBuilder tuple;
    HPy items[FEW];
} Sequence;

static void sequence_begin(HPyContext *ctx, Sequence *s, bool is_list, HPy_ssize_t size)
{
    s->is_list = is_list;
    s->is_few = !is_list && size <= FEW;
    s->count = 0;
    if (is_list)
        s->list = HPyListBuilder_New(ctx, size);
    else if (!s->is_few)
        s->tuple = HPyTupleBuilder_New(ctx, size);
}

static void sequence_add(HPyContext *ctx, Sequence *s, Item item)
{
    HPy_ssize_t index = s->count++;
    if (s->is_few) {
        s->items[index] = item.owned ? item.h : HPy_Dup(ctx, item.h);
        return;
    }
    if (s->is_list)
        HPyListBuilder_Set(ctx, s->list, index, item.h);
    else
        HPyTupleBuilder_Set(ctx, s->tuple, index, item.h);
    if (item.owned)
        HPy_Close(ctx, item.h);
}

static void sequence_close_few(HPyContext *ctx, const Sequence *s)
{
    for (HPy_ssize_t i = 0; i < s->count; i++)
        HPy_Close(ctx, s->items[i]);
}

static HPy sequence_build(HPyContext *ctx, const Sequence *s)
{
    if (!s->is_few)
        return s->is_list ? HPyListBuilder_Build(ctx, s->list) : HPyTupleBuilder_Build(ctx, s->tuple);
    HPy tuple = HPyTuple_FromArray(ctx, s->items, s->count);
    sequence_close_few(ctx, s);
    return tuple;
}

static HPy sequence_cancel(HPyContext *ctx, const Sequence *s)
{
    if (s->is_few)
        sequence_close_few(ctx, s);
    else if (s->is_list)
        HPyListBuilder_Cancel(ctx, s->list);
    else
        HPyTupleBuilder_Cancel(ctx, s->tuple);
    return HPy_NULL;
}

/* The units up to `close`, which is consumed unless it is the format's end. */
static HPy build_sequence(Builder *b, char open, char close)
{
    HPyContext *ctx = b->ctx;
    HPy_ssize_t size = count_units(b->next, close);
    if (size < 0)
        return unmatched(ctx, open);
    Sequence sequence;
    sequence_begin(ctx, &sequence, open == '[', size);
    for (HPy_ssize_t i = 0; i < size; i++) {
        skip_separators(b);
        Item item = build_item(b);
        if (HPy_IsNull(item.h))
            return sequence_cancel(ctx, &sequence);
        sequence_add(ctx, &sequence, item);
    }
    skip_separators(b);
    if (*b->next != close) {
        sequence_cancel(ctx, &sequence);
        return unmatched(ctx, open);
    }
    if (close != '\0')
        b->next++;
    return sequence_build(ctx, &sequence);
}

/* ---- dicts ---- */

static void skip_blanks(Builder *b)
{
    while (*b->next == ' ' || *b->next == '\t')
        b->next++;
}

static bool build_value_for(Builder *b, HPy dict, HPy key)
{
    skip_blanks(b);
    if (*b->next != ':')
        return refuse(bad_format(b->ctx, "missing ':'"));
    b->next++;
    skip_blanks(b);
    Item value = build_item(b);
    if (HPy_IsNull(value.h))
        return false;
    bool ok = HPy_SetItem(b->ctx, dict, key, value.h) == 0;
    if (value.owned)
        HPy_Close(b->ctx, value.h);
    return ok;
}

static bool build_entry(Builder *b, HPy dict)
{
    Item key = build_item(b);
    if (HPy_IsNull(key.h))
        return false;
    bool ok = build_value_for(b, dict, key.h);
    if (key.owned)
        HPy_Close(b->ctx, key.h);
    return ok;
}

/* The entries up to the closing brace; a comma may follow the last one. */
static bool build_entries(Builder *b, HPy dict)
{
    bool after_entry = false;
    for (;;) {
        skip_blanks(b);
        char c = *b->next;
        if (c == '\0')
            return refuse(unmatched(b->ctx, '{'));
        if (c == '}' || c == ',')
            b->next++;
        if (c == '}')
            return true;
        if (c == ',' && !after_entry)
            return refuse(bad_format(b->ctx, "unexpected ','"));
        if (c != ',' && after_entry)
            return refuse(bad_format(b->ctx, "missing ','"));
        if (c != ',' && !build_entry(b, dict))
            return false;
        after_entry = c != ',';
    }
}

static HPy build_dict(Builder *b)
{
    HPy dict = HPyDict_New(b->ctx);
    if (HPy_IsNull(dict) || build_entries(b, dict))
        return dict;
    HPy_Close(b->ctx, dict);
    return HPy_NULL;
}

/* ---- single values ---- */

static HPy build_text(HPyContext *ctx, const char *utf8)
{
    return utf8 == NULL ? HPy_Dup(ctx, ctx->h_None) : HPyUnicode_FromString(ctx, utf8);
}

static HPy passed_object(HPyContext *ctx, HPy h)
{
    if (HPy_IsNull(h) && !HPyErr_Occurred(ctx))
        HPyErr_SetString(ctx, ctx->h_SystemError, "HPy_NULL object passed to HPy_BuildValue");
    return h;
}

/* A new handle for every unit but O and S. */
static HPy build_new(Builder *b, char unit)
{
    HPyContext *ctx = b->ctx;
    switch (unit) {
    case 'i': return HPyLong_FromLong(ctx, va_arg(*b->values, int));
    case 'I': return HPyLong_FromUnsignedLong(ctx, va_arg(*b->values, unsigned int));
    case 'l': return HPyLong_FromLong(ctx, va_arg(*b->values, long));
    case 'k': return HPyLong_FromUnsignedLong(ctx, va_arg(*b->values, unsigned long));
    case 'L': return HPyLong_FromLongLong(ctx, va_arg(*b->values, long long));
    case 'K': return HPyLong_FromUnsignedLongLong(ctx, va_arg(*b->values, unsigned long long));
    case 'n': return HPyLong_FromSsize_t(ctx, va_arg(*b->values, HPy_ssize_t));
    case 'f':
    case 'd': return HPyFloat_FromDouble(ctx, va_arg(*b->values, double));
    case 's': return build_text(ctx, va_arg(*b->values, const char *));
    case '(': return build_sequence(b, '(', ')');
    case '[': return build_sequence(b, '[', ']');
    case '{': return build_dict(b);
    case 'N': return no_stealing(ctx);
    default: return bad_unit(ctx, unit);
    }
}

static Item build_item(Builder *b)
{
    char unit = *b->next;
    if (unit == '\0')
        return (Item){ bad_format(b->ctx, "missing value"), false };
    b->next++;
    if (unit == 'O' || unit == 'S')
        return (Item){ passed_object(b->ctx, va_arg(*b->values, HPy)), false };
    return (Item){ build_new(b, unit), true };
}

static HPy build_result(Builder *b)
{
    HPy_ssize_t size = count_units(b->next, '\0');
    if (size == 0)
        return HPy_Dup(b->ctx, b->ctx->h_None);
    if (size > 1)
        return build_sequence(b, '(', '\0');
    skip_separators(b);
    Item item = build_item(b);
    if (HPy_IsNull(item.h) || item.owned)
        return item.h;
    return HPy_Dup(b->ctx, item.h);
}

HPy HPy_BuildValue(HPyContext *ctx, const char *fmt, ...)
{
    va_list values;
    va_start(values, fmt);
    Builder builder = { .ctx = ctx, .next = fmt, .values = &values };
    HPy result = build_result(&builder);
    va_end(values);
    return result;
}
