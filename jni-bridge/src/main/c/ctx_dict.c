#include "count.h"
#include "err.h"
#include "log.h"
#include "members.h"
#include "read.h"
#include "table.h"

int ctx_Dict_Check(HPyContext *ctx, HPy h)
{
    State *st = state_of(ctx);
    int32_t kind = table_kind(st, h);
    if (kind == 0 && !table_slot(st, h))
        err_bad_handle(ctx, h, MEMBER_Dict_Check);
    else
        count_answered(ctx);
    return (kind & KIND_DICT) != 0;
}

HPy ctx_Dict_New(HPyContext *ctx)
{
    HPy made = log_dict(state_of(ctx));
    return HPy_IsNull(made) ? up_Dict_New(ctx) : made;
}

HPy ctx_Dict_Keys(HPyContext *ctx, HPy h)
{
    HPy keys = HPy_NULL;
    return read_keys(state_of(ctx), h, &keys) ? keys : up_Dict_Keys(ctx, h);
}
