/*
 * HPyUnicode_FromFormat and HPyErr_Format.
 *
 * The result is put together as UTF-8 in one growing block. A unit of the format is first read into
 * a Spec and then written by the function for its kind of conversion. All functions with a bool
 * result return false with an error set.
 */
#include "hpy.h"
#include "text.h"

#include <string.h>

typedef struct {
    HPyContext *ctx;
    char *utf8;
    size_t size;
    size_t capacity;
} Text;

typedef struct {
    bool zeros;             /* the option 0 */
    HPy_ssize_t width;      /* -1: not given */
    HPy_ssize_t precision;  /* -1: not given */
    char length;            /* 0, 'l', 'L' (for ll) or 'z' */
    char conversion;
} Spec;

static bool system_error(HPyContext *ctx, const char *message)
{
    HPyErr_SetString(ctx, ctx->h_SystemError, message);
    return false;
}

/* ---- the growing block ---- */

static bool reserve(Text *t, size_t extra)
{
    if (extra <= t->capacity - t->size)
        return true;
    size_t limit = PTRDIFF_MAX;
    char *grown = NULL;
    size_t capacity = 0;
    if (extra <= limit - t->size) {
        capacity = t->size + extra;
        capacity += capacity / 2 <= limit - capacity ? capacity / 2 : 0;
        grown = (char *)realloc(t->utf8, capacity);
    }
    if (grown == NULL) {
        HPyErr_SetString(t->ctx, t->ctx->h_MemoryError, "cannot allocate memory for string format");
        return false;
    }
    t->utf8 = grown;
    t->capacity = capacity;
    return true;
}

static bool append(Text *t, const char *utf8, size_t size)
{
    if (!reserve(t, size))
        return false;
    memcpy(t->utf8 + t->size, utf8, size);
    t->size += size;
    return true;
}

static bool append_repeated(Text *t, char c, HPy_ssize_t count)
{
    if (count <= 0)
        return true;
    if (!reserve(t, (size_t)count))
        return false;
    memset(t->utf8 + t->size, c, (size_t)count);
    t->size += (size_t)count;
    return true;
}

/* The text as a new str. */
static HPy finish(Text *t)
{
    if (memchr(t->utf8, '\0', t->size) != NULL)
        return text_from_utf8(t->ctx, t->utf8, t->size);
    if (!append(t, "", 1))
        return HPy_NULL;
    return HPyUnicode_FromString(t->ctx, t->utf8);
}

/* ---- UTF-8 ---- */

static bool continues_character(char byte)
{
    return (byte & 0xc0) == 0x80;
}

/* Bytes of the first `limit` characters; *characters is how many they are. */
static size_t measure(const char *utf8, size_t size, size_t limit, HPy_ssize_t *characters)
{
    size_t count = 0;
    size_t i = 0;
    for (; i < size; i++) {
        if (continues_character(utf8[i]))
            continue;
        if (count == limit)
            break;
        count++;
    }
    *characters = (HPy_ssize_t)count;
    return i;
}

/* Bytes of the character that begins with `lead`. */
static size_t character_size(char lead)
{
    unsigned char byte = (unsigned char)lead;
    return byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

/* Bytes of the text, at most `limit` and without a part of a character. Reads no byte beyond. */
static size_t size_within(const char *utf8, size_t limit)
{
    const char *end = (const char *)memchr(utf8, '\0', limit);
    if (end != NULL)
        return (size_t)(end - utf8);
    size_t last = limit;
    while (last > 0 && continues_character(utf8[last - 1]))
        last--;
    if (last > 0 && character_size(utf8[last - 1]) > limit - (last - 1))
        return last - 1;
    return limit;
}

static size_t encode(char utf8[4], uint32_t code)
{
    if (code < 0x80) {
        utf8[0] = (char)code;
        return 1;
    }
    size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--, code >>= 6)
        utf8[i] = (char)(0x80 | (code & 0x3f));
    static const unsigned char lead[] = { 0xc0, 0xe0, 0xf0 };
    utf8[0] = (char)(lead[size - 2] | code);
    return size;
}

/* ---- reading a unit ---- */

/* Reads digits, if there are any, into *number. */
static bool read_number(HPyContext *ctx, const char **fmt, HPy_ssize_t *number, const char *too_big)
{
    for (; **fmt >= '0' && **fmt <= '9'; ++*fmt) {
        int digit = **fmt - '0';
        HPy_ssize_t sofar = *number < 0 ? 0 : *number;
        if (sofar > (HPY_SSIZE_T_MAX - digit) / 10) {
            HPyErr_SetString(ctx, ctx->h_ValueError, too_big);
            return false;
        }
        *number = sofar * 10 + digit;
    }
    return true;
}

/* Reads the length modifier, which only decimal conversions have. */
static char read_length(const char **fmt)
{
    size_t size = strncmp(*fmt, "ll", 2) == 0 ? 2 : **fmt == 'l' || **fmt == 'z' ? 1 : 0;
    char behind = (*fmt)[size];
    if (size == 0 || (behind != 'd' && behind != 'i' && behind != 'u'))
        return 0;
    char length = size == 2 ? 'L' : **fmt;
    *fmt += size;
    return length;
}

