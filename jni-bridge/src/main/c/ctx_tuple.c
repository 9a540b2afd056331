#include "members.h"
#include "table.h"

int ctx_Tuple_Check(HPyContext *ctx, HPy h)
{
    return (table_kind(state_of(ctx), h) & KIND_TUPLE) != 0;
}
