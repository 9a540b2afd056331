#include <string.h>
#include <wchar.h>

#include "content.h"
#include "count.h"
#include "err.h"
#include "known.h"
#include "log.h"
#include "members.h"
#include "memory.h"
#include "table.h"
#include "text.h"
#include "thread.h"

int ctx_Unicode_Check(HPyContext *ctx, HPy h)
{
    State *st = state_of(ctx);
    int32_t kind = table_kind(st, h);
    if (kind & KIND_UNICODE) {
        count_answered(ctx);
        return 1;
    }
    if (kind == 0 && !table_slot(st, h))
        err_bad_handle(ctx, h, MEMBER_Unicode_Check);
    /* Java decides whether a str counts as text: it depends on its content and on strict text. */
    if (kind & KIND_BYTES)
        return up_Unicode_Check(ctx, h);
    count_answered(ctx);
    return 0;
}

const char *ctx_Unicode_AsUTF8AndSize(HPyContext *ctx, HPy h, HPy_ssize_t *size)
{
    return content_of(ctx, h, CONTENT_UNICODE, size);
}

static HPy unicode_new(HPyContext *ctx, const uint8_t *utf8, size_t n, const TextShape *known)
{
    TextShape scanned;
    TextError error;
    if (!known && !text_scan(utf8, n, &scanned, &error)) {
        up_Unicode_DecodeError(ctx, utf8, (HPy_ssize_t)n, (HPy_ssize_t)error.start, (HPy_ssize_t)error.end,
                               error.reason);
        return HPy_NULL;
    }
    HPy text = log_text(state_of(ctx), utf8, n, known ? known : &scanned);
    return HPy_IsNull(text) ? up_Unicode_FromUtf8(ctx, utf8, (HPy_ssize_t)n) : text;
}

/* The shape is NULL if nobody knows yet whether the bytes are a text. */
static HPy unicode_of(HPyContext *ctx, const char *utf8, size_t n, const TextShape *shape)
{
    State *st = state_of(ctx);
    const uint8_t *bytes = (const uint8_t *)utf8;
    KnownPlace *place;
    if (!thread_inside(st))
        return unicode_new(ctx, bytes, n, shape);
    HPy text = known_text(st, bytes, n, &place);
    if (!HPy_IsNull(text)) {
        count_answered(ctx);
        return text;
    }
    text = unicode_new(ctx, bytes, n, shape);
    if (place && !HPy_IsNull(text))
        known_learn(st, place, bytes, n, text);
    return text;
}

static HPy unicode_from_utf8(HPyContext *ctx, const char *utf8, size_t n)
{
    return unicode_of(ctx, utf8, n, NULL);
}

HPy ctx_Unicode_FromString(HPyContext *ctx, const char *utf8)
{
    if (!utf8) {
        err_set(ctx, CONSTANT_h_SystemError, "NULL char * passed to HPyUnicode_FromString");
        return HPy_NULL;
    }
    return unicode_from_utf8(ctx, utf8, strlen(utf8));
}

/* wchar_t is 32 bits here: one code point each. */
HPy ctx_Unicode_FromWideChar(HPyContext *ctx, const wchar_t *w, HPy_ssize_t size)
{
    _Static_assert(sizeof(wchar_t) == 4, "wchar_t holds a code point");
    State *st = state_of(ctx);
    if (!w && size != 0) {
        err_set(ctx, CONSTANT_h_SystemError, "NULL wchar_t * passed to HPyUnicode_FromWideChar");
        return HPy_NULL;
    }
    if (size < -1) {
        err_set(ctx, CONSTANT_h_SystemError, "negative size passed to HPyUnicode_FromWideChar");
        return HPy_NULL;
    }
    size_t n = size == -1 ? wcslen(w) : (size_t)size;
    uint8_t small[512];
    uint8_t *utf8 = small;
    if (n > sizeof small / 4) {
        utf8 = n > SIZE_MAX / 8 ? NULL : memory_allocate(st, 4 * n);
        if (!utf8) {
            err_refused(ctx, "no native memory for a text");
            return HPy_NULL;
        }
    }
    size_t bytes = 0;
    size_t i = 0;
    for (; i < n; i++) {
        uint32_t point = (uint32_t)w[i];
        if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
            break;
        bytes += text_encode(point, utf8 + bytes);
    }
    HPy result = HPy_NULL;
    if (i == n)
        result = unicode_from_utf8(ctx, (const char *)utf8, bytes);
    else if ((uint32_t)w[i] > 0x10ffff)
        err_set(ctx, CONSTANT_h_ValueError, "character is not in range [U+0000; U+10ffff]");
    else
        err_set(ctx, CONSTANT_h_ValueError, "a text of this host cannot hold a lone surrogate");
    if (utf8 != small)
        memory_free(st, utf8);
    return result;
}

static bool unicode_decodable(HPyContext *ctx, const char *bytes, HPy_ssize_t size)
{
    if (bytes && size >= 0)
        return true;
    err_set(ctx, CONSTANT_h_SystemError, bytes ? "negative size of bytes to decode" : "NULL bytes to decode");
    return false;
}

static HPy unicode_decode(HPyContext *ctx, const char *bytes, HPy_ssize_t size, const char *encoding,
                          const char *errors)
{
    if (!unicode_decodable(ctx, bytes, size))
        return HPy_NULL;
    return up_Unicode_Decode(ctx, (const uint8_t *)bytes, size, encoding, errors);
}

/* 7-bit text is what extensions decode most: it needs no codec. */
HPy ctx_Unicode_DecodeASCII(HPyContext *ctx, const char *ascii, HPy_ssize_t size, const char *errors)
{
    if (ascii && size >= 0 && text_ascii((const uint8_t *)ascii, (size_t)size) == (size_t)size)
        return unicode_of(ctx, ascii, (size_t)size, &(TextShape){.points = (size_t)size});
    return unicode_decode(ctx, ascii, size, "ascii", errors);
}

HPy ctx_Unicode_DecodeLatin1(HPyContext *ctx, const char *latin1, HPy_ssize_t size, const char *errors)
{
    return unicode_decode(ctx, latin1, size, "latin-1", errors);
}

/* File names are UTF-8. A byte that is not stays an error: a text of this host cannot hold the lone surrogate that
   Python 3 would make of it. */
HPy ctx_Unicode_DecodeFSDefaultAndSize(HPyContext *ctx, const char *v, HPy_ssize_t size)
{
    return unicode_decodable(ctx, v, size) ? unicode_from_utf8(ctx, v, (size_t)size) : HPy_NULL;
}

HPy ctx_Unicode_DecodeFSDefault(HPyContext *ctx, const char *v)
{
    return ctx_Unicode_DecodeFSDefaultAndSize(ctx, v, v ? (HPy_ssize_t)strlen(v) : 0);
}