/* Reads what follows a % and steps behind it. */
static bool read_spec(HPyContext *ctx, const char **fmt, Spec *spec)
{
    *spec = (Spec){ .width = -1, .precision = -1 };
    if (**fmt == '0') {
        spec->zeros = true;
        ++*fmt;
    }
    if (!read_number(ctx, fmt, &spec->width, "width too big"))
        return false;
    if (**fmt == '.') {
        ++*fmt;
        if (!read_number(ctx, fmt, &spec->precision, "precision too big"))
            return false;
    }
    spec->length = read_length(fmt);
    spec->conversion = **fmt;
    if (spec->conversion != '\0')
        ++*fmt;
    return true;
}

static bool refuse_zeros(HPyContext *ctx, const Spec *spec)
{
    if (!spec->zeros)
        return true;
    HPyErr_Format(ctx, ctx->h_SystemError, "formatting unit '%%%c' does not support 0-padding",
                  spec->conversion);
    return false;
}

static bool refuse_options(HPyContext *ctx, const Spec *spec)
{
    if (!refuse_zeros(ctx, spec))
        return false;
    if (spec->width == -1 && spec->precision == -1)
        return true;
    HPyErr_Format(ctx, ctx->h_SystemError,
                  "formatting unit '%%%c' does not support width nor precision", spec->conversion);
    return false;
}

/* ---- numbers, characters, addresses ---- */

enum { MAX_DIGITS = 20 }; /* of 64 bits, in base 10 */

/* Puts the digits of `number` at the end of `digits`; the result is the first. */
static const char *digits_of(unsigned long long number, unsigned base, char digits[MAX_DIGITS])
{
    char *first = digits + MAX_DIGITS;
    do {
        *--first = "0123456789abcdef"[number % base];
        number /= base;
    } while (number != 0);
    return first;
}

static bool write_digits(Text *t, const Spec *spec, bool negative, unsigned long long magnitude,
                         unsigned base)
{
    char buffer[MAX_DIGITS];
    const char *digits = digits_of(magnitude, base, buffer);
    HPy_ssize_t size = buffer + MAX_DIGITS - digits;
    HPy_ssize_t zeros = spec->precision > size ? spec->precision - size : 0;
    HPy_ssize_t padding = spec->width - zeros - size - negative;
    if (!spec->zeros && !append_repeated(t, ' ', padding))
        return false;
    if (negative && !append(t, "-", 1))
        return false;
    if (spec->zeros && !append_repeated(t, '0', padding))
        return false;
    return append_repeated(t, '0', zeros) && append(t, digits, (size_t)size);
}

static long long next_signed(char length, va_list *values)
{
    switch (length) {
    case 'l': return va_arg(*values, long);
    case 'L': return va_arg(*values, long long);
    case 'z': return va_arg(*values, HPy_ssize_t);
    default: return va_arg(*values, int);
    }
}

static unsigned long long next_unsigned(char length, va_list *values)
{
    switch (length) {
    case 'l': return va_arg(*values, unsigned long);
    case 'L': return va_arg(*values, unsigned long long);
    case 'z': return va_arg(*values, size_t);
    default: return va_arg(*values, unsigned int);
    }
}

static bool write_number(Text *t, const Spec *spec, va_list *values)
{
    if (spec->conversion == 'x')
        return write_digits(t, spec, false, va_arg(*values, unsigned int), 16);
    if (spec->conversion == 'u')
        return write_digits(t, spec, false, next_unsigned(spec->length, values), 10);
    long long number = next_signed(spec->length, values);
    unsigned long long magnitude = (unsigned long long)number;
    return write_digits(t, spec, number < 0, number < 0 ? 0 - magnitude : magnitude, 10);
}

static bool write_character(Text *t, const Spec *spec, va_list *values)
{
    if (!refuse_options(t->ctx, spec))
        return false;
    int code = va_arg(*values, int);
    if (code < 0 || code > 0x10ffff) {
        HPyErr_SetString(t->ctx, t->ctx->h_OverflowError,
                         "character argument not in range(0x110000)");
        return false;
    }
    char utf8[4];
    return append(t, utf8, encode(utf8, (uint32_t)code));
}

static bool write_address(Text *t, const Spec *spec, va_list *values)
{
    if (!refuse_options(t->ctx, spec))
        return false;
    static const Spec plain = { .width = -1, .precision = -1 };
    uintptr_t address = (uintptr_t)va_arg(*values, const void *);
    return append(t, "0x", 2) && write_digits(t, &plain, false, address, 16);
}

/* ---- text ---- */

static bool write_padded(Text *t, const Spec *spec, const char *utf8, size_t size,
                         HPy_ssize_t characters)
{
    return append_repeated(t, ' ', spec->width - characters) && append(t, utf8, size);
}

static bool write_c_text(Text *t, const Spec *spec, const char *utf8)
{
    if (utf8 == NULL)
        return system_error(t->ctx, "null c string passed as value for formatting unit '%s'");
    size_t size = spec->precision < 0 ? strlen(utf8) : size_within(utf8, (size_t)spec->precision);
    HPy_ssize_t characters;
    measure(utf8, size, size, &characters);
    return write_padded(t, spec, utf8, size, characters);
}

