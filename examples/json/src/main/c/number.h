/*
 * JSON numbers: int for those without fraction and exponent, float for the others.
 * Owner, thread and lifetime as in decoder.h.
 */
#ifndef HPYJSON_NUMBER_H
#define HPYJSON_NUMBER_H

#include "decoder.h"

/*
 * Reads the number at the cursor, which stands on '-' or a digit, and moves the cursor
 * past it. Ints have any size; floats are correctly rounded, and an exponent that is
 * too large gives infinity, as in Python. Returns a new handle, or HPy_NULL with an
 * exception set.
 */
HPy number_parse(Decoder *decoder);

#endif
