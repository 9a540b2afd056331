#include "decoder.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void decoder_init(Decoder *decoder, HPyContext *ctx, const char *text, size_t size)
{
    *decoder = (Decoder){
        .ctx = ctx,
        .begin = text,
        .cursor = text,
        .end = text + size,
    };
}

void decoder_close(Decoder *decoder)
{
    free(decoder->scratch);
    decoder->scratch = NULL;
}

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

size_t decoder_utf8_length(const char *position, const char *end)
{
    const unsigned char *byte = (const unsigned char *)position;
    size_t available = (size_t)(end - position);
    unsigned char lead = byte[0];

    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xC2) { /* a stray continuation byte, or an overlong form */
        return 0;
    }
    if (available < 2 || !is_continuation(position[1])) {
        return 0;
    }
    if (lead < 0xE0) {
        return 2;
    }
    if (available < 3 || !is_continuation(position[2])) {
        return 0;
    }
    if (lead < 0xF0) {
        bool overlong = lead == 0xE0 && byte[1] < 0xA0;
        bool surrogate = lead == 0xED && byte[1] > 0x9F;
        return overlong || surrogate ? 0 : 3;
    }
    if (available < 4 || !is_continuation(position[3])) {
        return 0;
    }
    bool overlong = lead == 0xF0 && byte[1] < 0x90;
    bool beyond_unicode = lead > 0xF4 || (lead == 0xF4 && byte[1] > 0x8F);
    return overlong || beyond_unicode ? 0 : 4;
}

HPy decoder_fail(Decoder *decoder, const char *position, const char *problem)
{
    /* Everything before the position was read and found well formed, so counting
       the bytes that start a sequence counts code points. */
    size_t line = 1;
    size_t column = 1;
    size_t index = 0;
    for (const char *p = decoder->begin; p < position; p++) {
        if (is_continuation(*p)) {
            continue;
        }
        index++;
        column++;
        if (*p == '\n') {
            line++;
            column = 1;
        }
    }

    const char *unit = "char";
    if (position < decoder->end && decoder_utf8_length(position, decoder->end) == 0) {
        problem = "Invalid UTF-8";
        unit = "byte";
        index = (size_t)(position - decoder->begin);
    }

    char message[160];
    snprintf(message, sizeof message, "%s: line %zu column %zu (%s %zu)", problem, line, column,
             unit, index);
    HPyErr_SetString(decoder->ctx, decoder->ctx->h_ValueError, message);
    return HPy_NULL;
}

void decoder_scratch_clear(Decoder *decoder)
{
    decoder->scratch_size = 0;
}

/* Doubles, so that appending stays linear in the length of the result. */
static bool grow_scratch(Decoder *decoder, size_t needed)
{
    size_t capacity = decoder->scratch_capacity ? decoder->scratch_capacity : 256;
    while (capacity < needed) {
        if (capacity > SIZE_MAX / 2) {
            capacity = needed;
            break;
        }
        capacity *= 2;
    }
    char *scratch = realloc(decoder->scratch, capacity);
    if (scratch == NULL) {
        HPyErr_NoMemory(decoder->ctx);
        return false;
    }
    decoder->scratch = scratch;
    decoder->scratch_capacity = capacity;
    return true;
}

bool decoder_scratch_append(Decoder *decoder, const char *bytes, size_t size)
{
    if (size == 0) {
        return true; /* memcpy must not see the NULL of an empty scratch buffer */
    }
    /* No overflow: the scratch never holds more than the text, plus a NUL. */
    size_t needed = decoder->scratch_size + size;
    if (needed > decoder->scratch_capacity && !grow_scratch(decoder, needed)) {
        return false;
    }
    memcpy(decoder->scratch + decoder->scratch_size, bytes, size);
    decoder->scratch_size = needed;
    return true;
}
