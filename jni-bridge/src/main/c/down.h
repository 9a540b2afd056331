/*
 * Down-calls: Java calls a C function of an extension. The functions themselves are generated, from these parts.
 *
 * The thread and its JNIEnv are stored in the state for the time of the call; calls nest, and each restores the outer
 * JNIEnv.
 */
#ifndef HPYVE_DOWN_H
#define HPYVE_DOWN_H

#include "area.h"
#include "count.h"
#include "read.h"
#include "state.h"
#include "table.h"
#include "thread.h"

static inline JNIEnv *down_enter(State *st, JNIEnv *env)
{
    JNIEnv *outer = st->env;
    st->env = env;
    st->thread = thread_self();
    area_resume(st);
    return outer;
}

static inline void down_leave(State *st, JNIEnv *outer)
{
    read_drop(st);
    area_end_log(st);
    area_publish(st);
    count_publish(st);
    st->env = outer;
}

extern const JNINativeMethod down_methods[];
extern const int down_method_count;

#endif
