/*
 * Text of a given length, for the helpers of this directory.
 *
 * Purpose: the API makes a str from UTF-8 only up to the first null character; this function takes
 * the length instead. Slower than HPyUnicode_FromString, since it goes by way of bytes.
 */
#ifndef HPY_RUNTIME_TEXT_H
#define HPY_RUNTIME_TEXT_H

#include "hpy.h"

/* A new str, or HPy_NULL with an error set. */
HPyAPI_FUNC HPy text_from_utf8(HPyContext *ctx, const char *utf8, size_t size)
{
    HPy bytes = HPyBytes_FromStringAndSize(ctx, utf8, (HPy_ssize_t)size);
    if (HPy_IsNull(bytes))
        return HPy_NULL;
    HPy text = HPyUnicode_FromEncodedObject(ctx, bytes, "utf-8", "strict");
    HPy_Close(ctx, bytes);
    return text;
}

#endif /* HPY_RUNTIME_TEXT_H */
