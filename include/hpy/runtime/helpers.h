/*
 * Helpers for types and calls.
 *
 * Purpose: two steps that many extensions take. Compiled into the extension from
 * include/runtime/helpers.c. Both return 1, or 0 with an error set.
 */
#ifndef HPY_RUNTIME_HELPERS_H
#define HPY_RUNTIME_HELPERS_H

#include "hpy.h"

_HPY_BEGIN_C_LINKAGE

/* Makes a type from `spec` and `params` (which may be NULL) and sets it as the attribute `name` of
   `obj`, usually a module. */
HPyAPI_HELPER int HPyHelpers_AddType(HPyContext *ctx, HPy obj, const char *name, HPyType_Spec *spec,
                                     HPyType_SpecParam *params);

/* The arguments of a function of HPyFunc_KEYWORDS as a tuple and a dict, as HPy_CallTupleDict takes
   them: new handles in *args_tuple and *kw_dict, HPy_NULL for what is empty. Nothing is stored on
   failure. */
HPyAPI_HELPER int HPyHelpers_PackArgsAndKeywords(HPyContext *ctx, const HPy *args, size_t nargs,
                                                 HPy kwnames, HPy *args_tuple, HPy *kw_dict);

_HPY_END_C_LINKAGE

#endif /* HPY_RUNTIME_HELPERS_H */
