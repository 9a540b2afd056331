#include "count.h"
#include "members.h"
#include "table.h"

HPy ctx_Float_FromDouble(HPyContext *ctx, double v)
{
    count_answered(ctx);
    return table_from_double(v);
}

double ctx_Float_AsDouble(HPyContext *ctx, HPy h)
{
    if (!table_is_value(h))
        return up_Float_AsDouble(ctx, h);
    count_answered(ctx);
    return table_is_double(h) ? table_to_double(h) : (double)table_to_int(h);
}
