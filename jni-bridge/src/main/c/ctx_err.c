#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "err.h"
#include "members.h"
#include "table.h"
#include "thread.h"

int ctx_Err_Occurred(HPyContext *ctx)
{
    return state_of(ctx)->shared->error != 0;
}

/* Code that tries one thing after the other asks for what C has just raised: that is no crossing, and nothing that was
   read ahead is dropped for it. */
int ctx_Err_ExceptionMatches(HPyContext *ctx, HPy exc)
{
    const State *st = state_of(ctx);
    if (thread_inside(st) && st->shared->error == ERROR_OF_C && exc._i == st->raised._i) {
        count_answered(ctx);
        return 1;
    }
    return up_Err_ExceptionMatches(ctx, exc);
}

/* Java's exception object is dropped when the call returns or the next one is set. */
void ctx_Err_Clear(HPyContext *ctx)
{
    state_of(ctx)->shared->error = 0;
}

void ctx_Err_NoMemory(HPyContext *ctx)
{
    state_of(ctx)->shared->refused = 0;
    err_set(ctx, CONSTANT_h_MemoryError, NULL);
}

/* OSError itself becomes the subclass for this errno, as in Python 3. */
static HPy err_type_of_errno(HPyContext *ctx, HPy h_type, int code)
{
    if (h_type._i != ctx->h_OSError._i)
        return h_type;
    switch (code) {
#if EWOULDBLOCK != EAGAIN
    case EWOULDBLOCK:
#endif
    case EAGAIN:
    case EALREADY:
    case EINPROGRESS:
        return ctx->h_BlockingIOError;
    case EPIPE:
    case ESHUTDOWN:
        return ctx->h_BrokenPipeError;
    case ECHILD:
        return ctx->h_ChildProcessError;
    case ECONNABORTED:
        return ctx->h_ConnectionAbortedError;
    case ECONNREFUSED:
        return ctx->h_ConnectionRefusedError;
    case ECONNRESET:
        return ctx->h_ConnectionResetError;
    case EEXIST:
        return ctx->h_FileExistsError;
    case ENOENT:
        return ctx->h_FileNotFoundError;
    case EINTR:
        return ctx->h_InterruptedError;
    case EISDIR:
        return ctx->h_IsADirectoryError;
    case ENOTDIR:
        return ctx->h_NotADirectoryError;
    case EACCES:
    case EPERM:
        return ctx->h_PermissionError;
    case ESRCH:
        return ctx->h_ProcessLookupError;
    case ETIMEDOUT:
        return ctx->h_TimeoutError;
    default:
        return h_type;
    }
}

static void err_set_errno(HPyContext *ctx, HPy h_type, int code, HPy filename1, HPy filename2)
{
    const char *text = code == 0 ? "Error" : strerror(code);
    up_Err_SetErrno(ctx, err_type_of_errno(ctx, h_type, code), code, text, filename1, filename2);
}

/* errno is read before anything that could change it, any crossing included. */
void ctx_Err_SetFromErrnoWithFilenameObjects(HPyContext *ctx, HPy h_type, HPy filename1, HPy filename2)
{
    int code = errno;
    err_set_errno(ctx, h_type, code, filename1, filename2);
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
    err_set_errno(ctx, h_type, code, filename, HPy_NULL);
    table_close(state_of(ctx), filename);
    return HPy_NULL;
}

void ctx_FatalError(HPyContext *ctx, const char *message)
{
    fprintf(stderr, "Fatal Python error: %s: %s\n", ctx->name, message ? message : "<message not set>");
    fflush(stderr);
    abort();
}
