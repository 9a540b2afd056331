/*
 * The operation log: what C was asked to make or to change, in program order, for Java to carry out in the crossing
 * that comes next or when the down-call returns. Only what cannot fail and runs no Python code is recorded: making
 * texts, bytes, ints, lists, tuples, dicts and instances, and filling a list or dict as long as it is private, that is, as long as
 * nothing refers to it but the handle that was given for it.
 *
 * A function gives HPy_NULL or false if nothing was recorded, because the bridge is eager, the thread is another one,
 * or memory is short. The caller then crosses, which does the same or raises.
 *
 * Owner: the context, as a part of its area. Thread: the one that runs the interpreter.
 */
#ifndef HPYVE_LOG_H
#define HPYVE_LOG_H

#include "state.h"
#include "table.h"
#include "text.h"

HPy log_text(State *st, const uint8_t *utf8, size_t n, const TextShape *shape);
HPy log_bytes(State *st, const void *bytes, size_t n);
HPy log_long(State *st, uint64_t value, bool has_sign);

HPy log_dict(State *st);
bool log_dict_set(State *st, HPy dict, HPy key, HPy value);

HPy log_list(State *st, HPy_ssize_t n);
bool log_list_append(State *st, HPy list, HPy item);
bool log_list_set(State *st, HPy list, HPy_ssize_t index, HPy item);

/* Of items that are valid: a list or a tuple. */
HPy log_list_of(State *st, const HPy *items, HPy_ssize_t n);
HPy log_tuple_of(State *st, const HPy *items, HPy_ssize_t n);

/* An instance of a type, with its struct. HPy_NULL also if the type's instances cannot be made later, or if Java has to
   give memory first. */
HPy log_new(State *st, HPy type, void **data);

/* What is recorded from this byte on will not be carried out: handles of what it makes are closed, and all known texts
   are forgotten. */
void log_abandon(State *st, int32_t from);

#endif
