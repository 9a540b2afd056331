#include "members.h"
#include "up.h"

/* HPy_NULL without an error: there is neither a value nor a default. */
int32_t ctx_ContextVar_Get(HPyContext *ctx, HPy context_var, HPy default_value, HPy *result)
{
    HPy found = HPy_NULL;
    int status = up_ContextVar_Find(ctx, context_var, default_value, &found);
    *result = found;
    return status;
}
