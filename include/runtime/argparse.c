/*
 * HPyArg_Parse and its relatives.
 *
 * A Parser walks over the format. For every unit the caller's function finds the argument (by
 * position, by keyword name or in a dict), and `take` converts it and stores the result through the
 * next pointer of the variable arguments.
 */
#include "hpy.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    HPyContext *ctx;
    HPyTracker *tracker;  /* may be NULL */
    const char *next;     /* the next unit or option */
    const char *end;      /* behind the last unit: ':', ';' or the format's end */
    va_list *outputs;
    bool with_keywords;   /* `$` is an option, and the tracker holds the objects */
    bool optional;
    bool keyword_only;
} Parser;

/* The value for a unit; a null handle if there is none. */
typedef struct {
    HPy h;
    bool owned;           /* to be closed, or to be moved to the tracker */
} Argument;

/* Raises `type` with the function's name and `reason`, or with the format's own text. Always
   false. */
static bool fail(const Parser *p, HPy type, const char *reason)
{
    char message[512];
    if (*p->end == ';')
        snprintf(message, sizeof message, "%s", p->end + 1);
    else if (*p->end == ':')
        snprintf(message, sizeof message, "%.200s() %.256s", p->end + 1, reason);
    else
        snprintf(message, sizeof message, "function %.256s", reason);
    HPyErr_SetString(p->ctx, type, message);
    return false;
}

/* ---- conversions: true, or false with an error set ---- */

static bool as_long(const Parser *p, HPy h, long *value)
{
    *value = HPyLong_AsLong(p->ctx, h);
    return *value != -1 || !HPyErr_Occurred(p->ctx);
}

static bool as_ranged_long(const Parser *p, HPy h, long min, long max, const char *kind, long *value)
{
    if (!as_long(p, h, value))
        return false;
    if (*value >= min && *value <= max)
        return true;
    char reason[80];
    snprintf(reason, sizeof reason, "%s is %s", kind,
             *value < min ? "less than minimum" : "greater than maximum");
    return fail(p, p->ctx->h_OverflowError, reason);
}

static bool as_double(const Parser *p, HPy h, double *value)
{
    *value = HPyFloat_AsDouble(p->ctx, h);
    return *value != -1.0 || !HPyErr_Occurred(p->ctx);
}

static bool store_ranged(const Parser *p, char unit, HPy h, void *output)
{
    long value;
    switch (unit) {
    case 'b':
        if (!as_ranged_long(p, h, 0, UCHAR_MAX, "unsigned byte integer", &value))
            return false;
        *(unsigned char *)output = (unsigned char)value;
        return true;
    case 'h':
        if (!as_ranged_long(p, h, SHRT_MIN, SHRT_MAX, "signed short integer", &value))
            return false;
        *(short *)output = (short)value;
        return true;
    case 'i':
        if (!as_ranged_long(p, h, INT_MIN, INT_MAX, "signed integer", &value))
            return false;
        *(int *)output = (int)value;
        return true;
    default:
        return as_long(p, h, (long *)output);
    }
}

static bool store_wide(const Parser *p, char unit, HPy h, void *output)
{
    int64_t value = unit == 'L' ? HPyLong_AsLongLong(p->ctx, h) : HPyLong_AsSsize_t(p->ctx, h);
    if (value == -1 && HPyErr_Occurred(p->ctx))
        return false;
    if (unit == 'L')
        *(long long *)output = value;
    else
        *(HPy_ssize_t *)output = (HPy_ssize_t)value;
    return true;
}

static bool store_masked(const Parser *p, char unit, HPy h, void *output)
{
    unsigned long long value = HPyLong_AsUnsignedLongLongMask(p->ctx, h);
    if (value == ULLONG_MAX && HPyErr_Occurred(p->ctx))
        return false;
    switch (unit) {
    case 'B': *(unsigned char *)output = (unsigned char)value; break;
    case 'H': *(unsigned short *)output = (unsigned short)value; break;
    case 'I': *(unsigned int *)output = (unsigned int)value; break;
    case 'k': *(unsigned long *)output = (unsigned long)value; break;
    default: *(unsigned long long *)output = value; break;
    }
    return true;
}

static bool store_real(const Parser *p, char unit, HPy h, void *output)
{
    double value;
    if (!as_double(p, h, &value))
        return false;
    if (unit == 'f')
        *(float *)output = (float)value;
    else
        *(double *)output = value;
    return true;
}

static bool store_truth(const Parser *p, HPy h, int *output)
{
    int truth = HPy_IsTrue(p->ctx, h);
    if (truth < 0)
        return false;
    *output = truth != 0;
    return true;
}

/* Hands an argument that is owned to the tracker, which then keeps it open. */
static bool keep(const Parser *p, Argument *argument)
{
    argument->owned = false;
    return HPyTracker_Add(p->ctx, *p->tracker, argument->h) == 0;
}

