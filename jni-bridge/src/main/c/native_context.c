/*
 * The native methods of NativeContext: life of a context, growth of its table, memory of its objects.
 */
#include "native_context.h"

#include <pthread.h>
#include <string.h>

#include "area.h"
#include "capsule.h"
#include "content.h"
#include "known.h"
#include "log.h"
#include "members.h"
#include "memory.h"
#include "read.h"
#include "table.h"
#include "work.h"

static State *native_context_state(jlong context)
{
    return (State *)(intptr_t)context;
}

static void native_context_throw_memory(JNIEnv *env, const char *what)
{
    (*env)->ThrowNew(env, (*env)->FindClass(env, "java/lang/OutOfMemoryError"), what);
}

static char *native_context_name(State *st, JNIEnv *env, jbyteArray name)
{
    jsize length = (*env)->GetArrayLength(env, name);
    char *copy = memory_allocate(st, (size_t)length + 1);
    if (copy)
        (*env)->GetByteArrayRegion(env, name, 0, length, (jbyte *)copy);
    return copy;
}

/* Of the current thread. An exception that leaves an upcall by a stub ends the JVM, and only a stack that is full could
   bring that about. */
static jlong JNICALL native_context_stack_end(JNIEnv *env, jclass cls)
{
    enum { SAFE_BYTES = 512 * 1024 };
    (void)env;
    (void)cls;
    pthread_attr_t attributes;
    void *lowest = NULL;
    size_t bytes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0)
        return INT64_MAX;
    pthread_attr_getstack(&attributes, &lowest, &bytes);
    pthread_attr_destroy(&attributes);
    return (jlong)((intptr_t)lowest + SAFE_BYTES);
}

static jlong JNICALL native_context_create(JNIEnv *env, jclass cls, jbyteArray name, jobject shared, jlong stubs)
{
    (void)cls;
    State *st = calloc(1, sizeof(State));
    if (!st) {
        native_context_throw_memory(env, "state of a context");
        return 0;
    }
    st->shared = (*env)->GetDirectBufferAddress(env, shared);
    st->ctx.name = native_context_name(st, env, name);
    st->ctx._private = st;
    st->ctx.abi_version = HPY_ABI_VERSION;
    st->shared_buffer = (*env)->NewGlobalRef(env, shared);
    st->stubs = (const void **)(intptr_t)stubs;
    return (jlong)(intptr_t)st;
}

static void JNICALL native_context_fill(JNIEnv *env, jclass cls, jlong context, jlongArray constants)
{
    (void)cls;
    State *st = native_context_state(context);
    jlong handles[CONSTANT_COUNT];
    (*env)->GetLongArrayRegion(env, constants, 0, CONSTANT_COUNT, handles);
    members_fill(&st->ctx, handles);
    for (int i = 0; i < CONSTANT_COUNT; i++)
        st->constants[i] = (HPy){handles[i]};
}

static jint JNICALL native_context_release(JNIEnv *env, jclass cls, jlong context)
{
    (void)cls;
    State *st = native_context_state(context);
    int left = work_release(st);
    table_release(st);
    read_release(st);
    memory_free(st, (char *)(intptr_t)st->ctx.name);
    area_release(st);
    known_release(st);
    (*env)->DeleteGlobalRef(env, st->shared_buffer);
    free(st);
    return left;
}

/* The address of the slots. To make a buffer of them could fail, and they have moved already. */
static jlong JNICALL native_context_grow(JNIEnv *env, jclass cls, jlong context, jint capacity)
{
    (void)cls;
    State *st = native_context_state(context);
    if (!table_grow(st, capacity)) {
        native_context_throw_memory(env, "handle table");
        return 0;
    }
    return (jlong)(intptr_t)st->slots;
}

static void JNICALL native_context_free_text(JNIEnv *env, jclass cls, jlong context, jint index)
{
    (void)env;
    (void)cls;
    State *st = native_context_state(context);
    table_drop_text(st, &st->slots[index]);
}

static jobject JNICALL native_context_area(JNIEnv *env, jclass cls, jlong context)
{
    (void)cls;
    State *st = native_context_state(context);
    return (*env)->NewDirectByteBuffer(env, st->area, st->shared->area_capacity);
}

static void JNICALL native_context_shrink_area(JNIEnv *env, jclass cls, jlong context)
{
    (void)env;
    (void)cls;
    area_shrink(native_context_state(context));
}

static void JNICALL native_context_abandon(JNIEnv *env, jclass cls, jlong context, jint from)
{
    (void)env;
    (void)cls;
    log_abandon(native_context_state(context), from);
}

static void JNICALL native_context_keep_content(JNIEnv *env, jclass cls, jlong context, jlong handle, jbyteArray bytes)
{
    (void)cls;
    if (!content_keep(native_context_state(context), env, (HPy){handle}, bytes))
        native_context_throw_memory(env, "text");
}

static void JNICALL native_context_bring_content(JNIEnv *env, jclass cls, jlong context, jlong handle, jbyteArray bytes)
{
    (void)cls;
    content_bring(native_context_state(context), env, (HPy){handle}, bytes);
}

static jlong JNICALL native_context_allocate(JNIEnv *env, jclass cls, jlong context, jlong bytes)
{
    (void)cls;
    void *block = memory_allocate(native_context_state(context), (size_t)bytes);
    if (!block)
        native_context_throw_memory(env, "instance of an HPy type");
    return (jlong)(intptr_t)block;
}

static void JNICALL native_context_free(JNIEnv *env, jclass cls, jlong context, jlong block)
{
    (void)env;
    (void)cls;
    memory_free(native_context_state(context), (void *)(intptr_t)block);
}

static void JNICALL native_context_destroy_capsule(JNIEnv *env, jclass cls, jlong context, jlong capsule)
{
    (void)cls;
    capsule_destroy(native_context_state(context), env, (Capsule *)(intptr_t)capsule);
}

const JNINativeMethod native_context_methods[] = {
    {"create", "([BLjava/nio/ByteBuffer;J)J", (void *)native_context_create},
    {"stackEnd", "()J", (void *)native_context_stack_end},
    {"fill", "(J[J)V", (void *)native_context_fill},
    {"release", "(J)I", (void *)native_context_release},
    {"grow", "(JI)J", (void *)native_context_grow},
    {"freeText", "(JI)V", (void *)native_context_free_text},
    {"area", "(J)Ljava/nio/ByteBuffer;", (void *)native_context_area},
    {"shrinkArea", "(J)V", (void *)native_context_shrink_area},
    {"abandon", "(JI)V", (void *)native_context_abandon},
    {"keepContent", "(JJ[B)V", (void *)native_context_keep_content},
    {"bringContent", "(JJ[B)V", (void *)native_context_bring_content},
    {"allocate", "(JJ)J", (void *)native_context_allocate},
    {"free", "(JJ)V", (void *)native_context_free},
    {"destroyCapsule", "(JJ)V", (void *)native_context_destroy_capsule},
};
const int native_context_method_count = sizeof native_context_methods / sizeof native_context_methods[0];
