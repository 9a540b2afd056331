/*
 * Formatted text.
 *
 * Purpose: a str, or an error with such a message, from a format and C values. Compiled into the
 * extension from include/runtime/format.c.
 *
 * The format is ASCII. A unit is `%[0][width][.precision]conversion`:
 *
 *     conversion    argument                       gives
 *     %%            none                           %, no options allowed
 *     c             int                            the character with that code, no options allowed
 *     d i           int                            decimal number
 *     u             unsigned int                   decimal number
 *     x             int                            hexadecimal number of its bits, lower case
 *     ld li lu      long, unsigned long            decimal number
 *     lld lli llu   long long, ... unsigned        decimal number
 *     zd zi zu      HPy_ssize_t, size_t            decimal number
 *     p             void *                         address, with 0x in front, no options allowed
 *     s             const char *, UTF-8            the text
 *     U             HPy of a str                   the text
 *     V             HPy or null, const char *      the first if it is not null, else the second
 *     S R A         HPy                            HPy_Str, HPy_Repr, HPy_ASCII of it
 *
 * `width` is the least number of characters; blanks are put in front, or for numbers with the option
 * `0` zeros behind the sign. `precision` is for numbers the least number of digits, for `s` and the
 * second argument of `V` the greatest number of bytes (a character is not cut in two), for the other
 * texts the greatest number of characters.
 *
 * Errors: SystemError for a wrong format or a null argument, ValueError for a format that is not
 * ASCII and for a width or precision that is too big, OverflowError for a character that does not
 * exist, MemoryError, and what HPy_Str and its like raise.
 */
#ifndef HPY_RUNTIME_FORMAT_H
#define HPY_RUNTIME_FORMAT_H

#include "hpy.h"

_HPY_BEGIN_C_LINKAGE

/* A new str, or HPy_NULL with an error set. */
HPyAPI_HELPER HPy HPyUnicode_FromFormat(HPyContext *ctx, const char *fmt, ...);
HPyAPI_HELPER HPy HPyUnicode_FromFormatV(HPyContext *ctx, const char *fmt, va_list values);

/* Raises `type` with the formatted text, or the error of the formatting. Always HPy_NULL. */
HPyAPI_HELPER HPy HPyErr_Format(HPyContext *ctx, HPy type, const char *fmt, ...);

_HPY_END_C_LINKAGE

#endif /* HPY_RUNTIME_FORMAT_H */
