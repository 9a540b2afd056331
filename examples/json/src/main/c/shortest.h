/*
 * Doubles as the shortest decimal text that reads back as the same double, in the form of
 * Python's repr(). Pure: no state, no handles, any thread.
 */
#ifndef HPYJSON_SHORTEST_H
#define HPYJSON_SHORTEST_H

#include <stddef.h>

enum { SHORTEST_MAX_SIZE = 32 };

/* Writes a finite value to `text`, which has room for SHORTEST_MAX_SIZE; returns the length. No NUL. */
size_t shortest_write(char *text, double value);

#endif
