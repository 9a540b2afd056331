/*
 * The parts of an upcall: begin, make references to arguments, end with the one exception check, drop references.
 * The generated functions of up.c are built from these.
 *
 * Thread: the one that runs the interpreter; its JNIEnv is the one of the down-call that is under way.
 */
#ifndef HPYVE_UPCALL_H
#define HPYVE_UPCALL_H

#include "state.h"

/* Says on standard error that a function was called on a thread that does not run the interpreter; gives NULL. */
JNIEnv *upcall_refused(State *st, const char *function);

/* Counts the crossing; the JNIEnv of this thread. NULL, and nothing done, if the call comes from a thread of the
   extension's own or from code that has left Python: there is nobody there who could be told by an exception. */
static inline JNIEnv *upcall_begin(State *st, const char *function)
{
    if (!st->env || !pthread_equal(st->thread, pthread_self()))
        return upcall_refused(st, function);
    st->shared->crossings++;
    return st->env;
}

/* Takes over what Java threw: it becomes the context's current exception, reported for this member. */
void upcall_failed(State *st, JNIEnv *env, int member);

/* True if the upcall ended without an exception. */
static inline bool upcall_end(State *st, JNIEnv *env, int member)
{
    if (!(*env)->ExceptionCheck(env))
        return true;
    upcall_failed(st, env, member);
    return false;
}

/* Local references to arguments. False, with the exception set, if the text is wrong or memory is short.
   A NULL text gives a NULL reference, or, where it is required, a SystemError that names the function. */
bool upcall_utf8(State *st, JNIEnv *env, const char *text, const char *function, jobject *reference);
bool upcall_required_utf8(State *st, JNIEnv *env, const char *text, const char *function, jobject *reference);
bool upcall_utf16(State *st, JNIEnv *env, const uint16_t *chars, size_t n, jobject *reference);
bool upcall_bytes(State *st, JNIEnv *env, const uint8_t *bytes, size_t n, jobject *reference);
bool upcall_handles(State *st, JNIEnv *env, const HPy *items, size_t n, jobject *reference);

static inline void upcall_drop(JNIEnv *env, jobject reference)
{
    if (reference)
        (*env)->DeleteLocalRef(env, reference);
}

#endif
