/*
 * Strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. No JNI: tested without a VM.
 */
#ifndef HPYVE_TEXT_H
#define HPYVE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a text is made of. */
typedef struct {
    size_t points; /* code points */
    bool astral; /* is one of them above U+FFFF? */
} TextShape;

/* Where a text is wrong: bytes start to end, and why, in the words of Python's codec. */
typedef struct {
    size_t start;
    size_t end;
    const char *reason;
} TextError;

/* Reads n bytes. False, with *error set, if they are no text. */
bool text_scan(const uint8_t *bytes, size_t n, TextShape *shape, TextError *error);

/* Bytes at the beginning that are 7-bit. */
size_t text_ascii(const uint8_t *bytes, size_t n);

/* Writes a code point that is no surrogate; the number of bytes, 1 to 4. */
size_t text_encode(uint32_t point, uint8_t *out);

#endif
