#include "upcall.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "err.h"
#include "members.h"
#include "text.h"

bool upcall_refused(State *st, const char *function)
{
    fprintf(stderr, "%s: %s was called on a thread that does not run the interpreter; the call was ignored\n",
            st->ctx.name, function);
    return false;
}

bool upcall_failed(State *st)
{
    (*st->env)->ExceptionClear(st->env);
    area_resume(st);
    st->shared->error = 2;
    return true;
}

/* The arguments before the one that is wrong do not cross: to raise is an upcall, which takes what lies here for the log. */
static void upcall_put_back(State *st)
{
    area_resume(st);
}

static bool upcall_put(State *st, const void *elements, size_t n, size_t size, jlong *reference)
{
    if (n > (INT_MAX - 64) / size) {
        upcall_put_back(st);
        err_set(&st->ctx, CONSTANT_h_OverflowError, "too large for this host: the limit is 2147483583 bytes");
        return false;
    }
    uint8_t *piece = area_take(st, n * size);
    if (!piece) {
        upcall_put_back(st);
        err_set(&st->ctx, CONSTANT_h_MemoryError, "no native memory for an argument");
        return false;
    }
    if (n > 0)
        memcpy(piece, elements, n * size);
    *reference = area_reference(st, piece, n);
    return true;
}

bool upcall_utf8(State *st, const unsigned char *utf8, size_t n, jlong *reference)
{
    return upcall_put(st, utf8, n, 1, reference);
}

bool upcall_text(State *st, const char *text, const char *function, jlong *reference)
{
    (void)function;
    *reference = AREA_NULL;
    if (!text)
        return true;
    size_t n = strlen(text);
    TextShape shape;
    TextError error;
    if (text_scan((const uint8_t *)text, n, &shape, &error))
        return upcall_put(st, text, n, 1, reference);
    upcall_put_back(st);
    up_Unicode_DecodeError(&st->ctx, (const uint8_t *)text, (HPy_ssize_t)n, (HPy_ssize_t)error.start,
                           (HPy_ssize_t)error.end, error.reason);
    return false;
}

bool upcall_required_text(State *st, const char *text, const char *function, jlong *reference)
{
    if (text)
        return upcall_text(st, text, function, reference);
    upcall_put_back(st);
    char message[128];
    snprintf(message, sizeof message, "%s: NULL where a C string is needed", function);
    err_set(&st->ctx, CONSTANT_h_SystemError, message);
    return false;
}

bool upcall_bytes(State *st, const uint8_t *bytes, size_t n, jlong *reference)
{
    return upcall_put(st, bytes, n, 1, reference);
}

bool upcall_handles(State *st, const HPy *items, size_t n, jlong *reference)
{
    if (!upcall_put(st, items, n, sizeof(HPy), reference))
        return false;
    for (size_t i = 0; i < n; i++)
        table_escape(st, items[i]);
    return true;
}

const void *upcall_bind(State *st, int upcall)
{
    enum { OFTEN = 64 };
    if (st->calls[upcall] == UINT8_MAX || ++st->calls[upcall] < OFTEN)
        return NULL;
    JNIEnv *env = st->env;
    jboolean made = (*env)->CallStaticBooleanMethod(env, library.contexts, library.bind, (jint)upcall);
    if ((*env)->ExceptionCheck(env)) {
        (*env)->ExceptionClear(env);
        made = JNI_FALSE;
    }
    if (!made)
        st->calls[upcall] = UINT8_MAX;
    return st->stubs[upcall];
}
