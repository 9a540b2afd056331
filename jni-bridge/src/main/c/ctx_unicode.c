#include <string.h>
#include <wchar.h>

#include "content.h"
#include "err.h"
#include "members.h"
#include "memory.h"
#include "table.h"
#include "text.h"

int ctx_Unicode_Check(HPyContext *ctx, HPy h)
{
    State *st = state_of(ctx);
    int32_t kind = table_kind(st, h);
    if (kind & KIND_UNICODE)
        return 1;
    if (kind == 0 && !table_slot(st, h))
        err_bad_handle(ctx, h, MEMBER_Unicode_Check);
    /* Java decides whether a str counts as text: it depends on its content and on strict text. */
    return (kind & KIND_BYTES) ? up_Unicode_Check(ctx, h) : 0;
}

const char *ctx_Unicode_AsUTF8AndSize(HPyContext *ctx, HPy h, HPy_ssize_t *size)
{
    return content_of(ctx, h, CONTENT_UNICODE, size);
}

/* Room for n UTF-16 units: the small array if it is enough. NULL, with the exception set, if there is no memory. */
static uint16_t *unicode_room(State *st, size_t n, uint16_t *small, size_t small_units)
{
    if (n <= small_units)
        return small;
    uint16_t *room = n > SIZE_MAX / 4 ? NULL : memory_allocate(st, n * sizeof(uint16_t));
    if (!room)
        err_set(&st->ctx, CONSTANT_h_MemoryError, "no native memory for a text");
    return room;
}

static HPy unicode_from_utf8(HPyContext *ctx, const char *utf8, size_t n)
{
    State *st = state_of(ctx);
    uint16_t small[256];
    uint16_t *chars = unicode_room(st, n, small, sizeof small / sizeof small[0]);
    if (!chars)
        return HPy_NULL;
    size_t units;
    TextError error;
    HPy result = HPy_NULL;
    if (text_decode((const uint8_t *)utf8, n, chars, &units, &error))
        result = up_Unicode_FromUtf16(ctx, chars, (HPy_ssize_t)units);
    else
        up_Unicode_DecodeError(ctx, (const uint8_t *)utf8, (HPy_ssize_t)n, (HPy_ssize_t)error.start,
                               (HPy_ssize_t)error.end, error.reason);
    if (chars != small)
        memory_free(st, chars);
    return result;
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
    uint16_t small[256];
    uint16_t *chars = unicode_room(st, 2 * n, small, sizeof small / sizeof small[0]);
    if (!chars)
        return HPy_NULL;
    size_t units = 0;
    size_t i = 0;
    for (; i < n; i++) {
        uint32_t point = (uint32_t)w[i];
        if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
            break;
        if (point >= 0x10000) {
            chars[units++] = (uint16_t)(0xd800 | (point - 0x10000) >> 10);
            chars[units++] = (uint16_t)(0xdc00 | (point & 0x3ff));
        } else {
            chars[units++] = (uint16_t)point;
        }
    }
    HPy result = HPy_NULL;
    if (i == n)
        result = up_Unicode_FromUtf16(ctx, chars, (HPy_ssize_t)units);
    else if ((uint32_t)w[i] > 0x10ffff)
        err_set(ctx, CONSTANT_h_ValueError, "character is not in range [U+0000; U+10ffff]");
    else
        err_set(ctx, CONSTANT_h_ValueError, "a text of this host cannot hold a lone surrogate");
    if (chars != small)
        memory_free(st, chars);
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
    uint16_t small[256];
    if (ascii && size >= 0 && (size_t)size <= sizeof small / sizeof small[0]) {
        HPy_ssize_t i = 0;
        for (; i < size && !(ascii[i] & 0x80); i++)
            small[i] = (uint16_t)ascii[i];
        if (i == size)
            return up_Unicode_FromUtf16(ctx, small, size);
    }
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
