#include "err.h"
#include "members.h"
#include "table.h"

int ctx_Dict_Check(HPyContext *ctx, HPy h)
{
    State *st = state_of(ctx);
    int32_t kind = table_kind(st, h);
    if (kind == 0 && !table_slot(st, h))
        err_bad_handle(ctx, h, MEMBER_Dict_Check);
    return (kind & KIND_DICT) != 0;
}
