/*
 * The bytes of a text or of a str, fetched from Java once and kept in the handle's slot until it is freed.
 *
 * The bytes of a str need not be text, and text is not bytes: each reader has to be let in by its own upcall once,
 * which raises what is to be raised.
 */
#ifndef HPYVE_CONTENT_H
#define HPYVE_CONTENT_H

#include "state.h"

/* Bits of Slot.readers. Lent bytes belong to a block that was read ahead, see read.h. Once somebody has asked for them they
   must stay as long as the slot: those of a small block stay where they are, CONTENT_PLACE and the bits above it say where
   that is; those of a large one are copied. */
typedef enum {
    CONTENT_BYTES = 1,
    CONTENT_UNICODE = 2,
    CONTENT_TYPE_NAME = 4,
    CONTENT_LENT = 8,
    CONTENT_ASKED = 16,
    CONTENT_KEPT = 32, /* the block was dropped and waits for this slot */
} ContentReader;

enum { CONTENT_PLACE = 8 };

/* The bytes, NUL at the end, and their number; NULL with the exception set. Valid as long as the handle is. */
const char *content_of(HPyContext *ctx, HPy h, ContentReader reader, HPy_ssize_t *size);

/* Java gives the bytes when it is asked for them. False if there is no memory. */
bool content_keep(State *st, JNIEnv *env, HPy h, jbyteArray bytes);

/* The same before anybody has asked; h is an exact text or str, and its bytes are for those who read it as what it is. */
void content_bring(State *st, JNIEnv *env, HPy h, jbyteArray bytes);

#endif
