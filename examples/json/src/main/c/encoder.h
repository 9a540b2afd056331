/*
 * From Python objects to JSON text.
 *
 * Owner:    the C function that Python called, which keeps the buffer.
 * Thread:   only the thread of that call.
 * Lifetime: nothing survives a call; the module has no mutable statics.
 */
#ifndef HPYJSON_ENCODER_H
#define HPYJSON_ENCODER_H

#include "buffer.h"

/* Containers inside one another; one more is a ValueError, as is a container inside itself. */
enum { ENCODER_MAX_DEPTH = 1000 };

/* Appends `value` as JSON in UTF-8. False with an exception set. */
bool encoder_value(Buffer *out, HPy value);

#endif
