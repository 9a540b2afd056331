/* Steps that ask any object: attributes, calls, comparisons, types. */
#include "machine.h"

/* A text with an address is not the same in each run. */
static HPy without_address(HPyContext *ctx, HPy text)
{
    if (HPy_IsNull(text))
        return text;
    const char *bytes =
        HPyUnicode_Check(ctx, text) ? HPyUnicode_AsUTF8AndSize(ctx, text, NULL) : HPyBytes_AsString(ctx, text);
    if (!bytes || !strstr(bytes, " at 0x"))
        return text;
    HPy_Close(ctx, text);
    return HPyUnicode_FromString(ctx, "an address");
}

static HPy text_of(HPyContext *ctx, HPy a, unsigned n)
{
    switch (n % 4) {
    case 0: return without_address(ctx, HPy_Repr(ctx, a));
    case 1: return without_address(ctx, HPy_Str(ctx, a));
    case 2: return without_address(ctx, HPy_ASCII(ctx, a));
    default: return without_address(ctx, HPy_Bytes(ctx, a));
    }
}

static HPy call(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    HPy args[] = {in(f, s->b), in(f, s->c), in(f, s->b)};
    unsigned n = number(s);
    if (n % 8 != 7)
        return HPy_Call(ctx, in(f, s->a), args, n % 4, HPy_NULL);
    HPy name = HPyUnicode_FromString(ctx, "extra");
    HPy names = HPyTuple_Pack(ctx, 1, name);
    HPy_Close(ctx, name);
    HPy result = HPy_Call(ctx, in(f, s->a), args, 1, names);
    HPy_Close(ctx, names);
    return result;
}

static HPy call_method(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    unsigned n = number(s);
    HPy args[] = {in(f, s->a), in(f, s->b), in(f, s->c)};
    /* What becomes a key must have the same hash in each run, and what takes a size a small one. */
    if (HPy_IsNull(args[1]) || !stable(ctx, args[1]) || HPyErr_Occurred(ctx) || !growth_by(ctx, args[1]))
        return HPy_NULL;
    HPy name = HPyUnicode_FromString(ctx, text_method(n));
    HPy result = HPy_CallMethod(ctx, name, args, 1 + n / 32 % 3, HPy_NULL);
    HPy_Close(ctx, name);
    return result;
}

/* Would a change be seen by the next program? */
static bool lasting(HPyContext *ctx, HPy h)
{
    if (HPy_IsNull(h))
        return false;
    HPy type = HPy_Type(ctx, h);
    const char *name = HPy_IsNull(type) ? NULL : HPyType_GetName(ctx, type);
    bool is = name && (strcmp(name, "type") == 0 || strcmp(name, "classobj") == 0 || strcmp(name, "module") == 0);
    HPy_Close(ctx, type);
    return is;
}

static bool attribute_step(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    HPy a = in(f, s->a), b = in(f, s->b);
    const char *name = text_name(number(s));
    bool changes = s->code == OP_SET_ATTR || s->code == OP_SET_ATTR_S || s->code == OP_DEL_ATTR_S;
    if (changes && lasting(ctx, a))
        return true;
    HPy object = s->code == OP_GET_ATTR || s->code == OP_HAS_ATTR || s->code == OP_SET_ATTR
        ? number(s) % 7 ? HPyUnicode_FromString(ctx, name) : HPy_Dup(ctx, in(f, s->c))
        : HPy_NULL;
    bool mine = true;
    switch (s->code) {
    case OP_GET_ATTR: put(f, s, HPy_GetAttr(ctx, a, object)); break;
    case OP_GET_ATTR_S: put(f, s, HPy_GetAttr_s(ctx, a, name)); break;
    case OP_HAS_ATTR: note(" %d", HPy_HasAttr(ctx, a, object)); break;
    case OP_HAS_ATTR_S: note(" %d", HPy_HasAttr_s(ctx, a, name)); break;
    case OP_SET_ATTR: note(" %d", HPy_SetAttr(ctx, a, object, b)); break;
    case OP_SET_ATTR_S: note(" %d", HPy_SetAttr_s(ctx, a, name, b)); break;
    case OP_DEL_ATTR_S: note(" %d", HPy_DelAttr_s(ctx, a, name)); break;
    default: mine = false;
    }
    HPy_Close(ctx, object);
    return mine;
}

