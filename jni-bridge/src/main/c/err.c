#include "err.h"

#include <stdio.h>

#include "members.h"
#include "table.h"
#include "thread.h"

void err_set(HPyContext *ctx, int constant, const char *message)
{
    State *st = state_of(ctx);
    if (thread_inside(st))
        st->raised = st->constants[constant];
    up_Err_SetBuiltin(ctx, constant, message);
}

void err_refused(HPyContext *ctx, const char *message)
{
    err_set(ctx, CONSTANT_h_MemoryError, message);
}

void err_dup(HPyContext *ctx, HPy h, int member)
{
    if (table_slot(state_of(ctx), h))
        err_refused(ctx, NULL);
    else
        err_bad_handle(ctx, h, member);
}

void err_bad_handle(HPyContext *ctx, HPy h, int member)
{
    up_Err_BadHandle(ctx, h, member);
}

static void err_not_implemented(HPyContext *ctx, const char *function, const char *why)
{
    char message[160];
    snprintf(message, sizeof message, "%s %s", function, why);
    err_set(ctx, CONSTANT_h_NotImplementedError, message);
}

void err_missing(HPyContext *ctx, const char *function)
{
    err_not_implemented(ctx, function, "is not implemented by this host");
}

void err_legacy(HPyContext *ctx, const char *function)
{
    err_not_implemented(ctx, function, "needs CPython's own C API, which a host on the JVM does not have");
}
