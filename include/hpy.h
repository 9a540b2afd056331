/*
 * The one header an HPy extension includes.
 *
 * Purpose: the complete HPy 0.9 API of the universal ABI, one binary that every HPy host loads.
 * Every concern has a header of its own in hpy/; they are listed here in the order in which they
 * build on each other. The context struct and the functions that forward to it are generated from
 * the API list into hpy/autogen/.
 *
 * Ownership, everywhere in HPy: a function that returns an HPy gives the caller a new handle, to be
 * closed with HPy_Close. Arguments stay the caller's. A handle is valid only with the context that
 * made it. A function that failed has set the context's error and returns HPy_NULL, NULL or -1.
 */
#ifndef HPY_H
#define HPY_H

#include "hpy/abi.h"
#include "hpy/compiler.h"

/* types */
#include "hpy/handle.h"
#include "hpy/legacy.h"
#include "hpy/eval.h"
#include "hpy/richcompare.h"
#include "hpy/buffer.h"
#include "hpy/func.h"

/* definitions an extension exports */
#include "hpy/trampoline.h"
#include "hpy/slot.h"
#include "hpy/def.h"
#include "hpy/call.h"
#include "hpy/capsule.h"
#include "hpy/type.h"
#include "hpy/module.h"

/* the context and what forwards to it */
#include "hpy/context.h"
#include "hpy/inline_api.h"

/* conveniences built on the API */
#include "hpy/inline_helpers.h"
#include "hpy/pid.h"
#include "hpy/leave_python.h"
#include "hpy/runtime/argparse.h"
#include "hpy/runtime/buildvalue.h"
#include "hpy/runtime/format.h"
#include "hpy/runtime/helpers.h"
#include "hpy/runtime/structseq.h"

#include "hpy/layout_check.h"

#endif /* HPY_H */
