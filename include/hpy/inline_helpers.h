/*
 * Inline conveniences.
 *
 * Purpose: functions that are short for one or two API functions: C's integer types by name,
 * deletion of attributes, tuples from arguments, slices, method calls. They add nothing to the ABI.
 * Errors are those of the functions they call.
 */
#ifndef HPY_INLINE_HELPERS_H
#define HPY_INLINE_HELPERS_H

#include "hpy/context.h"

/* ---- errors ---- */

/* Raises `type` for the current errno. Always HPy_NULL. */
HPyAPI_INLINE_HELPER HPy HPyErr_SetFromErrno(HPyContext *ctx, HPy type)
{
    return HPyErr_SetFromErrnoWithFilenameObjects(ctx, type, HPy_NULL, HPy_NULL);
}

/* The same, naming the file that was involved; `filename` may be HPy_NULL. */
HPyAPI_INLINE_HELPER HPy HPyErr_SetFromErrnoWithFilenameObject(HPyContext *ctx, HPy type,
                                                               HPy filename)
{
    return HPyErr_SetFromErrnoWithFilenameObjects(ctx, type, filename, HPy_NULL);
}

/* ---- tuples ---- */

/* A new tuple of the n handles that follow. */
HPyAPI_INLINE_HELPER HPy HPyTuple_Pack(HPyContext *ctx, HPy_ssize_t n, ...)
{
    if (n <= 0)
        return HPyTuple_FromArray(ctx, NULL, n);
    HPy *items = (HPy *)__builtin_alloca((size_t)n * sizeof(HPy));
    va_list handles;
    va_start(handles, n);
    for (HPy_ssize_t i = 0; i < n; i++)
        items[i] = va_arg(handles, HPy);
    va_end(handles);
    return HPyTuple_FromArray(ctx, items, n);
}

/* ---- attributes ---- */

/* `del obj.name`: 0, or -1 with an error set. */
HPyAPI_INLINE_HELPER int HPy_DelAttr(HPyContext *ctx, HPy obj, HPy name)
{
    return HPy_SetAttr(ctx, obj, name, HPy_NULL);
}

HPyAPI_INLINE_HELPER int HPy_DelAttr_s(HPyContext *ctx, HPy obj, const char *utf8_name)
{
    return HPy_SetAttr_s(ctx, obj, utf8_name, HPy_NULL);
}

/* ---- integers and truth values ---- */

_HPY_STATIC_ASSERT(sizeof(long) == sizeof(int32_t) || sizeof(long) == sizeof(int64_t),
                   "long has 32 or 64 bits");
_HPY_STATIC_ASSERT(sizeof(long long) == sizeof(int64_t), "long long has 64 bits");

HPyAPI_INLINE_HELPER HPy HPyLong_FromLong(HPyContext *ctx, long value)
{
    return sizeof value == sizeof(int32_t) ? HPyLong_FromInt32_t(ctx, (int32_t)value)
                                           : HPyLong_FromInt64_t(ctx, (int64_t)value);
}

HPyAPI_INLINE_HELPER HPy HPyLong_FromUnsignedLong(HPyContext *ctx, unsigned long value)
{
    return sizeof value == sizeof(uint32_t) ? HPyLong_FromUInt32_t(ctx, (uint32_t)value)
                                            : HPyLong_FromUInt64_t(ctx, (uint64_t)value);
}

HPyAPI_INLINE_HELPER HPy HPyLong_FromLongLong(HPyContext *ctx, long long value)
{
    return HPyLong_FromInt64_t(ctx, value);
}

HPyAPI_INLINE_HELPER HPy HPyLong_FromUnsignedLongLong(HPyContext *ctx, unsigned long long value)
{
    return HPyLong_FromUInt64_t(ctx, value);
}

/* The value of an int, or of what its __index__ returns. Out of range: OverflowError; not a number:
   TypeError. -1 is the error value; tell it from the number by HPyErr_Occurred. */
HPyAPI_INLINE_HELPER long HPyLong_AsLong(HPyContext *ctx, HPy h)
{
    return sizeof(long) == sizeof(int32_t) ? (long)HPyLong_AsInt32_t(ctx, h)
                                           : (long)HPyLong_AsInt64_t(ctx, h);
}

