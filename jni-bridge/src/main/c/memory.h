/*
 * Native memory of a context, counted in Shared.native_bytes so that a test can see that none is left.
 */
#ifndef HPYVE_MEMORY_H
#define HPYVE_MEMORY_H

#include "state.h"

/* Shared.refused */
enum { REFUSED_HANDLE = 1, REFUSED_MEMORY = 2 };

/* Zeroed memory aligned for any type, or NULL, also if it would be more than the interpreter may have. */
void *memory_allocate(State *st, size_t bytes);

/* The same, but what is in it is not defined. */
void *memory_take(State *st, size_t bytes);

/* Like realloc; new bytes are zero. On failure NULL, and the old block stays. */
void *memory_resize(State *st, void *block, size_t bytes);

/* NULL is allowed. */
void memory_free(State *st, void *block);

#endif
