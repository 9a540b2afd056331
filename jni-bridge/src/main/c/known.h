/*
 * Short texts that come again and again, such as the keys of records: Java keeps their characters under a number, and
 * C says the number. A text becomes known when it is met for the second time while its place is not used by another
 * one that is met as often. No JNI: tested without a VM.
 *
 * Owner: the context. Thread: the one that runs the interpreter.
 */
#ifndef HPYVE_KNOWN_H
#define HPYVE_KNOWN_H

#include "state.h"

enum { KNOWN_TEXTS = 1024, KNOWN_BYTES = 32 };

typedef enum { KNOWN_NOT, KNOWN_NEW, KNOWN } KnownAnswer;

/* Is it known? KNOWN_NEW: it is from now on, and Java has to learn it under this number. */
KnownAnswer known_find(State *st, const uint8_t *utf8, size_t n, uint32_t *number);

/* Java could not be told. */
void known_forget(State *st, uint32_t number);

void known_release(State *st);

#endif
