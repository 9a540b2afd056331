/*
 * The parts of an upcall: may it be made here, put arguments into the area, cross. The generated functions of up.c are
 * built from these.
 *
 * Only numbers cross. The gate in Java keeps what is thrown and answers with the member's error value. The way is JNI,
 * or a stub of the JVM's foreign function interface where it has one, which is shared by all contexts of the process.
 *
 * Thread: the one that runs the interpreter; its JNIEnv is the one of the down-call that is under way.
 */
#ifndef HPYVE_UPCALL_H
#define HPYVE_UPCALL_H

#include "area.h"
#include "count.h"
#include "read.h"
#include "state.h"
#include "table.h"
#include "up.h"
#include "thread.h"

/* Says on standard error that a function was called on a thread that does not run the interpreter; false. */
bool upcall_refused(State *st, const char *function);

/* False, and nothing done, if the call comes from a thread of the extension's own or from code that has left Python:
   there is nobody there who could be told by an exception. */
static inline bool upcall_here(State *st, const char *function)
{
    if (!thread_inside(st))
        return upcall_refused(st, function);
    area_end_log(st);
    return true;
}

/* What is about to be called may run Python code or change an object. */
static inline void upcall_changes(State *st)
{
    if (!st->plain)
        read_drop(st);
    st->plain = false;
}

/* The stub of an upcall that had none so far: made if it is called often, else NULL. */
const void *upcall_bind(State *st, int upcall);

/* Does it bring items, or the bytes of a text? */
static inline bool upcall_is_bulk(int upcall)
{
    return upcall == UP_Read_Items || upcall == UP_Read_Keys || upcall == UP_Bytes_Content ||
           upcall == UP_Unicode_Content || upcall == UP_Type_NameContent;
}

/* Counts the crossing. The stub to call, or NULL for JNI. */
static inline const void *upcall_begin(State *st, int upcall)
{
    if (upcall_is_bulk(upcall))
        st->shared->bulk++;
    else
        st->shared->upcalls++;
    area_publish(st);
    count_publish(st);
    if (!st->stubs || (int64_t)(intptr_t)__builtin_frame_address(0) < st->shared->stack_end)
        return NULL;
    const void *stub = st->stubs[upcall];
    return stub ? stub : upcall_bind(st, upcall);
}

/* Not even the gate could be passed, as at the end of the stack: Java will make an exception of it. */
bool upcall_failed(State *st);

static inline bool upcall_broken(State *st)
{
    return (*st->env)->ExceptionCheck(st->env) && upcall_failed(st);
}

/* Put arguments into the area. False, with the exception set, if the text is wrong or memory is short. A NULL text is
   AREA_NULL, or, where it is required, a SystemError that names the function. */
bool upcall_text(State *st, const char *text, const char *function, jlong *reference);
bool upcall_required_text(State *st, const char *text, const char *function, jlong *reference);
bool upcall_utf8(State *st, const unsigned char *utf8, size_t n, jlong *reference);
bool upcall_bytes(State *st, const uint8_t *bytes, size_t n, jlong *reference);
bool upcall_handles(State *st, const HPy *items, size_t n, jlong *reference);

#endif
