/* Steps with ints, floats and bools. */
#include <math.h>

#include "machine.h"

static const int64_t integers[] = {
    0, 1, -1, 2, 3, 7, 10, 100, 127, 128, 255, 256, -128, -129, 1000, 65535, 65536, INT32_MAX, INT32_MIN,
    (int64_t)INT32_MAX + 1, (int64_t)INT32_MIN - 1, UINT32_MAX, (int64_t)1 << 40, -((int64_t)1 << 40),
    (int64_t)1 << 46, -((int64_t)1 << 46), (int64_t)1 << 47, -((int64_t)1 << 47) - 1, (int64_t)1 << 53, INT64_MAX,
    INT64_MIN, INT64_MIN + 1,
};

static const double doubles[] = {
    0.0, -0.0, 1.0, -1.5, 0.1, 1e10, 1e100, -1e300, 1e-300, 5e-324, INFINITY, -INFINITY, NAN, 3.141592653589793,
    9007199254740993.0, 2147483648.0,
};

#define PICK(table, number) (table)[(number) % (sizeof(table) / sizeof((table)[0]))]

typedef HPy (*Binary)(HPyContext *, HPy, HPy);
typedef HPy (*Unary)(HPyContext *, HPy);

static void as_c(HPyContext *ctx, HPy h, unsigned which)
{
    switch (which % 10) {
    case 0: note(" %ld", (long)HPyLong_AsInt32_t(ctx, h)); break;
    case 1: note(" %lu", (unsigned long)HPyLong_AsUInt32_t(ctx, h)); break;
    case 2: note(" %lu", (unsigned long)HPyLong_AsUInt32_tMask(ctx, h)); break;
    case 3: note(" %ld", (long)HPyLong_AsInt64_t(ctx, h)); break;
    case 4: note(" %lu", (unsigned long)HPyLong_AsUInt64_t(ctx, h)); break;
    case 5: note(" %lu", (unsigned long)HPyLong_AsUInt64_tMask(ctx, h)); break;
    case 6: note(" %lu", (unsigned long)HPyLong_AsSize_t(ctx, h)); break;
    case 7: note(" %ld", (long)HPyLong_AsSsize_t(ctx, h)); break;
    case 8: note(" %a", HPyLong_AsDouble(ctx, h)); break;
    default: note(" %lx", (long)(intptr_t)HPyLong_AsVoidPtr(ctx, h)); break;
    }
}

static HPy from_c(HPyContext *ctx, unsigned number)
{
    int64_t value = PICK(integers, number / 6);
    switch (number % 6) {
    case 0: return HPyLong_FromInt32_t(ctx, (int32_t)value);
    case 1: return HPyLong_FromUInt32_t(ctx, (uint32_t)value);
    case 2: return HPyLong_FromInt64_t(ctx, value);
    case 3: return HPyLong_FromUInt64_t(ctx, (uint64_t)value);
    case 4: return HPyLong_FromSize_t(ctx, (size_t)value);
    default: return HPyLong_FromSsize_t(ctx, (HPy_ssize_t)value);
    }
}

static bool small(HPyContext *ctx, HPy h)
{
    if (HPyUnicode_Check(ctx, h) || HPyBytes_Check(ctx, h) || HPyList_Check(ctx, h) || HPyTuple_Check(ctx, h)
        || !HPyNumber_Check(ctx, h))
        return false;
    int64_t value = HPyLong_AsInt64_t(ctx, h);
    HPyErr_Clear(ctx);
    return value > -10000 && value < 20;
}

/* What could make something huge is refused. */
static bool bounded(HPyContext *ctx, HPy a, HPy b)
{
    return !HPyErr_Occurred(ctx) && (small(ctx, a) || small(ctx, b)) && growth();
}

