/*
 * The native methods of Image: opening an extension's shared library, finding its symbols, calling the functions
 * that every HPy module exports.
 */
#include "image.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

typedef uint32_t (*VersionFunction)(void);
typedef void *(*InitFunction)(void);

/* The path in the file system's encoding, NUL at the end; the dynamic linker's words on failure. */
static jlong JNICALL image_open(JNIEnv *env, jclass cls, jbyteArray path)
{
    (void)cls;
    jsize length = (*env)->GetArrayLength(env, path);
    char *copy = calloc((size_t)length + 1, 1);
    if (!copy) {
        (*env)->ThrowNew(env, (*env)->FindClass(env, "java/lang/OutOfMemoryError"), "path of an image");
        return 0;
    }
    (*env)->GetByteArrayRegion(env, path, 0, length, (jbyte *)copy);
    void *image = dlopen(copy, RTLD_NOW | RTLD_LOCAL);
    free(copy);
    if (!image)
        (*env)->ThrowNew(env, (*env)->FindClass(env, "org/hpyve/bridge/ImageException"), dlerror());
    return (jlong)(intptr_t)image;
}

/* 0 if there is no such symbol. The name is ASCII: it comes from a module's name that was checked. */
static jlong JNICALL image_symbol(JNIEnv *env, jclass cls, jlong image, jstring name)
{
    (void)cls;
    const char *text = (*env)->GetStringUTFChars(env, name, NULL);
    if (!text)
        return 0;
    void *symbol = dlsym((void *)(intptr_t)image, text);
    (*env)->ReleaseStringUTFChars(env, name, text);
    return (jlong)(intptr_t)symbol;
}

static jint JNICALL image_version(JNIEnv *env, jclass cls, jlong function)
{
    (void)env;
    (void)cls;
    return (jint)((VersionFunction)(intptr_t)function)();
}

static jlong JNICALL image_init(JNIEnv *env, jclass cls, jlong function)
{
    (void)env;
    (void)cls;
    return (jlong)(intptr_t)((InitFunction)(intptr_t)function)();
}

static void JNICALL image_close(JNIEnv *env, jclass cls, jlong image)
{
    (void)env;
    (void)cls;
    dlclose((void *)(intptr_t)image);
}

const JNINativeMethod image_methods[] = {
    {"open", "([B)J", (void *)image_open},          {"symbol", "(JLjava/lang/String;)J", (void *)image_symbol},
    {"version", "(J)I", (void *)image_version},     {"init", "(J)J", (void *)image_init},
    {"closeImage", "(J)V", (void *)image_close},
};
const int image_method_count = sizeof image_methods / sizeof image_methods[0];