static bool store_text(const Parser *p, Argument *argument, const char **output)
{
    HPyContext *ctx = p->ctx;
    if (!HPyUnicode_Check(ctx, argument->h))
        return fail(p, ctx->h_TypeError, "a str is required");
    HPy_ssize_t size;
    const char *text = HPyUnicode_AsUTF8AndSize(ctx, argument->h, &size);
    if (text == NULL)
        return false;
    if (memchr(text, '\0', (size_t)size) != NULL)
        return fail(p, ctx->h_ValueError, "embedded null character");
    if (text[size] != '\0')
        return fail(p, ctx->h_SystemError, "missing terminating null character");
    if (argument->owned && p->tracker != NULL && !keep(p, argument))
        return false;
    *output = text;
    return true;
}

static bool store_object(const Parser *p, Argument *argument, HPy *output)
{
    if (p->with_keywords) {
        if (!argument->owned) {
            argument->h = HPy_Dup(p->ctx, argument->h);
            argument->owned = true;
        }
        if (!keep(p, argument))
            return false;
    }
    *output = argument->h;
    return true;
}

static bool is_unit(char c)
{
    switch (c) {
    case 'b': case 'h': case 'i': case 'l': case 'L': case 'n':
    case 'B': case 'H': case 'I': case 'k': case 'K':
    case 'f': case 'd': case 'p': case 's': case 'O':
        return true;
    default:
        return false;
    }
}

static bool store(const Parser *p, char unit, Argument *argument, void *output)
{
    switch (unit) {
    case 'b': case 'h': case 'i': case 'l':
        return store_ranged(p, unit, argument->h, output);
    case 'L': case 'n':
        return store_wide(p, unit, argument->h, output);
    case 'B': case 'H': case 'I': case 'k': case 'K':
        return store_masked(p, unit, argument->h, output);
    case 'f': case 'd':
        return store_real(p, unit, argument->h, output);
    case 'p':
        return store_truth(p, argument->h, (int *)output);
    case 's':
        return store_text(p, argument, (const char **)output);
    default:
        return store_object(p, argument, (HPy *)output);
    }
}

/* ---- the format ---- */

/* Creates the tracker. On failure the parser must not be closed. */
static bool open_parser(Parser *p)
{
    for (p->end = p->next; *p->end != '\0' && *p->end != ':' && *p->end != ';'; p->end++)
        ;
    if (p->tracker == NULL)
        return true;
    *p->tracker = HPyTracker_New(p->ctx, 0);
    return p->tracker->_i != 0;
}

/* The result of the public function; the tracker survives only success. */
static int close_parser(const Parser *p, bool ok)
{
    if (!ok && p->tracker != NULL)
        HPyTracker_Close(p->ctx, *p->tracker);
    return ok;
}

/* Steps over options. True if a unit follows, false at the end. */
static bool at_unit(Parser *p)
{
    for (; p->next != p->end; p->next++) {
        if (*p->next == '$' && p->with_keywords)
            p->keyword_only = true;
        else if (*p->next != '|')
            return true;
        p->optional = true;
    }
    return false;
}

/* Converts one argument for the unit at hand; `missing` is the complaint if it is required and
   absent. Releases the argument. */
static bool take(Parser *p, Argument argument, const char *missing)
{
    if (HPy_IsNull(argument.h) && !p->optional)
        return fail(p, p->ctx->h_TypeError, missing);
    char unit = *p->next++;
    bool ok = true;
    if (!is_unit(unit)) {
        ok = fail(p, p->ctx->h_SystemError, "unknown arg format code");
    } else {
        void *output = va_arg(*p->outputs, void *);
        if (!HPy_IsNull(argument.h))
            ok = store(p, unit, &argument, output);
    }
    if (argument.owned)
        HPy_Close(p->ctx, argument.h);
    return ok;
}

/* ---- positional arguments ---- */

static bool parse_positional(Parser *p, const HPy *args, size_t nargs)
{
    size_t used = 0;
    for (; at_unit(p); used++) {
        Argument argument = { used < nargs ? args[used] : HPy_NULL, false };
        if (!take(p, argument, "required positional argument missing"))
            return false;
    }
    if (used < nargs)
        return fail(p, p->ctx->h_TypeError, "mismatched args (too many arguments for fmt)");
    return true;
}

int HPyArg_Parse(HPyContext *ctx, HPyTracker *tracker, const HPy *args, size_t nargs,
                 const char *fmt, ...)
{
    va_list outputs;
    va_start(outputs, fmt);
    Parser p = { .ctx = ctx, .tracker = tracker, .next = fmt, .outputs = &outputs };
    int result = 0;
    if (open_parser(&p))
        result = close_parser(&p, parse_positional(&p, args, nargs));
    va_end(outputs);
    return result;
}

/* ---- keyword arguments ---- */

/* The keyword arguments of a call: either a tuple of names beside an array of values, or a dict. */
typedef struct {
    HPy names;            /* null if there are none */
    HPy_ssize_t count;
    const HPy *values;
    HPy dict;             /* null if there is none */
} Keywords;

static bool has_text(HPyContext *ctx, HPy h, const char *text)
{
    HPy_ssize_t size;
    const char *utf8 = HPyUnicode_AsUTF8AndSize(ctx, h, &size);
    if (utf8 == NULL) {
        HPyErr_Clear(ctx);
        return false;
    }
    return strlen(text) == (size_t)size && memcmp(utf8, text, (size_t)size) == 0;
}