static void checks(HPyContext *ctx, HPy a)
{
    note(" %d%d%d%d%d%d%d%d", HPyUnicode_Check(ctx, a), HPyBytes_Check(ctx, a), HPyList_Check(ctx, a),
         HPyDict_Check(ctx, a), HPyTuple_Check(ctx, a), HPyCallable_Check(ctx, a), HPyNumber_Check(ctx, a),
         HPyIter_Check(ctx, a));
}

/* What has no order of its own has one by its address. */
static int comparison(HPyContext *ctx, HPy a, HPy b, unsigned n)
{
    HPy both[] = {a, b};
    for (int i = 0; i < 2; i++)
        if (HPyList_Check(ctx, both[i]) || HPyDict_Check(ctx, both[i]) || !stable(ctx, both[i]))
            return n & 1 ? HPy_EQ : HPy_NE;
    return (int)n % 6;
}

static HPy constant(HPyContext *ctx, unsigned n)
{
    HPy constants[] = {ctx->h_ListType, ctx->h_DictType, ctx->h_UnicodeType, ctx->h_BytesType, ctx->h_LongType,
                       ctx->h_FloatType, ctx->h_TupleType, ctx->h_BoolType, ctx->h_BaseObjectType, ctx->h_None,
                       ctx->h_True, ctx->h_Ellipsis, ctx->h_ValueError, ctx->h_SliceType};
    return constants[n % 14];
}

static void type_name(HPyContext *ctx, HPy a)
{
    const char *name = HPyType_GetName(ctx, a);
    note(name ? " %s" : " NULL", name);
}

bool objects_step(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    HPy a = in(f, s->a), b = in(f, s->b), c = in(f, s->c);
    unsigned n = number(s);
    switch (s->code) {
    case OP_CALL:
        if (growth())
            put(f, s, call(f, s));
        break;
    case OP_CALL_TUPLE_DICT:
        if (growth())
            put(f, s, HPy_CallTupleDict(ctx, a, n & 1 ? HPy_NULL : b, n & 2 ? HPy_NULL : c));
        break;
    case OP_CALL_METHOD: put(f, s, call_method(f, s)); break;
    case OP_TEXT_OF: put(f, s, text_of(ctx, a, n)); break;
    case OP_RICH_COMPARE: put(f, s, HPy_RichCompare(ctx, a, b, comparison(ctx, a, b, n))); break;
    case OP_RICH_COMPARE_BOOL: note(" %d", HPy_RichCompareBool(ctx, a, b, comparison(ctx, a, b, n))); break;
    case OP_HASH:
        if (!HPy_IsNull(a) && stable(ctx, a))
            note(" %ld", (long)HPy_Hash(ctx, a));
        break;
    case OP_IS:
        /* Two texts that are equal may be one object. */
        if (!HPyUnicode_Check(ctx, a) || !HPyUnicode_Check(ctx, b))
            note(" %d", HPy_Is(ctx, a, b));
        break;
    case OP_TYPE: put(f, s, HPy_Type(ctx, a)); break;
    case OP_TYPE_CHECK: note(" %d", HPy_TypeCheck(ctx, a, n & 1 ? b : constant(ctx, n / 2 % 9))); break;
    case OP_IS_SUBTYPE: note(" %d", HPyType_IsSubtype(ctx, a, constant(ctx, n % 9))); break;
    case OP_TYPE_NAME: type_name(ctx, a); break;
    case OP_CHECKS: checks(ctx, a); break;
    case OP_CONSTANT: put(f, s, HPy_Dup(ctx, constant(ctx, n))); break;
    default: return attribute_step(f, s);
    }
    return true;
}
