/*
 * The context: everything a host offers.
 *
 * Purpose: brings the generated parts together with the types they mention. hpy/autogen/context.h
 * defines struct _HPyContext_s, the table of constants (h_None ...) and functions (ctx_Add ...) that
 * is the ABI; hpy/autogen/api.h defines the inline function HPy_Add that calls ctx->ctx_Add, and so
 * on, and asserts the table's layout.
 * Owner: the host; one context per interpreter. Thread: a context is used by the thread that runs
 * its interpreter, and by no other at the same time.
 */
#ifndef HPY_CONTEXT_H
#define HPY_CONTEXT_H

#include "hpy/call.h"
#include "hpy/capsule.h"
#include "hpy/eval.h"
#include "hpy/func.h"
#include "hpy/handle.h"
#include "hpy/legacy.h"
#include "hpy/type.h"

#include "hpy/autogen/context.h"
#include "hpy/autogen/api.h"

#endif /* HPY_CONTEXT_H */
