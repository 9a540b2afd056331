#include "count.h"
#include "members.h"
#include "table.h"

int ctx_Number_Check(HPyContext *ctx, HPy h)
{
    if (!(table_kind(state_of(ctx), h) & (KIND_INT | KIND_FLOAT)))
        return up_Number_Check(ctx, h);
    if (!table_is_value(h))
        count_answered(ctx);
    return 1;
}
