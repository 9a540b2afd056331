#include "count.h"
#include "err.h"
#include "members.h"
#include "read.h"
#include "table.h"

HPy ctx_Dup(HPyContext *ctx, HPy h)
{
    if (read_dup_first(state_of(ctx), h)) {
        if (!table_is_value(h))
            count_answered(ctx);
        return h;
    }
    err_dup(ctx, h, MEMBER_Dup);
    return HPy_NULL;
}

void ctx_Close(HPyContext *ctx, HPy h)
{
    if (table_is_value(h))
        return;
    if (table_close(state_of(ctx), h))
        count_answered(ctx);
    else
        err_bad_handle(ctx, h, MEMBER_Close);
}

/* What all handles of an object have in common. Names of keywords have others besides the one that is kept. */
static int32_t handle_kind(const Slot *slot)
{
    int32_t kind = slot->kind & ~(KIND_KNOWN | KIND_PRIVATE | KIND_POOL);
    return kind & (KIND_TUPLE | KIND_UNICODE) ? kind & ~KIND_IMMORTAL : kind;
}

/* Java gives one handle to each constant, so different handles can mean one object only if both are of the same
   kind and neither is a constant. */
int ctx_Is(HPyContext *ctx, HPy obj, HPy other)
{
    State *st = state_of(ctx);
    const Slot *a = table_slot(st, obj);
    const Slot *b = table_slot(st, other);
    bool same = obj._i == other._i && (a || table_is_value(obj));
    bool differ = (a && b && (handle_kind(a) != handle_kind(b) || (handle_kind(a) & KIND_IMMORTAL))) ||
                  (a && table_is_value(other)) || (b && table_is_value(obj));
    if (!same && !differ)
        return up_Is(ctx, obj, other);
    count_answered(ctx);
    return same;
}