static bool write_str(Text *t, const Spec *spec, HPy str)
{
    HPy_ssize_t size;
    const char *utf8 = HPyUnicode_AsUTF8AndSize(t->ctx, str, &size);
    if (utf8 == NULL)
        return false;
    size_t limit = spec->precision < 0 ? SIZE_MAX : (size_t)spec->precision;
    HPy_ssize_t characters;
    size_t written = measure(utf8, (size_t)size, limit, &characters);
    return write_padded(t, spec, utf8, written, characters);
}

static bool write_unicode(Text *t, const Spec *spec, HPy str)
{
    if (HPy_IsNull(str))
        return system_error(t->ctx, "HPy_NULL passed as value for formatting unit '%U'");
    return write_str(t, spec, str);
}

static bool write_either(Text *t, const Spec *spec, va_list *values)
{
    HPy str = va_arg(*values, HPy);
    const char *utf8 = va_arg(*values, const char *);
    return HPy_IsNull(str) ? write_c_text(t, spec, utf8) : write_str(t, spec, str);
}

static HPy described(HPyContext *ctx, char conversion, HPy h)
{
    switch (conversion) {
    case 'S': return HPy_Str(ctx, h);
    case 'R': return HPy_Repr(ctx, h);
    default: return HPy_ASCII(ctx, h);
    }
}

static bool write_description(Text *t, const Spec *spec, HPy h)
{
    if (HPy_IsNull(h))
        return system_error(
            t->ctx, "HPy_NULL passed as value for formatting unit '%S' or '%R' or '%A'");
    HPy str = described(t->ctx, spec->conversion, h);
    if (HPy_IsNull(str))
        return false;
    bool ok = write_str(t, spec, str);
    HPy_Close(t->ctx, str);
    return ok;
}

static bool write_text(Text *t, const Spec *spec, va_list *values)
{
    if (!refuse_zeros(t->ctx, spec))
        return false;
    switch (spec->conversion) {
    case 's': return write_c_text(t, spec, va_arg(*values, const char *));
    case 'U': return write_unicode(t, spec, va_arg(*values, HPy));
    case 'V': return write_either(t, spec, values);
    default: return write_description(t, spec, va_arg(*values, HPy));
    }
}

/* ---- the format ---- */

static bool write_unit(Text *t, const Spec *spec, va_list *values)
{
    switch (spec->conversion) {
    case 'd': case 'i': case 'u': case 'x':
        return write_number(t, spec, values);
    case 'c':
        return write_character(t, spec, values);
    case 'p':
        return write_address(t, spec, values);
    case 's': case 'U': case 'V': case 'S': case 'R': case 'A':
        return write_text(t, spec, values);
    default:
        return system_error(t->ctx, "invalid format string");
    }
}

/* The text up to the next unit, which must be ASCII. */
static bool write_literal(Text *t, const char **fmt)
{
    size_t size = strcspn(*fmt, "%");
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)(*fmt)[i];
        if (c > 127) {
            HPyErr_Format(t->ctx, t->ctx->h_ValueError,
                          "expected an ASCII-encoded format string, got a non-ASCII byte: 0x%02x",
                          c);
            return false;
        }
    }
    bool ok = append(t, *fmt, size);
    *fmt += size;
    return ok;
}

static bool write_format(Text *t, const char *fmt, va_list *values)
{
    while (*fmt != '\0') {
        if (*fmt != '%') {
            if (!write_literal(t, &fmt))
                return false;
            continue;
        }
        fmt++;
        if (*fmt == '%') {
            if (!append(t, fmt++, 1))
                return false;
            continue;
        }
        Spec spec;
        if (!read_spec(t->ctx, &fmt, &spec) || !write_unit(t, &spec, values))
            return false;
    }
    return true;
}

HPy HPyUnicode_FromFormatV(HPyContext *ctx, const char *fmt, va_list values)
{
    Text text = { .ctx = ctx };
    va_list copy;
    va_copy(copy, values);
    HPy result = HPy_NULL;
    if (reserve(&text, strlen(fmt) + 64) && write_format(&text, fmt, &copy))
        result = finish(&text);
    va_end(copy);
    free(text.utf8);
    return result;
}

HPy HPyUnicode_FromFormat(HPyContext *ctx, const char *fmt, ...)
{
    va_list values;
    va_start(values, fmt);
    HPy result = HPyUnicode_FromFormatV(ctx, fmt, values);
    va_end(values);
    return result;
}

HPy HPyErr_Format(HPyContext *ctx, HPy type, const char *fmt, ...)
{
    va_list values;
    va_start(values, fmt);
    HPy message = HPyUnicode_FromFormatV(ctx, fmt, values);
    va_end(values);
    if (HPy_IsNull(message))
        return HPy_NULL;
    HPyErr_SetObject(ctx, type, message);
    HPy_Close(ctx, message);
    return HPy_NULL;
}
