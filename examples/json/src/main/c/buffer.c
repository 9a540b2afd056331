#include "buffer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void buffer_init(Buffer *buffer, HPyContext *ctx)
{
    *buffer = (Buffer){.ctx = ctx};
}

void buffer_close(Buffer *buffer)
{
    free(buffer->bytes);
    buffer->bytes = NULL;
}

bool buffer_reserve(Buffer *buffer, size_t more)
{
    if (more <= buffer->capacity - buffer->size) {
        return true;
    }
    if (more > PTRDIFF_MAX - buffer->size) {
        HPyErr_NoMemory(buffer->ctx);
        return false;
    }
    /* Doubles, so that appending stays linear in the length of the text. */
    size_t capacity = buffer->capacity ? buffer->capacity : 256;
    while (capacity < buffer->size + more) {
        capacity *= 2;
    }
    char *bytes = realloc(buffer->bytes, capacity);
    if (bytes == NULL) {
        HPyErr_NoMemory(buffer->ctx);
        return false;
    }
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}

bool buffer_append(Buffer *buffer, const char *bytes, size_t size)
{
    if (!buffer_reserve(buffer, size)) {
        return false;
    }
    if (size > 0) { /* memcpy must not see the NULL of an empty buffer */
        memcpy(buffer->bytes + buffer->size, bytes, size);
    }
    buffer->size += size;
    return true;
}
