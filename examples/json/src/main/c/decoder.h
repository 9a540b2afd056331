/*
 * The state of one decoding, shared by the parser, text and number families.
 *
 * Owner:    the C function that Python called; it keeps the Decoder on its stack.
 * Thread:   only the thread of that call.
 * Lifetime: decoder_init to decoder_close. Nothing survives the call: the module
 *           has no mutable statics, so one image may serve many interpreters.
 */
#ifndef HPYJSON_DECODER_H
#define HPYJSON_DECODER_H

#include <alloca.h> /* inline functions of hpy.h use it, and strict C11 hides it */
#include <stdbool.h>
#include <stddef.h>

#include "hpy.h"

typedef struct {
    HPyContext *ctx;
    const char *begin;  /* the whole text; error positions count from here */
    const char *cursor; /* the next byte to read */
    const char *end;    /* one past the last byte of the value being read */
    char *scratch;      /* grows on demand: unescaped strings, copied numbers */
    size_t scratch_size;
    size_t scratch_capacity;
} Decoder;

/* The text is borrowed: it must stay valid until decoder_close. */
void decoder_init(Decoder *decoder, HPyContext *ctx, const char *text, size_t size);

/* Frees the scratch memory. Touches neither handles nor the error flag. */
void decoder_close(Decoder *decoder);

/*
 * Raises ValueError "<problem>: line L column C (char N)". Lines and columns count
 * from 1, N from 0; columns and N count code points, as Python indexes a string.
 * If the bytes at the position are not UTF-8, that is what is reported instead.
 * Returns HPy_NULL, so that a caller can return the result.
 */
HPy decoder_fail(Decoder *decoder, const char *position, const char *problem);

/*
 * Length in bytes, 1 to 4, of the well-formed UTF-8 sequence at `position`, or 0 if
 * there is none before `end`. `position` must be less than `end`.
 */
size_t decoder_utf8_length(const char *position, const char *end);

/* The scratch buffer. Append returns false with MemoryError set. */
void decoder_scratch_clear(Decoder *decoder);
bool decoder_scratch_append(Decoder *decoder, const char *bytes, size_t size);

#endif
