/*
 * The bytes of a text or of a str, fetched from Java once and kept in the handle's slot until it is freed.
 *
 * What is kept says which upcall fetched it: the bytes of a str need not be text, and text is not bytes, so another
 * upcall must agree before it gets them.
 */
#ifndef HPYVE_CONTENT_H
#define HPYVE_CONTENT_H

#include "state.h"

/* An upcall that gives an object's bytes. */
typedef jbyteArray (*ContentFetch)(HPyContext *ctx, HPy h);

/* The bytes, NUL at the end, and their number; NULL with the exception set. Valid as long as the handle is. */
const char *content_of(HPyContext *ctx, HPy h, ContentFetch fetch, HPy_ssize_t *size);

#endif