/* The value of an int, __index__ is not tried. Negative or too large: OverflowError. */
HPyAPI_INLINE_HELPER unsigned long HPyLong_AsUnsignedLong(HPyContext *ctx, HPy h)
{
    return sizeof(long) == sizeof(uint32_t) ? (unsigned long)HPyLong_AsUInt32_t(ctx, h)
                                            : (unsigned long)HPyLong_AsUInt64_t(ctx, h);
}

/* The lowest bits of an int, or of what its __index__ returns: no range errors. */
HPyAPI_INLINE_HELPER unsigned long HPyLong_AsUnsignedLongMask(HPyContext *ctx, HPy h)
{
    return sizeof(long) == sizeof(uint32_t) ? (unsigned long)HPyLong_AsUInt32_tMask(ctx, h)
                                            : (unsigned long)HPyLong_AsUInt64_tMask(ctx, h);
}

/* As the three above, for long long. */
HPyAPI_INLINE_HELPER long long HPyLong_AsLongLong(HPyContext *ctx, HPy h)
{
    return HPyLong_AsInt64_t(ctx, h);
}

HPyAPI_INLINE_HELPER unsigned long long HPyLong_AsUnsignedLongLong(HPyContext *ctx, HPy h)
{
    return HPyLong_AsUInt64_t(ctx, h);
}

HPyAPI_INLINE_HELPER unsigned long long HPyLong_AsUnsignedLongLongMask(HPyContext *ctx, HPy h)
{
    return HPyLong_AsUInt64_tMask(ctx, h);
}

/* A new handle of True for every value but 0. */
HPyAPI_INLINE_HELPER HPy HPyBool_FromLong(HPyContext *ctx, long value)
{
    return HPyBool_FromBool(ctx, value != 0);
}

/* ---- slices ---- */

/* One end of a slice: negative ends count from the back; the result is within the sequence, where
   a slice that runs backwards may also end before its first item. */
HPyAPI_INLINE_HELPER HPy_ssize_t _HPySlice_Clip(HPy_ssize_t end, HPy_ssize_t length, bool backwards)
{
    HPy_ssize_t lowest = backwards ? -1 : 0;
    if (end < 0)
        end += length;
    if (end < lowest)
        return lowest;
    return end < length + lowest ? end : length + lowest;
}

/* Fits the ends of a slice, as HPySlice_Unpack gives them, to a sequence of `length` items and
   returns how many items the slice selects. `step` must not be 0. No errors, runs no Python code. */
HPyAPI_INLINE_HELPER HPy_ssize_t HPySlice_AdjustIndices(HPyContext *_HPy_UNUSED_ARG(ctx),
                                                        HPy_ssize_t length, HPy_ssize_t *start,
                                                        HPy_ssize_t *stop, HPy_ssize_t step)
{
    assert(step != 0 && step >= -HPY_SSIZE_T_MAX);
    bool backwards = step < 0;
    *start = _HPySlice_Clip(*start, length, backwards);
    *stop = _HPySlice_Clip(*stop, length, backwards);
    HPy_ssize_t distance = backwards ? *start - *stop : *stop - *start;
    HPy_ssize_t stride = backwards ? -step : step;
    return distance <= 0 ? 0 : (distance - 1) / stride + 1;
}

/* ---- method calls ---- */

/* The result of calling `method` and closing it; a null method stays null. */
HPyAPI_INLINE_HELPER HPy _HPy_CallAndClose(HPyContext *ctx, HPy method, HPy args, HPy kw)
{
    if (HPy_IsNull(method))
        return HPy_NULL;
    HPy result = HPy_CallTupleDict(ctx, method, args, kw);
    HPy_Close(ctx, method);
    return result;
}

/* `receiver.name(*args, **kw)`: args is a tuple, kw a dict or HPy_NULL. */
HPyAPI_INLINE_HELPER HPy HPy_CallMethodTupleDict(HPyContext *ctx, HPy name, HPy receiver, HPy args,
                                                 HPy kw)
{
    return _HPy_CallAndClose(ctx, HPy_GetAttr(ctx, receiver, name), args, kw);
}

HPyAPI_INLINE_HELPER HPy HPy_CallMethodTupleDict_s(HPyContext *ctx, const char *utf8_name,
                                                   HPy receiver, HPy args, HPy kw)
{
    return _HPy_CallAndClose(ctx, HPy_GetAttr_s(ctx, receiver, utf8_name), args, kw);
}

#endif /* HPY_INLINE_HELPERS_H */
