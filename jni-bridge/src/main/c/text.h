/*
 * UTF-8 to UTF-16, strict: no overlong forms, no surrogates, nothing above U+10FFFF. No JNI: tested without a VM.
 */
#ifndef HPYVE_TEXT_H
#define HPYVE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where decoding failed: bytes start to end, and why, in the words of Python's codec. */
typedef struct {
    size_t start;
    size_t end;
    const char *reason;
} TextError;

/* Decodes n bytes into out, which has room for n units. The number of units goes to *units. */
bool text_decode(const uint8_t *bytes, size_t n, uint16_t *out, size_t *units, TextError *error);

#endif
