/*
 * Short texts that come again and again, such as the keys of records: the context keeps a handle of each, and gives a
 * duplicate when it is asked to make the text once more. A text becomes known when it is met for the second time while
 * its place is not used by another one that is met as often. The handles kept here are not counted as open ones.
 * While leaks are traced no text is known: one that is left open has a slot that tells who has opened it.
 * No JNI: tested without a VM.
 *
 * Owner: the context. Thread: the one that runs the interpreter.
 */
#ifndef HPYVE_KNOWN_H
#define HPYVE_KNOWN_H

#include "state.h"

/* What is left to do if known_text found nothing: NULL if the text is too long to be known. */
typedef struct KnownPlace KnownPlace;

/* A new handle of the text, or HPy_NULL; then *place is where known_learn may keep it, NULL if it should not. */
HPy known_text(State *st, const uint8_t *utf8, size_t n, KnownPlace **place);

/* Keeps the text of the handle; whoever had the place is forgotten. */
void known_learn(State *st, KnownPlace *place, const uint8_t *utf8, size_t n, HPy text);

/* Forgets all texts. */
void known_forget(State *st);

void known_release(State *st);

#endif
