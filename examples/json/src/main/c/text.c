#include "text.h"

#include <stdint.h>
#include <stdlib.h>
#include <wchar.h>

/* HPyUnicode_FromWideChar is used with one unit for each code point. */
_Static_assert(sizeof(wchar_t) == 4, "wchar_t must hold any code point");

/* What a string turned out to contain; decides how the object is made. */
typedef struct {
    bool non_ascii;
    bool nul;
    bool surrogate;
} Contents;

/* Non-zero for the bytes that end a run of plain characters: controls, '"', '\\' and
   everything that is not ASCII. A table, because this is the decoder's hottest loop. */
static const uint8_t special[256] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 0x00 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 0x10 */
    0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 0x20: '"' */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 0x30 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 0x40 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, /* 0x50: '\\' */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 0x60 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 0x70 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 0x80 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 0x90 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 0xA0 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 0xB0 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 0xC0 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 0xD0 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 0xE0 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 0xF0 */
};

static const char *skip_plain(const char *p, const char *end)
{
    while (p < end && !special[(unsigned char)*p]) {
        p++;
    }
    return p;
}

/* The four hexadecimal digits at p, or -1. */
static int32_t hex4(const char *p, const char *end)
{
    if (end - p < 4) {
        return -1;
    }
    int32_t unit = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        int digit;
        if (c >= '0' && c <= '9') {
            digit = c - '0';
        } else if (c >= 'a' && c <= 'f') {
            digit = c - 'a' + 10;
        } else if (c >= 'A' && c <= 'F') {
            digit = c - 'A' + 10;
        } else {
            return -1;
        }
        unit = unit * 16 + digit;
    }
    return unit;
}

/* Surrogates get the three bytes that UTF-8 forbids; make_wide reads them back. */
static bool append_code_point(Decoder *decoder, uint32_t code_point)
{
    char bytes[4];
    size_t size;
    if (code_point < 0x80) {
        bytes[0] = (char)code_point;
        size = 1;
    } else if (code_point < 0x800) {
        bytes[0] = (char)(0xC0 | (code_point >> 6));
        bytes[1] = (char)(0x80 | (code_point & 0x3F));
        size = 2;
    } else if (code_point < 0x10000) {
        bytes[0] = (char)(0xE0 | (code_point >> 12));
        bytes[1] = (char)(0x80 | ((code_point >> 6) & 0x3F));
        bytes[2] = (char)(0x80 | (code_point & 0x3F));
        size = 3;
    } else {
        bytes[0] = (char)(0xF0 | (code_point >> 18));
        bytes[1] = (char)(0x80 | ((code_point >> 12) & 0x3F));
        bytes[2] = (char)(0x80 | ((code_point >> 6) & 0x3F));
        bytes[3] = (char)(0x80 | (code_point & 0x3F));
        size = 4;
    }
    return decoder_scratch_append(decoder, bytes, size);
}

/* Reads the escape whose backslash is at p, with at least one byte after it, into the
   scratch buffer. Returns the first byte after it, or NULL with an exception set. */
