#include "count.h"
#include "err.h"
#include "members.h"
#include "table.h"

int ctx_Callable_Check(HPyContext *ctx, HPy h)
{
    if (!(table_kind(state_of(ctx), h) & KIND_CALLABLE))
        return up_Callable_Check(ctx, h);
    count_answered(ctx);
    return 1;
}

/* The values of keyword arguments follow the positional ones. False, with the exception set, on error. Names that are
   no tuple are left to Java, which raises. */
static bool call_total(HPyContext *ctx, size_t nargs, HPy kwnames, HPy_ssize_t *total, int member)
{
    State *st = state_of(ctx);
    int32_t kind = table_kind(st, kwnames);
    *total = (HPy_ssize_t)nargs;
    if (!HPy_IsNull(kwnames) && kind == 0 && !table_slot(st, kwnames)) {
        err_bad_handle(ctx, kwnames, member);
        return false;
    }
    HPy_ssize_t keywords = kind & KIND_TUPLE ? ctx_Length(ctx, kwnames) : 0;
    *total += keywords;
    return keywords >= 0;
}

HPy ctx_Call(HPyContext *ctx, HPy callable, const HPy *args, size_t nargs, HPy kwnames)
{
    if (HPy_IsNull(kwnames)) {
        switch (nargs) {
        case 0: return up_Call_0(ctx, callable);
        case 1: return up_Call_1(ctx, callable, args[0]);
        case 2: return up_Call_2(ctx, callable, args[0], args[1]);
        case 3: return up_Call_3(ctx, callable, args[0], args[1], args[2]);
        default: break;
        }
    }
    HPy_ssize_t total;
    if (!call_total(ctx, nargs, kwnames, &total, MEMBER_Call))
        return HPy_NULL;
    return up_Call_Array(ctx, callable, args, total, kwnames);
}

HPy ctx_CallMethod(HPyContext *ctx, HPy name, const HPy *args, size_t nargs, HPy kwnames)
{
    if (HPy_IsNull(kwnames)) {
        switch (nargs) {
        case 1: return up_Call_Method0(ctx, name, args[0]);
        case 2: return up_Call_Method1(ctx, name, args[0], args[1]);
        case 3: return up_Call_Method2(ctx, name, args[0], args[1], args[2]);
        default: break;
        }
    }
    HPy_ssize_t total;
    if (!call_total(ctx, nargs, kwnames, &total, MEMBER_CallMethod))
        return HPy_NULL;
    return up_Call_MethodArray(ctx, name, args, total, kwnames);
}
