/*
 * JSON strings: from the bytes between two quotes to a Python unicode object.
 * Owner, thread and lifetime as in decoder.h.
 */
#ifndef HPYJSON_TEXT_H
#define HPYJSON_TEXT_H

#include "decoder.h"

/*
 * Reads the string whose opening quote is at the cursor and moves the cursor past the
 * closing quote. Returns a new handle, or HPy_NULL with an exception set.
 *
 * A \uXXXX pair of surrogates is one code point. A lone surrogate stays one in the result
 * where the interpreter's strings can hold it, as in CPython; where they cannot, it is a
 * ValueError. Either is what the interpreter's own json module does.
 */
HPy text_parse(Decoder *decoder);

#endif
