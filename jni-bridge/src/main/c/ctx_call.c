#include "members.h"
#include "table.h"

int ctx_Callable_Check(HPyContext *ctx, HPy h)
{
    return (table_kind(state_of(ctx), h) & KIND_CALLABLE) ? 1 : up_Callable_Check(ctx, h);
}

/* The values of keyword arguments follow the positional ones. False, with the exception set, on error. */
static bool call_total(HPyContext *ctx, size_t nargs, HPy kwnames, HPy_ssize_t *total)
{
    HPy_ssize_t keywords = HPy_IsNull(kwnames) ? 0 : ctx_Length(ctx, kwnames);
    *total = (HPy_ssize_t)nargs + keywords;
    return keywords >= 0;
}

HPy ctx_Call(HPyContext *ctx, HPy callable, const HPy *args, size_t nargs, HPy kwnames)
{
    HPy_ssize_t total;
    return call_total(ctx, nargs, kwnames, &total) ? up_Call_Array(ctx, callable, args, total, kwnames) : HPy_NULL;
}

HPy ctx_CallMethod(HPyContext *ctx, HPy name, const HPy *args, size_t nargs, HPy kwnames)
{
    HPy_ssize_t total;
    return call_total(ctx, nargs, kwnames, &total) ? up_Call_MethodArray(ctx, name, args, total, kwnames) : HPy_NULL;
}
