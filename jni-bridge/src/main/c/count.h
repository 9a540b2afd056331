/*
 * What a context counts of its work besides handles and crossings: members that it answered by itself, and operations that
 * it recorded.
 *
 * A member that is answered in C takes a few instructions, so its count is a word of the State, which one more
 * instruction increments; it goes to Shared, where others read it, when control goes to Java. Even that would be felt where
 * a value, an int or a float, is its own handle, and where only the error flag is asked for: these are not counted.
 *
 * Thread: the one that runs the interpreter. What another thread asks of a context is answered, and may not be counted.
 */
#ifndef HPYVE_COUNT_H
#define HPYVE_COUNT_H

#include "state.h"

/* A member was answered from the handle table without a crossing, and nothing was recorded for it. */
static inline void count_answered(HPyContext *ctx)
{
    ((State *)(void *)ctx)->answered++;
}

/* Something was recorded in the operation log. */
static inline void count_deferred(State *st)
{
    st->shared->deferred++;
}

/* Control goes to Java. */
static inline void count_publish(State *st)
{
    st->shared->answered = st->answered;
}

#endif
