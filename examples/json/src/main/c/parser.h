/*
 * The structure of JSON: values, arrays and objects.
 * Owner, thread and lifetime as in decoder.h.
 */
#ifndef HPYJSON_PARSER_H
#define HPYJSON_PARSER_H

#include "decoder.h"

/* Containers inside one another; one more is a ValueError. */
enum { PARSER_MAX_DEPTH = 1000 };

/* Moves over white space: space, tab, line feed, carriage return. */
const char *parser_skip_space(const char *p, const char *end);

/*
 * Reads the text from the cursor to the end, which must be one value with optional
 * white space around it. Returns a new handle, or HPy_NULL with an exception set.
 */
HPy parser_document(Decoder *decoder);

#endif
