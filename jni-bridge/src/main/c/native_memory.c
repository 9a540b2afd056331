/*
 * The native methods of NativeMemory: how Java reads an extension's definitions, the structs of its objects, and the
 * memory that they give away. Addresses come from the extension; nothing here can check them.
 */
#include "native_memory.h"

#ifdef HAVE_MALLINFO2
#include <malloc.h>
#endif
#include <stdint.h>
#include <string.h>

static jlongArray JNICALL native_memory_words(JNIEnv *env, jclass cls, jlong address, jint count)
{
    (void)cls;
    jlongArray words = (*env)->NewLongArray(env, count);
    if (words)
        (*env)->SetLongArrayRegion(env, words, 0, count, (const jlong *)(intptr_t)address);
    return words;
}

static jlongArray JNICALL native_memory_pointers(JNIEnv *env, jclass cls, jlong address)
{
    jint count = 0;
    while (((const jlong *)(intptr_t)address)[count])
        count++;
    return native_memory_words(env, cls, address, count);
}

static jbyteArray JNICALL native_memory_string(JNIEnv *env, jclass cls, jlong address)
{
    (void)cls;
    const char *text = (const char *)(intptr_t)address;
    jsize length = (jsize)strlen(text);
    jbyteArray bytes = (*env)->NewByteArray(env, length);
    if (bytes)
        (*env)->SetByteArrayRegion(env, bytes, 0, length, (const jbyte *)text);
    return bytes;
}

/* Sign-extended. */
static jlong JNICALL native_memory_load(JNIEnv *env, jclass cls, jlong address, jint bytes)
{
    (void)env;
    (void)cls;
    const void *from = (const void *)(intptr_t)address;
    union {
        int8_t b;
        int16_t h;
        int32_t w;
        int64_t d;
    } value;
    memcpy(&value, from, (size_t)bytes);
    switch (bytes) {
    case 1:
        return value.b;
    case 2:
        return value.h;
    case 4:
        return value.w;
    default:
        return value.d;
    }
}

static void JNICALL native_memory_store(JNIEnv *env, jclass cls, jlong address, jint bytes, jlong value)
{
    (void)env;
    (void)cls;
    void *to = (void *)(intptr_t)address;
    union {
        int8_t b;
        int16_t h;
        int32_t w;
        int64_t d;
    } narrow;
    switch (bytes) {
    case 1:
        narrow.b = (int8_t)value;
        break;
    case 2:
        narrow.h = (int16_t)value;
        break;
    case 4:
        narrow.w = (int32_t)value;
        break;
    default:
        narrow.d = value;
        break;
    }
    memcpy(to, &narrow, (size_t)bytes);
}

static jobject JNICALL native_memory_buffer(JNIEnv *env, jclass cls, jlong address, jint bytes)
{
    (void)cls;
    return (*env)->NewDirectByteBuffer(env, (void *)(intptr_t)address, bytes);
}

static jlong JNICALL native_memory_address(JNIEnv *env, jclass cls, jobject buffer)
{
    (void)cls;
    return (jlong)(intptr_t)(*env)->GetDirectBufferAddress(env, buffer);
}

/* What malloc has given out in the whole process; 0 if this C library does not tell. */
static jlong JNICALL native_memory_in_use(JNIEnv *env, jclass cls)
{
    (void)env;
    (void)cls;
#ifdef HAVE_MALLINFO2
    struct mallinfo2 info = mallinfo2();
    return (jlong)(info.uordblks + info.hblkhd);
#else
    return 0;
#endif
}

const JNINativeMethod native_memory_methods[] = {
    {"words", "(JI)[J", (void *)native_memory_words},
    {"pointers", "(J)[J", (void *)native_memory_pointers},
    {"bytes", "(J)[B", (void *)native_memory_string},
    {"load", "(JI)J", (void *)native_memory_load},
    {"store", "(JIJ)V", (void *)native_memory_store},
    {"buffer", "(JI)Ljava/nio/ByteBuffer;", (void *)native_memory_buffer},
    {"address", "(Ljava/nio/ByteBuffer;)J", (void *)native_memory_address},
    {"inUse", "()J", (void *)native_memory_in_use},
};
const int native_memory_method_count = sizeof native_memory_methods / sizeof native_memory_methods[0];
