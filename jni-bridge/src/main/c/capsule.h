/*
 * The fields of capsules, which C keeps; Java has the objects and knows when one is dead.
 */
#ifndef HPYVE_CAPSULE_H
#define HPYVE_CAPSULE_H

#include <jni.h>

#include "state.h"

/* Calls the destructor, if there is one, and frees the fields. Thread: the one that runs the interpreter. */
void capsule_destroy(State *st, JNIEnv *env, Capsule *capsule);

#endif
