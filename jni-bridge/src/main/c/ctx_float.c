#include "members.h"
#include "table.h"

HPy ctx_Float_FromDouble(HPyContext *ctx, double v)
{
    (void)ctx;
    return table_from_double(v);
}

double ctx_Float_AsDouble(HPyContext *ctx, HPy h)
{
    if (table_is_double(h))
        return table_to_double(h);
    if (table_is_int(h))
        return (double)table_to_int(h);
    return up_Float_AsDouble(ctx, h);
}
