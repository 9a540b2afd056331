#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "members.h"
#include "table.h"

int ctx_Err_Occurred(HPyContext *ctx)
{
    return state_of(ctx)->shared->error != 0;
}

/* Java's exception object is dropped when the call returns or the next one is set. */
void ctx_Err_Clear(HPyContext *ctx)
{
    state_of(ctx)->shared->error = 0;
}

void ctx_Err_NoMemory(HPyContext *ctx)
{
    err_set(ctx, CONSTANT_h_MemoryError, NULL);
}

/* errno is read before anything that could change it, any crossing included. */
void ctx_Err_SetFromErrnoWithFilenameObjects(HPyContext *ctx, HPy h_type, HPy filename1, HPy filename2)
{
    int code = errno;
    up_Err_SetErrno(ctx, h_type, code, strerror(code), filename1, filename2);
}

HPy ctx_Err_SetFromErrnoWithFilename(HPyContext *ctx, HPy h_type, const char *filename_fsencoded)
{
    int code = errno;
    HPy filename = HPy_NULL;
    if (filename_fsencoded) {
        filename = ctx_Unicode_DecodeFSDefault(ctx, filename_fsencoded);
        if (HPy_IsNull(filename))
            return HPy_NULL;
    }
    up_Err_SetErrno(ctx, h_type, code, strerror(code), filename, HPy_NULL);
    table_close(state_of(ctx), filename);
    return HPy_NULL;
}

void ctx_FatalError(HPyContext *ctx, const char *message)
{
    fprintf(stderr, "Fatal Python error: %s: %s\n", ctx->name, message ? message : "<message not set>");
    fflush(stderr);
    abort();
}