static Argument find_among_names(HPyContext *ctx, const Keywords *kw, const char *name)
{
    for (HPy_ssize_t i = 0; i < kw->count; i++) {
        HPy candidate = HPy_GetItem_i(ctx, kw->names, i);
        if (HPy_IsNull(candidate)) {
            HPyErr_Clear(ctx);
            continue;
        }
        bool found = has_text(ctx, candidate, name);
        HPy_Close(ctx, candidate);
        if (found)
            return (Argument){ kw->values[i], false };
    }
    return (Argument){ HPy_NULL, false };
}

static Argument find_in_dict(HPyContext *ctx, HPy dict, const char *name)
{
    HPy value = HPy_GetItem_s(ctx, dict, name);
    if (HPy_IsNull(value))
        HPyErr_Clear(ctx);
    return (Argument){ value, !HPy_IsNull(value) };
}

static Argument find_keyword(HPyContext *ctx, const Keywords *kw, const char *name)
{
    if (*name == '\0')
        return (Argument){ HPy_NULL, false };
    return HPy_IsNull(kw->dict) ? find_among_names(ctx, kw, name)
                                : find_in_dict(ctx, kw->dict, name);
}

/* How many parameters are named; -1 if a positional-only one follows a named one. */
static HPy_ssize_t count_parameters(const char *const *keywords)
{
    HPy_ssize_t count = 0;
    while (keywords[count] != NULL && *keywords[count] == '\0')
        count++;
    for (; keywords[count] != NULL; count++) {
        if (*keywords[count] == '\0')
            return -1;
    }
    return count;
}

/* Refuses what is wrong with the unit at hand whatever its argument is. */
static bool check_unit(const Parser *p, size_t index, size_t nparameters, size_t nargs)
{
    HPyContext *ctx = p->ctx;
    if (*p->next == 'O' && p->tracker == NULL)
        return fail(p, ctx->h_SystemError,
                    "HPyArg_ParseKeywords cannot use the format character 'O' unless"
                    " an HPyTracker is provided. Please supply an HPyTracker.");
    if (index >= nparameters)
        return fail(p, ctx->h_TypeError, "mismatched args (too few keywords for fmt)");
    if (index < nargs && p->keyword_only)
        return fail(p, ctx->h_TypeError, "keyword only argument passed as positional argument");
    return true;
}

static bool parse_named(Parser *p, const HPy *args, size_t nargs, Keywords *kw,
                        const char *const *keywords, size_t nparameters)
{
    if (!HPy_IsNull(kw->names)) {
        kw->count = HPy_Length(p->ctx, kw->names);
        if (kw->count < 0)
            return fail(p, p->ctx->h_SystemError,
                        "could not retrieve length of keyword names tuple");
    }
    size_t index = 0;
    for (; at_unit(p); index++) {
        if (!check_unit(p, index, nparameters, nargs))
            return false;
        Argument argument = { HPy_NULL, false };
        if (index < nargs)
            argument.h = args[index];
        else
            argument = find_keyword(p->ctx, kw, keywords[index]);
        if (!take(p, argument, "no value for required argument"))
            return false;
    }
    if (index != nparameters)
        return fail(p, p->ctx->h_TypeError, "mismatched args (too many keywords for fmt)");
    return true;
}

static int parse_call(Parser *p, const HPy *args, size_t nargs, Keywords *kw,
                      const char *const *keywords)
{
    HPy_ssize_t nparameters = count_parameters(keywords);
    if (!open_parser(p))
        return 0;
    if (nparameters < 0)
        return close_parser(p, fail(p, p->ctx->h_SystemError, "empty keyword parameter name"));
    return close_parser(p, parse_named(p, args, nargs, kw, keywords, (size_t)nparameters));
}

int HPyArg_ParseKeywords(HPyContext *ctx, HPyTracker *tracker, const HPy *args, size_t nargs,
                         HPy kwnames, const char *fmt, const char *keywords[], ...)
{
    va_list outputs;
    va_start(outputs, keywords);
    Parser p = { .ctx = ctx, .tracker = tracker, .next = fmt, .outputs = &outputs,
                 .with_keywords = true };
    Keywords kw = { .names = kwnames, .values = args == NULL ? NULL : args + nargs };
    int result = parse_call(&p, args, nargs, &kw, keywords);
    va_end(outputs);
    return result;
}

int HPyArg_ParseKeywordsDict(HPyContext *ctx, HPyTracker *tracker, const HPy *args,
                             HPy_ssize_t nargs, HPy kw, const char *fmt, const char *keywords[], ...)
{
    va_list outputs;
    va_start(outputs, keywords);
    Parser p = { .ctx = ctx, .tracker = tracker, .next = fmt, .outputs = &outputs,
                 .with_keywords = true };
    Keywords in_dict = { .dict = kw };
    int result = parse_call(&p, args, (size_t)nargs, &in_dict, keywords);
    va_end(outputs);
    return result;
}
