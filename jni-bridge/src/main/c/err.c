#include "err.h"

#include <stdio.h>

#include "members.h"

void err_set(HPyContext *ctx, int constant, const char *message)
{
    up_Err_SetBuiltin(ctx, constant, message);
}

void err_bad_handle(HPyContext *ctx, HPy h, int member)
{
    up_Err_BadHandle(ctx, h, member);
}

void err_missing(HPyContext *ctx, const char *function)
{
    char message[128];
    snprintf(message, sizeof message, "%s is not implemented by this host", function);
    err_set(ctx, CONSTANT_h_NotImplementedError, message);
}
