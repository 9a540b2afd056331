#include "members.h"
#include "table.h"

int ctx_Number_Check(HPyContext *ctx, HPy h)
{
    return (table_kind(state_of(ctx), h) & (KIND_INT | KIND_FLOAT)) ? 1 : up_Number_Check(ctx, h);
}
