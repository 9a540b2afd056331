/* Steps with many calls, as decoders and arrays make them; and the reading of whatever a handle leads to. */
#include "machine.h"

static HPy item(HPyContext *ctx, unsigned which, int i)
{
    char text[32];
    switch (which % 5) {
    case 0: return HPyLong_FromLong(ctx, i);
    case 1: return HPyFloat_FromDouble(ctx, i / 4.0);
    case 2:
        snprintf(text, sizeof text, "item %d", i);
        return HPyUnicode_FromString(ctx, text);
    case 3: return HPyBytes_FromStringAndSize(ctx, "bytes\0bytes", i % 12);
    default: return HPyDict_New(ctx);
    }
}

static int times(unsigned n)
{
    static const int counts[] = {1, 3, 20, 100, 20, 3, 400, 20};
    return counts[n % 8];
}

static void append_many(HPyContext *ctx, HPy list, unsigned n)
{
    int status = 0, count = times(n), i;
    for (i = 0; i < count && status == 0; i++) {
        HPy value = item(ctx, n / 8, i);
        status = HPyList_Append(ctx, list, value);
        HPy_Close(ctx, value);
    }
    note(" %d %d", status, i);
}

/* The same few keys again and again, as in records. */
static void set_many(HPyContext *ctx, HPy dict, unsigned n)
{
    int status = 0, count = times(n), i;
    for (i = 0; i < count && status == 0; i++) {
        HPy value = item(ctx, n / 8, i);
        if (n & 64) {
            status = HPy_SetItem_s(ctx, dict, text_name((unsigned)i % 12), value);
        } else {
            HPy key = HPyUnicode_FromString(ctx, text_name((unsigned)i % 12));
            status = HPy_SetItem(ctx, dict, key, value);
            HPy_Close(ctx, key);
        }
        HPy_Close(ctx, value);
    }
    note(" %d %d", status, i);
}

/* A list of records, made as a decoder makes them: all inner objects are closed at once. */
static HPy records(HPyContext *ctx, unsigned n)
{
    HPy list = HPyList_New(ctx, 0);
    for (int i = 0; i < times(n) && !HPy_IsNull(list); i++) {
        HPy record = HPyDict_New(ctx);
        set_many(ctx, record, n / 8 * 8 + 1);
        int status = HPyList_Append(ctx, list, record);
        HPy_Close(ctx, record);
        if (status < 0) {
            HPy_Close(ctx, list);
            return HPy_NULL;
        }
    }
    return list;
}

static HPy nested(HPyContext *ctx, unsigned n)
{
    HPy inner = item(ctx, n / 8, 5);
    for (int i = 0; i < times(n) % 25; i++) {
        HPy outer;
        if (n & 1) {
            outer = HPyTuple_Pack(ctx, 1, inner);
        } else {
            outer = HPyList_New(ctx, 0);
            if (!HPy_IsNull(outer) && HPyList_Append(ctx, outer, inner) < 0)
                note(" no append");
        }
        HPy_Close(ctx, inner);
        if (HPy_IsNull(outer))
            return HPy_NULL;
        inner = outer;
    }
    return inner;
}

/* A list or tuple that is longer than what fits into any block, by a builder or from an array; in some
   not all items are set. */
static HPy long_sequence(HPyContext *ctx, unsigned n)
{
    static const HPy_ssize_t sizes[] = {50, 1000, 2047, 2048, 2049, 5000};
    HPy_ssize_t size = sizes[n % 6];
    HPy *items = calloc((size_t)size, sizeof(HPy));
    for (HPy_ssize_t i = 0; i < size; i++)
        items[i] = item(ctx, n / 6, (int)i);
    HPy made;
    if (n & 512) {
        HPyListBuilder builder = HPyListBuilder_New(ctx, size);
        for (HPy_ssize_t i = 0; i < size; i++)
            if (i % 100 != 99 || n & 1024)
                HPyListBuilder_Set(ctx, builder, i, items[i]);
        made = HPyListBuilder_Build(ctx, builder);
    } else {
        made = HPyTuple_FromArray(ctx, items, size);
    }
    for (HPy_ssize_t i = 0; i < size; i++)
        HPy_Close(ctx, items[i]);
    free(items);
    return made;
}

/* What a text, a number or something small is; the length of what is larger. */
static void glance(HPyContext *ctx, HPy h)
{
    if (HPyUnicode_Check(ctx, h) || HPyBytes_Check(ctx, h) || (HPyNumber_Check(ctx, h) && stable(ctx, h)))
        observe(ctx, h, 0);
    else
        note(" *");
}

/* Reads by index while something changes: another register's list or dict, or the one that is read. */
static void read_sequence(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    HPy sequence = in(f, s->a), other = in(f, s->b);
    unsigned n = number(s);
    HPy_ssize_t length = HPy_Length(ctx, sequence);
    note(" %ld", (long)length);
    for (HPy_ssize_t i = 0; i < length && i < 40; i++) {
        HPy value = HPy_GetItem_i(ctx, sequence, i);
        if (HPy_IsNull(value)) {
            note(" NULL at %ld", (long)i);
            return;
        }
        glance(ctx, value);
        if (i % 4 == 2 && (n & 3) == 1)
            note(" %d", HPyList_Append(ctx, other, value));
        if (i % 4 == 2 && (n & 3) == 2)
            note(" %d", HPy_SetItem_i(ctx, other, i + 1, f->registers[0]));
        if (i % 4 == 2 && (n & 3) == 3) {
            HPy result = HPy_Call(ctx, f->registers[s->c % REGISTERS], &value, 1, HPy_NULL);
            note(HPy_IsNull(result) ? " NULL" : " ok");
            HPy_Close(ctx, result);
            HPyErr_Clear(ctx);
        }
        HPy_Close(ctx, value);
        if (HPyErr_Occurred(ctx))
            return;
    }
}

