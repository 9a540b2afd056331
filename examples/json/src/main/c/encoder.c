#include "encoder.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "shortest.h"

_Static_assert(ENCODER_MAX_DEPTH == 1000, "the message in enter names the limit");

typedef struct {
    Buffer *out;
    HPyContext *ctx;
    int depth;
} Encoder;

static bool write_value(Encoder *encoder, HPy value);

static bool fail_type(HPyContext *ctx, HPy value, const char *problem)
{
    HPy type = HPy_Type(ctx, value);
    if (HPy_IsNull(type)) {
        return false;
    }
    const char *name = HPyType_GetName(ctx, type);
    if (name != NULL) {
        HPyErr_Format(ctx, ctx->h_TypeError, problem, name);
    }
    HPy_Close(ctx, type);
    return false;
}

/* Non-zero for the bytes of UTF-8 that JSON wants escaped: the letter after the backslash, or 'u'. */
static const char escapes[256] = {
    ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r',
    ['"'] = '"', ['\\'] = '\\',
    [0] = 'u', [1] = 'u', [2] = 'u', [3] = 'u', [4] = 'u', [5] = 'u', [6] = 'u', [7] = 'u',
    [11] = 'u', [14] = 'u', [15] = 'u', [16] = 'u', [17] = 'u', [18] = 'u', [19] = 'u',
    [20] = 'u', [21] = 'u', [22] = 'u', [23] = 'u', [24] = 'u', [25] = 'u', [26] = 'u',
    [27] = 'u', [28] = 'u', [29] = 'u', [30] = 'u', [31] = 'u',
};

static bool write_escape(Buffer *out, unsigned char byte)
{
    char text[8] = {'\\', escapes[byte]};
    if (text[1] == 'u') {
        snprintf(text + 1, sizeof text - 1, "u%04x", byte);
    }
    return buffer_append(out, text, strlen(text));
}

static bool write_text(Encoder *encoder, HPy text)
{
    Buffer *out = encoder->out;
    HPy_ssize_t size;
    const char *p = HPyUnicode_AsUTF8AndSize(encoder->ctx, text, &size);
    if (p == NULL) {
        return false;
    }
    const char *end = p + size;
    if (!buffer_append(out, "\"", 1)) {
        return false;
    }
    for (;;) {
        const char *plain = p;
        while (p < end && !escapes[(unsigned char)*p]) {
            p++;
        }
        if (!buffer_append(out, plain, (size_t)(p - plain))) {
            return false;
        }
        if (p == end) {
            return buffer_append(out, "\"", 1);
        }
        if (!write_escape(out, (unsigned char)*p++)) {
            return false;
        }
    }
}

/* An int beyond 64 bits, by Python's own str(). */
static bool write_big_int(Encoder *encoder, HPy value)
{
    HPyContext *ctx = encoder->ctx;
    HPy text = HPy_Str(ctx, value);
    if (HPy_IsNull(text)) {
        return false;
    }
    HPy_ssize_t size;
    const char *digits = HPyUnicode_AsUTF8AndSize(ctx, text, &size);
    bool written = digits != NULL && buffer_append(encoder->out, digits, (size_t)size);
    HPy_Close(ctx, text);
    return written;
}

static bool write_int(Encoder *encoder, HPy value)
{
    HPyContext *ctx = encoder->ctx;
    Buffer *out = encoder->out;
    int64_t number = HPyLong_AsInt64_t(ctx, value);
    if (number == -1 && HPyErr_Occurred(ctx)) {
        if (!HPyErr_ExceptionMatches(ctx, ctx->h_OverflowError)) {
            return false;
        }
        HPyErr_Clear(ctx);
        return write_big_int(encoder, value);
    }
    char digits[20];
    char *first = digits + sizeof digits;
    uint64_t magnitude = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do {
        *--first = (char)('0' + magnitude % 10);
        magnitude /= 10;
    } while (magnitude > 0);
    if (number < 0) {
        *--first = '-';
    }
    return buffer_append(out, first, (size_t)(digits + sizeof digits - first));
}

static bool write_float(Encoder *encoder, HPy value)
{
    HPyContext *ctx = encoder->ctx;
    Buffer *out = encoder->out;
    double number = HPyFloat_AsDouble(ctx, value);
    if (number == -1 && HPyErr_Occurred(ctx)) {
        return false;
    }
    if (!isfinite(number)) {
        HPyErr_SetString(ctx, ctx->h_ValueError, "NaN and infinity are not JSON");
        return false;
    }
    if (!buffer_reserve(out, SHORTEST_MAX_SIZE)) {
        return false;
    }
    out->size += shortest_write(out->bytes + out->size, number);
    return true;
}

