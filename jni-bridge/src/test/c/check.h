/*
 * What the C tests share: a check that ends the test, random numbers, and a state without a VM.
 */
#ifndef HPYVE_CHECK_H
#define HPYVE_CHECK_H

#include <stdio.h>
#include <stdlib.h>

#include "state.h"

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s: not true: %s\n", __FILE__, __LINE__, __func__, #condition);                    \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

/* Runs a test function and says so. */
#define RUN(test) (test(), printf("passed: %s\n", #test))

/* Random bits, the same in every run. */
static inline uint64_t check_random(void)
{
    static uint64_t seed = 20;
    seed += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t bits = (seed ^ seed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ bits >> 27) * UINT64_C(0x94d049bb133111eb);
    return bits ^ bits >> 31;
}

static inline State *check_new_state(int32_t tag)
{
    State *st = calloc(1, sizeof *st);
    Shared *shared = calloc(1, sizeof *shared);
    CHECK(st && shared);
    st->ctx._private = st;
    st->shared = shared;
    shared->tag = tag;
    return st;
}

/* The state must have given back all its native memory. */
static inline void check_free_state(State *st)
{
    CHECK(st->shared->native_bytes == 0);
    free(st->shared);
    free(st);
}

/* Opens a slot as Java does. */
static inline HPy check_open(State *st, int32_t index, int32_t generation, int32_t kind)
{
    Slot *slot = &st->slots[index];
    slot->refs = 1;
    slot->generation = generation;
    slot->kind = kind;
    slot->length = -1;
    if (!(kind & KIND_IMMORTAL))
        st->shared->opened++;
    return (HPy){(intptr_t)((uint64_t)st->shared->tag << 32 | (uint64_t)generation << 24 | (uint32_t)index)};
}

#endif
