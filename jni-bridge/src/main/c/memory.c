#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* Stands before each block and remembers its size. */
typedef union {
    size_t bytes;
    max_align_t align;
} Prefix;

static bool memory_allowed(State *st, size_t old_bytes, size_t bytes)
{
    Shared *shared = st->shared;
    shared->refused = 0;
    if (!shared->native_limit || bytes <= old_bytes ||
        (int64_t)(bytes - old_bytes) <= shared->native_limit - shared->native_bytes)
        return true;
    shared->refused = REFUSED_MEMORY;
    return false;
}

void *memory_resize(State *st, void *block, size_t bytes)
{
    Prefix *old = block ? (Prefix *)block - 1 : NULL;
    size_t old_bytes = old ? old->bytes : 0;
    if (bytes > PTRDIFF_MAX - sizeof(Prefix) || !memory_allowed(st, old_bytes, bytes))
        return NULL;
    /* A large new block is zero already: its pages are not touched before they are used. */
    Prefix *prefix = old ? realloc(old, sizeof(Prefix) + bytes) : calloc(1, sizeof(Prefix) + bytes);
    if (!prefix)
        return NULL;
    prefix->bytes = bytes;
    st->shared->native_bytes += (int64_t)bytes - (int64_t)old_bytes;
    if (old && bytes > old_bytes)
        memset((char *)(prefix + 1) + old_bytes, 0, bytes - old_bytes);
    return prefix + 1;
}

void *memory_allocate(State *st, size_t bytes)
{
    return memory_resize(st, NULL, bytes);
}

void *memory_take(State *st, size_t bytes)
{
    if (bytes > PTRDIFF_MAX - sizeof(Prefix) || !memory_allowed(st, 0, bytes))
        return NULL;
    Prefix *prefix = malloc(sizeof(Prefix) + bytes);
    if (!prefix)
        return NULL;
    prefix->bytes = bytes;
    st->shared->native_bytes += (int64_t)bytes;
    return prefix + 1;
}

void memory_free(State *st, void *block)
{
    if (!block)
        return;
    Prefix *prefix = (Prefix *)block - 1;
    st->shared->native_bytes -= (int64_t)prefix->bytes;
    free(prefix);
}