static const char *read_escape(Decoder *decoder, const char *p, Contents *contents)
{
    const char *end = decoder->end;
    const char *backslash = p++;
    uint32_t code_point;

    switch (*p) {
    case '"':
    case '\\':
    case '/':
        code_point = (unsigned char)*p;
        break;
    case 'b':
        code_point = '\b';
        break;
    case 'f':
        code_point = '\f';
        break;
    case 'n':
        code_point = '\n';
        break;
    case 'r':
        code_point = '\r';
        break;
    case 't':
        code_point = '\t';
        break;
    case 'u': {
        int32_t unit = hex4(p + 1, end);
        if (unit < 0) {
            decoder_fail(decoder, backslash, "Expecting four hexadecimal digits after \\u");
            return NULL;
        }
        p += 4;
        code_point = (uint32_t)unit;
        if (unit >= 0xD800 && unit <= 0xDBFF && end - p > 2 && p[1] == '\\' && p[2] == 'u') {
            /* If no low half follows, the next escape is left for the next turn,
               which also reports it if it is malformed. */
            int32_t low = hex4(p + 3, end);
            if (low >= 0xDC00 && low <= 0xDFFF) {
                code_point = 0x10000 + ((uint32_t)(unit - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
                p += 6;
            }
        }
        break;
    }
    default:
        decoder_fail(decoder, backslash, "Unknown escape in a string");
        return NULL;
    }

    if (code_point == 0) {
        contents->nul = true;
    } else if (code_point >= 0x80) {
        contents->non_ascii = true;
        if (code_point >= 0xD800 && code_point <= 0xDFFF) {
            contents->surrogate = true;
        }
    }
    return append_code_point(decoder, code_point) ? p + 1 : NULL;
}

/* A unicode object from the scratch buffer by way of code points: the one constructor
   that takes both a length and characters that UTF-8 cannot express. */
static HPy make_wide(Decoder *decoder)
{
    const unsigned char *byte = (const unsigned char *)decoder->scratch;
    const unsigned char *end = byte + decoder->scratch_size;
    wchar_t *wide = calloc(decoder->scratch_size, sizeof *wide);
    if (wide == NULL) {
        return HPyErr_NoMemory(decoder->ctx);
    }

    HPy_ssize_t length = 0;
    while (byte < end) {
        /* No checks: this file wrote or validated these bytes. */
        uint32_t code_point = *byte++;
        int more = 0;
        if (code_point >= 0xF0) {
            code_point &= 0x07;
            more = 3;
        } else if (code_point >= 0xE0) {
            code_point &= 0x0F;
            more = 2;
        } else if (code_point >= 0xC0) {
            code_point &= 0x1F;
            more = 1;
        }
        while (more-- > 0) {
            code_point = (code_point << 6) | (*byte++ & 0x3F);
        }
        wide[length++] = (wchar_t)code_point;
    }

    HPy result = HPyUnicode_FromWideChar(decoder->ctx, wide, length);
    free(wide);
    return result;
}

/* The object for the scratch buffer, read from the string whose opening quote is at
   `quote`. */
static HPy make_text(Decoder *decoder, const Contents *contents, const char *quote)
{
    HPyContext *ctx = decoder->ctx;
    if (!contents->non_ascii) {
        return HPyUnicode_DecodeASCII(ctx, decoder->scratch, (HPy_ssize_t)decoder->scratch_size,
                                      NULL);
    }
    if (contents->nul || contents->surrogate) {
        HPy result = make_wide(decoder);
        if (HPy_IsNull(result) && contents->surrogate
            && HPyErr_ExceptionMatches(ctx, ctx->h_ValueError)) {
            HPyErr_Clear(ctx); /* say where, which the interpreter cannot know */
            return decoder_fail(decoder, quote, "Lone surrogate in a string");
        }
        return result;
    }
    if (!decoder_scratch_append(decoder, "", 1)) {
        return HPy_NULL;
    }
    return HPyUnicode_FromString(ctx, decoder->scratch);
}

/* A string with escapes or with other characters than ASCII. The bytes from `first`
   to `p` are known to be plain. */
static HPy parse_general(Decoder *decoder, const char *first, const char *p)
{
    const char *end = decoder->end;
    const char *pending = first; /* read, but not yet in the scratch buffer */
    Contents contents = {false, false, false};
    decoder_scratch_clear(decoder);

    for (;;) {
        p = skip_plain(p, end);
        if (p == end || (*p == '\\' && p + 1 == end)) {
            return decoder_fail(decoder, first - 1, "String without a closing quote");
        }
        if (*p == '"') {
            break;
        }
        if ((unsigned char)*p >= 0x80) {
            size_t length = decoder_utf8_length(p, end);
            if (length == 0) {
                return decoder_fail(decoder, p, "Invalid UTF-8");
            }
            contents.non_ascii = true;
            p += length;
        } else if (*p == '\\') {
            if (!decoder_scratch_append(decoder, pending, (size_t)(p - pending))) {
                return HPy_NULL;
            }
            p = read_escape(decoder, p, &contents);
            if (p == NULL) {
                return HPy_NULL;
            }
            pending = p;
        } else {
            return decoder_fail(decoder, p, "Unescaped control character in a string");
        }
    }
    if (!decoder_scratch_append(decoder, pending, (size_t)(p - pending))) {
        return HPy_NULL;
    }
    decoder->cursor = p + 1;
    return make_text(decoder, &contents, first - 1);
}

HPy text_parse(Decoder *decoder)
{
    const char *first = decoder->cursor + 1;
    const char *p = skip_plain(first, decoder->end);
    if (p < decoder->end && *p == '"') {
        /* Most strings: ASCII without escapes, made without a copy. */
        decoder->cursor = p + 1;
        return HPyUnicode_DecodeASCII(decoder->ctx, first, (HPy_ssize_t)(p - first), NULL);
    }
    return parse_general(decoder, first, p);
}
