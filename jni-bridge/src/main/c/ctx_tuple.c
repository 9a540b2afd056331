#include "count.h"
#include "err.h"
#include "log.h"
#include "members.h"
#include "table.h"

int ctx_Tuple_Check(HPyContext *ctx, HPy h)
{
    State *st = state_of(ctx);
    int32_t kind = table_kind(st, h);
    if (kind == 0 && !table_slot(st, h))
        err_bad_handle(ctx, h, MEMBER_Tuple_Check);
    else
        count_answered(ctx);
    return (kind & KIND_TUPLE) != 0;
}

HPy ctx_Tuple_FromArray(HPyContext *ctx, const HPy *items, HPy_ssize_t n)
{
    State *st = state_of(ctx);
    HPy_ssize_t valid = 0;
    while (valid < n && table_valid(st, items[valid]))
        valid++;
    HPy made = valid == n ? log_tuple_of(st, items, n) : HPy_NULL;
    return HPy_IsNull(made) ? up_Tuple_FromArray(ctx, items, n) : made;
}
