/*
 * Argument parsing.
 *
 * Purpose: converts the arguments of a Python call to C values, as a format string says. Compiled
 * into the extension from include/runtime/argparse.c.
 *
 * A format is a sequence of units, one per argument, each with a pointer among the variable
 * arguments:
 *
 *     unit  pointer to           accepts
 *     b     unsigned char        int in range
 *     h     short                int in range
 *     i     int                  int in range
 *     l     long                 int in range
 *     L     long long            int in range
 *     n     HPy_ssize_t          int in range
 *     B     unsigned char        int, its lowest bits
 *     H     unsigned short       int, its lowest bits
 *     I     unsigned int         int, its lowest bits
 *     k     unsigned long        int, its lowest bits
 *     K     unsigned long long   int, its lowest bits
 *     f     float                number
 *     d     double               number
 *     p     int                  anything, its truth value as 0 or 1
 *     s     const char *         str without null characters; UTF-8, valid while the argument's
 *                                handle is open
 *     O     HPy                  anything
 *
 * Between the units: `|` makes the arguments that follow optional (the variable of an absent one is
 * left as it was), `$` makes them optional and keyword-only (keyword functions only). At the end:
 * `:name` names the function in error messages, `;text` replaces error messages.
 *
 * All functions return 1, or 0 with an error set: OverflowError for a number out of range, TypeError
 * for wrong arguments, ValueError for a null character in a str, UnicodeError for a str that has no
 * UTF-8, SystemError for a wrong format.
 *
 * Trackers: if `tracker` is not NULL, it gets a new tracker that the caller closes after success,
 * once the values are no longer used; after a failure it is closed already.
 */
#ifndef HPY_RUNTIME_ARGPARSE_H
#define HPY_RUNTIME_ARGPARSE_H

#include "hpy.h"

_HPY_BEGIN_C_LINKAGE

/* Positional arguments. Handles stored by `O` are borrowed from `args`, so no unit needs a tracker
   and NULL may be passed. Superfluous arguments are a TypeError. */
HPyAPI_HELPER int HPyArg_Parse(HPyContext *ctx, HPyTracker *tracker, const HPy *args, size_t nargs,
                               const char *fmt, ...);

/* Positional and keyword arguments, as a function of HPyFunc_KEYWORDS gets them. `keywords` holds
   the name of every parameter and ends with NULL; "" marks a positional-only one, these come first.
   Handles stored by `O` belong to the tracker, which is required then. Arguments that no unit
   consumes, positional or keyword, are ignored. */
HPyAPI_HELPER int HPyArg_ParseKeywords(HPyContext *ctx, HPyTracker *tracker, const HPy *args,
                                       size_t nargs, HPy kwnames, const char *fmt,
                                       const char *keywords[], ...);

/* The same for keyword arguments in a dict, as in HPyFunc_NEWFUNC and HPyFunc_INITPROC. Without a
   tracker the text of `s` is valid only as long as the host keeps text of the dict's value. */
HPyAPI_HELPER int HPyArg_ParseKeywordsDict(HPyContext *ctx, HPyTracker *tracker, const HPy *args,
                                           HPy_ssize_t nargs, HPy kw, const char *fmt,
                                           const char *keywords[], ...);

_HPY_END_C_LINKAGE

#endif /* HPY_RUNTIME_ARGPARSE_H */
