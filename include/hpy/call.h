/*
 * Call functions: how an instance of an extension type is called.
 *
 * Purpose: a type can be made callable by the slot HPy_tp_call, one function for all instances, or
 * by a call function of each instance. For the latter the struct has a field of type
 * HPyCallFunction, its offset is published as an HPyMember_HPYSSIZET member named
 * "__vectorcalloffset__", the type has HPy_TPFLAGS_HAVE_VECTORCALL, and HPy_SetCallFunction fills the
 * field.
 */
#ifndef HPY_CALL_H
#define HPY_CALL_H

#include "hpy/func.h"
#include "hpy/legacy.h"
#include "hpy/trampoline.h"

typedef struct {
    cpy_vectorcallfunc cpy_trampoline;
    HPyFunc_keywords impl;
} HPyCallFunction;

/* Part of the API of 0.9, used by none of its functions. */
typedef struct {
    cpy_vectorcallfunc cpy_trampoline;
    HPyCallFunction impl;
} HPyType_Vectorcall;

/* Defines the static HPyCallFunction SYM and declares SYM_impl with the signature HPyFunc_KEYWORDS. */
#define HPyDef_CALL_FUNCTION(SYM)                                                                  \
    HPyFunc_DECLARE(SYM##_impl, HPyFunc_KEYWORDS);                                                 \
    HPyFunc_TRAMPOLINE(SYM##_trampoline, SYM##_impl, HPyFunc_KEYWORDS)                             \
    static HPyCallFunction SYM = {                                                                 \
        .cpy_trampoline = SYM##_trampoline,                                                        \
        .impl = SYM##_impl,                                                                        \
    };

#endif /* HPY_CALL_H */
