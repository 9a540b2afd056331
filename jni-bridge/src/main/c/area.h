/*
 * The area: native memory of a context in which C leaves for Java what is no number. It begins with the operation log
 * (log.h); behind it lie texts, bytes and handles that are arguments of the crossing about to be made. Whoever crosses
 * leaves it empty: Java takes everything out before it does anything else. No JNI: tested without a VM.
 *
 * State.at is the end of it while C runs; Shared.area_used and log_used say the same to Java, and are set only when
 * control goes there.
 *
 * Owner:    the context. Thread: the one that runs the interpreter.
 * Lifetime: a piece stays where it is until the next crossing; the area itself may move when it grows.
 */
#ifndef HPYVE_AREA_H
#define HPYVE_AREA_H

#include "state.h"

/* Bytes that the area has when it holds nothing large; the log never gets longer. */
enum { AREA_BYTES = 1 << 16 };

/* Where a piece is, for Java: offset in the upper 32 bits, number of elements in the lower ones; all ones for NULL. */
#define AREA_NULL INT64_C(-1)

static inline int64_t area_reference(const State *st, const uint8_t *piece, size_t count)
{
    return (int64_t)((uint64_t)(piece - st->area) << 32 | count);
}

/* Control comes from Java, which has carried out the log, or has left it for later. */
static inline void area_resume(State *st)
{
    st->at = st->area + st->shared->log_used;
}

/* What comes from now on are arguments. */
static inline void area_end_log(State *st)
{
    st->shared->log_used = (int32_t)(st->at - st->area);
}

/* Control goes to Java. */
static inline void area_publish(State *st)
{
    st->shared->area_used = (int32_t)(st->at - st->area);
}

/* A piece at the end of the area, on a boundary of 8 bytes. NULL if there is no memory. */
uint8_t *area_take(State *st, size_t bytes);

/* Back to its usual size, for an area that holds nothing. */
void area_shrink(State *st);

void area_release(State *st);

#endif
