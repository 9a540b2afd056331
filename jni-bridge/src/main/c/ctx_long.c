#include "count.h"
#include "err.h"
#include "log.h"
#include "members.h"
#include "table.h"

/* bool is an int: its two objects are constants. */
static inline bool long_value(HPyContext *ctx, HPy h, int64_t *value)
{
    if (table_is_int(h)) {
        *value = table_to_int(h);
        return true;
    }
    const Slot *slot = table_slot(state_of(ctx), h);
    if (slot && (slot->kind & KIND_WORD)) {
        *value = slot->length;
        count_answered(ctx);
        return true;
    }
    *value = h._i == ctx->h_True._i;
    if (!*value && h._i != ctx->h_False._i)
        return false;
    count_answered(ctx);
    return true;
}

/* An int of more than 64 bits, and no subclass. */
static bool long_is_huge(HPyContext *ctx, HPy h)
{
    return (table_kind(state_of(ctx), h) & (KIND_INT | KIND_EXACT | KIND_WORD)) == (KIND_INT | KIND_EXACT);
}

HPy ctx_Bool_FromBool(HPyContext *ctx, bool v)
{
    return ctx_Dup(ctx, v ? ctx->h_True : ctx->h_False);
}

HPy ctx_Long_FromInt32_t(HPyContext *ctx, int32_t value)
{
    (void)ctx;
    return table_from_int(value);
}

HPy ctx_Long_FromUInt32_t(HPyContext *ctx, uint32_t value)
{
    (void)ctx;
    return table_from_int(value);
}

HPy ctx_Long_FromInt64_t(HPyContext *ctx, int64_t v)
{
    if (table_int_fits(v))
        return table_from_int(v);
    HPy made = log_long(state_of(ctx), (uint64_t)v, true);
    return HPy_IsNull(made) ? up_Long_FromInt64_t(ctx, v) : made;
}

HPy ctx_Long_FromUInt64_t(HPyContext *ctx, uint64_t v)
{
    if (v <= (uint64_t)TABLE_INT_MAX)
        return table_from_int((int64_t)v);
    HPy made = log_long(state_of(ctx), v, false);
    return HPy_IsNull(made) ? up_Long_FromUInt64_t(ctx, v) : made;
}

HPy ctx_Long_FromSize_t(HPyContext *ctx, size_t value)
{
    return ctx_Long_FromUInt64_t(ctx, value);
}

HPy ctx_Long_FromSsize_t(HPyContext *ctx, HPy_ssize_t value)
{
    return ctx_Long_FromInt64_t(ctx, value);
}

/* What does not fit is left to Java, which raises. */

int32_t ctx_Long_AsInt32_t(HPyContext *ctx, HPy h)
{
    int64_t value;
    if (long_value(ctx, h, &value) && value >= INT32_MIN && value <= INT32_MAX)
        return (int32_t)value;
    return up_Long_AsInt32_t(ctx, h);
}

uint32_t ctx_Long_AsUInt32_t(HPyContext *ctx, HPy h)
{
    int64_t value;
    if (long_value(ctx, h, &value) && value >= 0 && value <= UINT32_MAX)
        return (uint32_t)value;
    return up_Long_AsUInt32_t(ctx, h);
}

uint32_t ctx_Long_AsUInt32_tMask(HPyContext *ctx, HPy h)
{
    int64_t value;
    return long_value(ctx, h, &value) ? (uint32_t)value : up_Long_AsUInt32_tMask(ctx, h);
}

int64_t ctx_Long_AsInt64_t(HPyContext *ctx, HPy h)
{
    int64_t value;
    if (long_value(ctx, h, &value))
        return value;
    if (!long_is_huge(ctx, h))
        return up_Long_AsInt64_t(ctx, h);
    err_set(ctx, CONSTANT_h_OverflowError, "Python int too large to convert to C int64_t");
    return -1;
}

uint64_t ctx_Long_AsUInt64_t(HPyContext *ctx, HPy h)
{
    int64_t value;
    if (long_value(ctx, h, &value) && value >= 0)
        return (uint64_t)value;
    return up_Long_AsUInt64_t(ctx, h);
}

uint64_t ctx_Long_AsUInt64_tMask(HPyContext *ctx, HPy h)
{
    int64_t value;
    return long_value(ctx, h, &value) ? (uint64_t)value : up_Long_AsUInt64_tMask(ctx, h);
}

size_t ctx_Long_AsSize_t(HPyContext *ctx, HPy h)
{
    int64_t value;
    if (long_value(ctx, h, &value) && value >= 0)
        return (size_t)value;
    return up_Long_AsSize_t(ctx, h);
}

HPy_ssize_t ctx_Long_AsSsize_t(HPyContext *ctx, HPy h)
{
    int64_t value;
    return long_value(ctx, h, &value) ? value : up_Long_AsSsize_t(ctx, h);
}

void *ctx_Long_AsVoidPtr(HPyContext *ctx, HPy h)
{
    int64_t value;
    return long_value(ctx, h, &value) ? (void *)(intptr_t)value : up_Long_AsVoidPtr(ctx, h);
}

double ctx_Long_AsDouble(HPyContext *ctx, HPy h)
{
    int64_t value;
    return long_value(ctx, h, &value) ? (double)value : up_Long_AsDouble(ctx, h);
}
