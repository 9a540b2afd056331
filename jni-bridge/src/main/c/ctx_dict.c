#include "members.h"
#include "table.h"

int ctx_Dict_Check(HPyContext *ctx, HPy h)
{
    return (table_kind(state_of(ctx), h) & KIND_DICT) != 0;
}
