/*
 * Text that is being written: bytes that grow on demand.
 *
 * Owner:    whoever called buffer_init. Thread: only the owner's.
 * Lifetime: buffer_init to buffer_close.
 */
#ifndef HPYJSON_BUFFER_H
#define HPYJSON_BUFFER_H

#include <alloca.h> /* inline functions of hpy.h use it, and strict C11 hides it */
#include <stdbool.h>
#include <stddef.h>

#include "hpy.h"

typedef struct {
    HPyContext *ctx;
    char *bytes;
    size_t size;
    size_t capacity;
} Buffer;

void buffer_init(Buffer *buffer, HPyContext *ctx);

/* Frees the bytes. Touches neither handles nor the error flag. */
void buffer_close(Buffer *buffer);

/* Makes room for `more` bytes at bytes + size; false with MemoryError set. */
bool buffer_reserve(Buffer *buffer, size_t more);

/* False with MemoryError set. */
bool buffer_append(Buffer *buffer, const char *bytes, size_t size);

#endif
