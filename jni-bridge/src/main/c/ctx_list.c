#include "count.h"
#include "err.h"
#include "log.h"
#include "members.h"
#include "table.h"

int ctx_List_Check(HPyContext *ctx, HPy h)
{
    State *st = state_of(ctx);
    int32_t kind = table_kind(st, h);
    if (kind == 0 && !table_slot(st, h))
        err_bad_handle(ctx, h, MEMBER_List_Check);
    else
        count_answered(ctx);
    return (kind & KIND_LIST) != 0;
}

HPy ctx_List_New(HPyContext *ctx, HPy_ssize_t len)
{
    HPy made = log_list(state_of(ctx), len);
    return HPy_IsNull(made) ? up_List_New(ctx, len) : made;
}

int ctx_List_Append(HPyContext *ctx, HPy h_list, HPy h_item)
{
    return log_list_append(state_of(ctx), h_list, h_item) ? 0 : up_List_Append(ctx, h_list, h_item);
}