/* What is neither text nor a container. Sets `*known` to false, and does nothing, for all else. */
static bool write_atom(Encoder *encoder, HPy value, bool *known)
{
    HPyContext *ctx = encoder->ctx;
    *known = true;
    if (HPy_Is(ctx, value, ctx->h_None)) {
        return buffer_append(encoder->out, "null", 4);
    }
    if (HPy_Is(ctx, value, ctx->h_True)) {
        return buffer_append(encoder->out, "true", 4);
    }
    if (HPy_Is(ctx, value, ctx->h_False)) {
        return buffer_append(encoder->out, "false", 5);
    }
    if (HPy_TypeCheck(ctx, value, ctx->h_LongType)) {
        return write_int(encoder, value);
    }
    if (HPy_TypeCheck(ctx, value, ctx->h_FloatType)) {
        return write_float(encoder, value);
    }
    *known = false;
    return true;
}

/* A key: text, or a number, bool or None as text, as the standard module has it. */
static bool write_key(Encoder *encoder, HPy key)
{
    if (HPyUnicode_Check(encoder->ctx, key)) {
        return write_text(encoder, key);
    }
    bool known;
    if (!buffer_append(encoder->out, "\"", 1) || !write_atom(encoder, key, &known)) {
        return false;
    }
    if (!known) {
        return fail_type(encoder->ctx, key, "a JSON key cannot be of type %s");
    }
    return buffer_append(encoder->out, "\"", 1);
}

/* Writes the separator and what `keys` has at `index`, with its value. */
static bool write_member(Encoder *encoder, HPy dict, HPy keys, HPy_ssize_t index)
{
    HPyContext *ctx = encoder->ctx;
    HPy key = HPy_GetItem_i(ctx, keys, index);
    if (HPy_IsNull(key)) {
        return false;
    }
    HPy value = HPy_GetItem(ctx, dict, key);
    bool written = !HPy_IsNull(value)
        && (index == 0 || buffer_append(encoder->out, ",", 1))
        && write_key(encoder, key)
        && buffer_append(encoder->out, ":", 1)
        && write_value(encoder, value);
    HPy_Close(ctx, value);
    HPy_Close(ctx, key);
    return written;
}

static bool write_members(Encoder *encoder, HPy dict)
{
    HPyContext *ctx = encoder->ctx;
    HPy keys = HPyDict_Keys(ctx, dict);
    if (HPy_IsNull(keys)) {
        return false;
    }
    HPy_ssize_t length = HPy_Length(ctx, keys);
    bool written = length >= 0;
    for (HPy_ssize_t i = 0; written && i < length; i++) {
        written = write_member(encoder, dict, keys, i);
    }
    HPy_Close(ctx, keys);
    return written;
}

static bool write_items(Encoder *encoder, HPy sequence)
{
    HPyContext *ctx = encoder->ctx;
    HPy_ssize_t length = HPy_Length(ctx, sequence);
    bool written = length >= 0;
    for (HPy_ssize_t i = 0; written && i < length; i++) {
        HPy item = HPy_GetItem_i(ctx, sequence, i);
        written = !HPy_IsNull(item)
            && (i == 0 || buffer_append(encoder->out, ",", 1))
            && write_value(encoder, item);
        HPy_Close(ctx, item);
    }
    return written;
}

static bool enter(Encoder *encoder)
{
    if (encoder->depth == ENCODER_MAX_DEPTH) {
        HPyErr_SetString(encoder->ctx, encoder->ctx->h_ValueError,
                         "Nesting deeper than 1000, or a container inside itself");
        return false;
    }
    encoder->depth++;
    return true;
}

static bool write_object(Encoder *encoder, HPy dict)
{
    bool written = enter(encoder) && buffer_append(encoder->out, "{", 1)
        && write_members(encoder, dict) && buffer_append(encoder->out, "}", 1);
    encoder->depth--;
    return written;
}

static bool write_array(Encoder *encoder, HPy sequence)
{
    bool written = enter(encoder) && buffer_append(encoder->out, "[", 1)
        && write_items(encoder, sequence) && buffer_append(encoder->out, "]", 1);
    encoder->depth--;
    return written;
}

static bool write_value(Encoder *encoder, HPy value)
{
    HPyContext *ctx = encoder->ctx;
    if (HPyUnicode_Check(ctx, value)) {
        return write_text(encoder, value);
    }
    bool known;
    if (!write_atom(encoder, value, &known)) {
        return false;
    }
    if (known) {
        return true;
    }
    if (HPyDict_Check(ctx, value)) {
        return write_object(encoder, value);
    }
    if (HPyList_Check(ctx, value) || HPyTuple_Check(ctx, value)) {
        return write_array(encoder, value);
    }
    return fail_type(ctx, value, "JSON has no form for the type %s");
}

bool encoder_value(Buffer *out, HPy value)
{
    Encoder encoder = {out, out->ctx, 0};
    return write_value(&encoder, value);
}