static HPy binary(HPyContext *ctx, HPy a, HPy b, unsigned which)
{
    static const size_t members[] = {
        offsetof(HPyContext, ctx_Subtract), offsetof(HPyContext, ctx_FloorDivide),
        offsetof(HPyContext, ctx_TrueDivide), offsetof(HPyContext, ctx_Divmod), offsetof(HPyContext, ctx_Rshift),
        offsetof(HPyContext, ctx_And), offsetof(HPyContext, ctx_Xor), offsetof(HPyContext, ctx_Or),
        offsetof(HPyContext, ctx_MatrixMultiply), offsetof(HPyContext, ctx_InPlaceSubtract),
        offsetof(HPyContext, ctx_InPlaceAnd), offsetof(HPyContext, ctx_InPlaceOr),
        offsetof(HPyContext, ctx_InPlaceXor), offsetof(HPyContext, ctx_InPlaceFloorDivide),
        offsetof(HPyContext, ctx_InPlaceTrueDivide), offsetof(HPyContext, ctx_InPlaceRshift),
        offsetof(HPyContext, ctx_InPlaceMatrixMultiply),
    };
    return (*(Binary *)((char *)ctx + PICK(members, which)))(ctx, a, b);
}

static HPy unary(HPyContext *ctx, HPy a, unsigned which)
{
    static const size_t members[] = {
        offsetof(HPyContext, ctx_Negative), offsetof(HPyContext, ctx_Positive), offsetof(HPyContext, ctx_Absolute),
        offsetof(HPyContext, ctx_Invert), offsetof(HPyContext, ctx_Index), offsetof(HPyContext, ctx_Long),
        offsetof(HPyContext, ctx_Float),
    };
    return (*(Unary *)((char *)ctx + PICK(members, which)))(ctx, a);
}

bool numbers_step(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    HPy a = in(f, s->a), b = in(f, s->b);
    unsigned n = number(s);
    switch (s->code) {
    case OP_LONG_FROM: put(f, s, from_c(ctx, n)); break;
    case OP_LONG_AS: as_c(ctx, a, n); break;
    case OP_FLOAT_FROM: put(f, s, HPyFloat_FromDouble(ctx, PICK(doubles, n))); break;
    case OP_FLOAT_AS: note(" %a", HPyFloat_AsDouble(ctx, a)); break;
    case OP_BOOL_FROM: put(f, s, HPyBool_FromBool(ctx, n & 1)); break;
    case OP_NUMBER_CHECK: note(" %d", HPyNumber_Check(ctx, a)); break;
    case OP_IS_TRUE: note(" %d", HPy_IsTrue(ctx, a)); break;
    case OP_UNARY: put(f, s, unary(ctx, a, n)); break;
    case OP_BINARY: put(f, s, binary(ctx, a, b, n)); break;
    case OP_ADD:
        if (growth_by(ctx, b))
            put(f, s, n & 1 ? HPy_InPlaceAdd(ctx, a, b) : HPy_Add(ctx, a, b));
        break;
    case OP_MULTIPLY:
        if (bounded(ctx, a, b))
            put(f, s, n & 1 ? HPy_InPlaceMultiply(ctx, a, b) : HPy_Multiply(ctx, a, b));
        break;
    case OP_REMAINDER:
        if (growth())
            put(f, s, n & 1 ? HPy_InPlaceRemainder(ctx, a, b) : HPy_Remainder(ctx, a, b));
        break;
    case OP_LSHIFT:
        if (!HPyErr_Occurred(ctx) && small(ctx, b))
            put(f, s, n & 1 ? HPy_InPlaceLshift(ctx, a, b) : HPy_Lshift(ctx, a, b));
        break;
    case OP_POWER:
        if (!HPyErr_Occurred(ctx) && small(ctx, a) && small(ctx, b)) {
            HPy modulus = n & 2 ? in(f, s->c) : HPy_Dup(ctx, ctx->h_None);
            put(f, s, n & 1 ? HPy_InPlacePower(ctx, a, b, modulus) : HPy_Power(ctx, a, b, modulus));
            if (!(n & 2))
                HPy_Close(ctx, modulus);
        }
        break;
    default: return false;
    }
    return true;
}
