/*
 * Which thread this is. The C library has it in a register, and pthread_self reads that; a call of it through the
 * linkage table costs more than all the rest of a short function of the context.
 */
#ifndef HPYVE_THREAD_H
#define HPYVE_THREAD_H

#include <stdint.h>

#include "state.h"

#if defined(__x86_64__) && defined(__GLIBC__)

/* The first word of a thread's control block is its address. */
static inline uintptr_t thread_self(void)
{
    uintptr_t self;
    __asm__("mov %%fs:0, %0" : "=r"(self));
    return self;
}

#elif defined(__aarch64__) && defined(__GLIBC__)

static inline uintptr_t thread_self(void)
{
    uintptr_t self;
    __asm__("mrs %0, tpidr_el0" : "=r"(self));
    return self;
}

#else

#include <pthread.h>

static inline uintptr_t thread_self(void)
{
    return (uintptr_t)pthread_self();
}

#endif

/* Is this the thread that runs the interpreter, and inside a down-call? */
static inline bool thread_inside(const State *st)
{
    return st->env && st->thread == thread_self();
}

#endif
