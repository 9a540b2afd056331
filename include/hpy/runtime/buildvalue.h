/*
 * Building of values.
 *
 * Purpose: makes a Python object from C values, as a format string says. Compiled into the extension
 * from include/runtime/buildvalue.c.
 *
 *     unit         C argument                                   gives
 *     i, l, L      int, long, long long                         int
 *     I, k, K      unsigned int, unsigned long, ... long long   int
 *     n            HPy_ssize_t                                  int
 *     f, d         float or double (both passed as double)      float
 *     s            const char *, UTF-8; NULL                    str; None
 *     O, S         HPy, stays the caller's                      the object
 *     (units)      those of the units                           tuple
 *     [units]      those of the units                           list
 *     {k:v, k:v}   those of the units                           dict
 *
 * Outside of dicts, commas and blanks between units mean nothing. No unit gives None, one unit gives
 * its object, several give a tuple.
 */
#ifndef HPY_RUNTIME_BUILDVALUE_H
#define HPY_RUNTIME_BUILDVALUE_H

#include "hpy.h"

_HPY_BEGIN_C_LINKAGE

/* A new handle, or HPy_NULL with an error set: SystemError for a wrong format. A null handle among
   the arguments is taken for the result of a call that failed: its error is kept, or a SystemError
   raised if there is none. */
HPyAPI_HELPER HPy HPy_BuildValue(HPyContext *ctx, const char *fmt, ...);

_HPY_END_C_LINKAGE

#endif /* HPY_RUNTIME_BUILDVALUE_H */
