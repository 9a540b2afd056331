/*
 * Handles and the other opaque values of the API.
 *
 * Purpose: the value types that travel between extension and host. Each is one machine word whose
 * meaning only the host knows; all bits zero is the null value.
 * Owner: the context that made the value. Lifetime: said at each type.
 */
#ifndef HPY_HANDLE_H
#define HPY_HANDLE_H

#include "hpy/compiler.h"

/* Everything a host offers, see hpy/autogen/context.h. One per interpreter. */
typedef struct _HPyContext_s HPyContext;

/* A reference to a Python object. Open from the call that returned it until HPy_Close; handles that
   are arguments of an extension's function are open during that call. Two handles of one object may
   have different bits: compare with HPy_Is. */
typedef struct _HPy_s { intptr_t _i; } HPy;

/* A reference kept inside the C struct of an instance. Written by HPyField_Store, read by
   HPyField_Load, lives as long as its instance. */
typedef struct { intptr_t _i; } HPyField;

/* A reference kept in a static C variable that HPyModuleDef.globals lists. The variable may be
   shared by interpreters; what HPyGlobal_Load gives is each interpreter's own. */
typedef struct { intptr_t _i; } HPyGlobal;

/* A list or a tuple under construction. Ended by ..._Build or ..._Cancel, exactly one of them. */
typedef struct { intptr_t _lst; } HPyListBuilder;
typedef struct { intptr_t _tup; } HPyTupleBuilder;

/* A bag of handles that HPyTracker_Close closes together. */
typedef struct { intptr_t _i; } HPyTracker;

/* What HPy_LeavePythonExecution hands to HPy_ReenterPythonExecution. */
typedef struct { intptr_t _i; } HPyThreadState;

typedef intptr_t HPy_ssize_t;
typedef intptr_t HPy_hash_t;
typedef uint32_t HPy_UCS4;

#define HPY_SSIZE_T_MAX INTPTR_MAX
#define HPY_SSIZE_T_MIN INTPTR_MIN

/* A word as a value of one of the types above. */
#ifdef __cplusplus
#  define _HPY_WORD_AS(TYPE, WORD) (TYPE{WORD})
#else
#  define _HPY_WORD_AS(TYPE, WORD) ((TYPE){WORD})
#endif
#define _hconv(WORD) _HPY_WORD_AS(HPy, WORD)
#define _hfconv(WORD) _HPY_WORD_AS(HPyField, WORD)
#define _hgconv(WORD) _HPY_WORD_AS(HPyGlobal, WORD)
#define _htsconv(WORD) _HPY_WORD_AS(HPyThreadState, WORD)

/* The null values. A null handle means an error or an absent argument, never None. */
#define HPy_NULL _hconv(0)
#define HPy_IsNull(H) ((H)._i == 0)
#define HPyField_NULL _hfconv(0)
#define HPyField_IsNull(F) ((F)._i == 0)

/* A handle as a pointer-sized token and back, for C libraries that carry a void * for their user.
   Neither opens nor closes a handle. */
HPyAPI_FUNC void *HPy_AsVoidP(HPy h)
{
    return (void *)h._i;
}

HPyAPI_FUNC HPy HPy_FromVoidP(void *token)
{
    return _hconv((intptr_t)token);
}

#endif /* HPY_HANDLE_H */