static void read_dict(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    HPy dict = in(f, s->a);
    HPy keys = HPyDict_Keys(ctx, dict);
    if (HPy_IsNull(keys)) {
        note(" NULL");
        return;
    }
    HPy_ssize_t length = HPy_Length(ctx, keys);
    note(" %ld", (long)length);
    for (HPy_ssize_t i = 0; i < length && i < 20 && !HPyErr_Occurred(ctx); i++) {
        HPy key = HPy_GetItem_i(ctx, keys, i);
        HPy value = HPy_GetItem(ctx, dict, key);
        if (!HPy_IsNull(value))
            glance(ctx, value);
        if (number(s) & 1)
            note(" %d", HPy_SetItem(ctx, dict, key, f->registers[s->b % REGISTERS]));
        HPy_Close(ctx, value);
        HPy_Close(ctx, key);
    }
    HPy_Close(ctx, keys);
}

static void write_list(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    HPy list = in(f, s->a);
    HPy_ssize_t length = HPy_Length(ctx, list);
    int status = 0;
    for (HPy_ssize_t i = 0; i < length + (number(s) & 1) && i < 100 && status == 0; i++) {
        HPy value = item(ctx, number(s) / 2, (int)i);
        status = HPy_SetItem_i(ctx, list, i, value);
        HPy_Close(ctx, value);
    }
    note(" %ld %d", (long)length, status);
}

static HPy build_value(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    HPy a = in(f, s->a), b = in(f, s->b);
    switch (number(s) % 6) {
    case 0: return HPy_BuildValue(ctx, "{s:i,s:[dd],s:O}", "x", 1, "y", 1.5, 2.5, "z", a);
    case 1: return HPy_BuildValue(ctx, "(iOO)", 3, a, b);
    case 2: return HPy_BuildValue(ctx, "[s(iL)s]", "a", 1, 1LL << 50, "\xff");
    case 3: return HPy_BuildValue(ctx, "{O:O}", a, b);
    case 4: return HPy_BuildValue(ctx, "O", a);
    default: return HPy_BuildValue(ctx, "[{s:{s:i}}", "a", "b", 3);
    }
}

void observe(HPyContext *ctx, HPy h, int depth)
{
    if (HPyUnicode_Check(ctx, h)) {
        HPy_ssize_t size;
        const char *bytes = HPyUnicode_AsUTF8AndSize(ctx, h, &size);
        note(" u");
        if (bytes)
            note_text(bytes, size);
    } else if (HPyBytes_Check(ctx, h)) {
        note(" b");
        note_text(HPyBytes_AS_STRING(ctx, h), HPyBytes_GET_SIZE(ctx, h));
    } else if (HPyList_Check(ctx, h) || HPyTuple_Check(ctx, h)) {
        HPy_ssize_t length = HPy_Length(ctx, h);
        note(" %s%ld(", HPyList_Check(ctx, h) ? "list" : "tuple", (long)length);
        for (HPy_ssize_t i = 0; i < length && i < 12 && depth > 0; i++) {
            HPy value = HPy_GetItem_i(ctx, h, i);
            if (HPy_IsNull(value))
                break;
            observe(ctx, value, depth - 1);
            HPy_Close(ctx, value);
        }
        note(")");
    } else if (HPyDict_Check(ctx, h)) {
        note(" dict%ld", (long)HPy_Length(ctx, h));
    } else if (HPy_TypeCheck(ctx, h, ctx->h_FloatType)) {
        note(" %a", HPyFloat_AsDouble(ctx, h));
    } else if (HPy_TypeCheck(ctx, h, ctx->h_LongType)) {
        note(" %ld", (long)HPyLong_AsInt64_t(ctx, h));
    } else {
        note(HPy_Is(ctx, h, ctx->h_None) ? " None" : " object");
    }
}

bool loops_step(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    unsigned n = number(s);
    switch (s->code) {
    case OP_APPEND_MANY: append_many(ctx, in(f, s->a), n); break;
    case OP_SET_MANY: set_many(ctx, in(f, s->a), n); break;
    case OP_RECORDS: put(f, s, records(ctx, n)); break;
    case OP_NESTED: put(f, s, nested(ctx, n)); break;
    case OP_LONG_SEQUENCE: put(f, s, long_sequence(ctx, n)); break;
    case OP_READ_SEQUENCE: read_sequence(f, s); break;
    case OP_READ_DICT: read_dict(f, s); break;
    case OP_WRITE_LIST: write_list(f, s); break;
    case OP_BUILD_VALUE: put(f, s, build_value(f, s)); break;
    case OP_OBSERVE: observe(ctx, in(f, s->a), 3); break;
    default: return false;
    }
    return true;
}
