#include "upcall.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "err.h"
#include "memory.h"
#include "members.h"
#include "text.h"

JNIEnv *upcall_refused(State *st, const char *function)
{
    fprintf(stderr, "%s: %s was called on a thread that does not run the interpreter; the call was ignored\n",
            st->ctx.name, function);
    return NULL;
}

void upcall_failed(State *st, JNIEnv *env, int member)
{
    jthrowable thrown = (*env)->ExceptionOccurred(env);
    (*env)->ExceptionClear(env);
    /* Java makes it 1 when it has kept the exception. Should that fail, the call still ends with an error. */
    st->shared->error = 2;
    if (member != MEMBER_Err_Raised)
        up_Err_Raised(&st->ctx, thrown, member);
    upcall_drop(env, thrown);
}

static bool upcall_made(State *st, JNIEnv *env, jobject reference, int member)
{
    if (reference)
        return true;
    upcall_failed(st, env, member);
    return false;
}

static bool upcall_fits(State *st, size_t n)
{
    if (n <= INT_MAX - 8)
        return true;
    err_set(&st->ctx, CONSTANT_h_OverflowError, "too large for this host: the limit is 2147483639 elements");
    return false;
}

bool upcall_utf16(State *st, JNIEnv *env, const uint16_t *chars, size_t n, jobject *reference)
{
    static const uint16_t empty[1];
    if (!upcall_fits(st, n))
        return false;
    *reference = (*env)->NewString(env, chars ? chars : empty, (jsize)n);
    return upcall_made(st, env, *reference, MEMBER_Unicode_FromUtf16);
}

bool upcall_utf8(State *st, JNIEnv *env, const char *text, const char *function, jobject *reference)
{
    (void)function;
    if (!text)
        return true;
    size_t n = strlen(text);
    uint16_t small[256];
    uint16_t *chars = small;
    if (n > sizeof small / sizeof small[0]) {
        chars = memory_allocate(st, n * sizeof(uint16_t));
        if (!chars) {
            err_set(&st->ctx, CONSTANT_h_MemoryError, "no native memory for a text");
            return false;
        }
    }
    size_t units;
    TextError error;
    bool made = text_decode((const uint8_t *)text, n, chars, &units, &error);
    if (made)
        made = upcall_utf16(st, env, chars, units, reference);
    else
        up_Unicode_DecodeError(&st->ctx, (const uint8_t *)text, (HPy_ssize_t)n, (HPy_ssize_t)error.start,
                               (HPy_ssize_t)error.end, error.reason);
    if (chars != small)
        memory_free(st, chars);
    return made;
}

bool upcall_required_utf8(State *st, JNIEnv *env, const char *text, const char *function, jobject *reference)
{
    if (text)
        return upcall_utf8(st, env, text, function, reference);
    char message[128];
    snprintf(message, sizeof message, "%s: NULL where a C string is needed", function);
    err_set(&st->ctx, CONSTANT_h_SystemError, message);
    return false;
}

bool upcall_bytes(State *st, JNIEnv *env, const uint8_t *bytes, size_t n, jobject *reference)
{
    if (!upcall_fits(st, n))
        return false;
    jbyteArray array = (*env)->NewByteArray(env, (jsize)n);
    *reference = array;
    if (!upcall_made(st, env, array, MEMBER_Bytes_FromBytes))
        return false;
    if (n > 0)
        (*env)->SetByteArrayRegion(env, array, 0, (jsize)n, (const jbyte *)bytes);
    return true;
}

bool upcall_handles(State *st, JNIEnv *env, const HPy *items, size_t n, jobject *reference)
{
    _Static_assert(sizeof(HPy) == sizeof(jlong), "an array of handles is an array of jlong");
    if (!upcall_fits(st, n))
        return false;
    jlongArray array = (*env)->NewLongArray(env, (jsize)n);
    *reference = array;
    if (!upcall_made(st, env, array, MEMBER_Tuple_FromArray))
        return false;
    if (n > 0)
        (*env)->SetLongArrayRegion(env, array, 0, (jsize)n, (const jlong *)items);
    return true;
}
