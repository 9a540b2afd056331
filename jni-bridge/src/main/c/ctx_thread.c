#include "count.h"
#include "members.h"
#include "state.h"

/* While an extension is outside Python it may not use the context; the JNIEnv is taken away so that nothing of this
   thread is used by accident, and asked for anew on the way back. */

HPyThreadState ctx_LeavePythonExecution(HPyContext *ctx)
{
    State *st = state_of(ctx);
    HPyThreadState token = {(intptr_t)st->env};
    count_answered(ctx);
    st->env = NULL;
    return token;
}

void ctx_ReenterPythonExecution(HPyContext *ctx, HPyThreadState state)
{
    count_answered(ctx);
    state_of(ctx)->env = (JNIEnv *)state._i;
}
