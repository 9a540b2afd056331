/*
 * Loading of the library: looks up the ways to the gates and registers the native methods.
 */
#include "down.h"
#include "image.h"
#include "native_context.h"
#include "native_memory.h"
#include "state.h"
#include "weak_objects.h"

Library library;

static const struct {
    const char *name;
    const JNINativeMethod *methods;
    const int *count;
} library_classes[] = {
    {"org/hpyve/bridge/NativeContext", native_context_methods, &native_context_method_count},
    {"org/hpyve/bridge/NativeMemory", native_memory_methods, &native_memory_method_count},
    {"org/hpyve/bridge/WeakObjects", weak_objects_methods, &weak_objects_method_count},
    {"org/hpyve/bridge/Image", image_methods, &image_method_count},
    {"org/hpyve/bridge/DownCalls", down_methods, &down_method_count},
};
enum { LIBRARY_CLASSES = sizeof library_classes / sizeof library_classes[0] };

/* A global reference. */
static jclass library_class(JNIEnv *env, const char *name)
{
    jclass cls = (*env)->FindClass(env, name);
    if (!cls)
        return NULL;
    jclass global = (*env)->NewGlobalRef(env, cls);
    (*env)->DeleteLocalRef(env, cls);
    return global;
}

static bool library_find_upcalls(JNIEnv *env)
{
    library.entries = library_class(env, "org/hpyve/bridge/upcall/Entries");
    if (!library.entries)
        return false;
    for (int i = 0; i < UP_COUNT; i++) {
        library.upcalls[i] =
            (*env)->GetStaticMethodID(env, library.entries, up_methods[i].name, up_methods[i].descriptor);
        if (!library.upcalls[i])
            return false;
    }
    library.contexts = library_class(env, "org/hpyve/bridge/NativeContext");
    if (!library.contexts)
        return false;
    library.bind = (*env)->GetStaticMethodID(env, library.contexts, "bind", "(I)Z");
    return library.bind != NULL;
}

static bool library_register(JNIEnv *env)
{
    for (int i = 0; i < LIBRARY_CLASSES; i++) {
        jclass cls = (*env)->FindClass(env, library_classes[i].name);
        if (!cls || (*env)->RegisterNatives(env, cls, library_classes[i].methods, *library_classes[i].count) != 0)
            return false;
        (*env)->DeleteLocalRef(env, cls);
    }
    return true;
}

/* On failure the exception is pending, and System.load throws it. */
JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved)
{
    (void)reserved;
    JNIEnv *env;
    if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_10) != JNI_OK)
        return JNI_ERR;
    library.vm = vm;
    return library_find_upcalls(env) && library_register(env) ? JNI_VERSION_10 : JNI_ERR;
}

JNIEXPORT void JNICALL JNI_OnUnload(JavaVM *vm, void *reserved)
{
    (void)reserved;
    JNIEnv *env;
    if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_10) != JNI_OK)
        return;
    (*env)->DeleteGlobalRef(env, library.entries);
    (*env)->DeleteGlobalRef(env, library.contexts);
    for (int i = LIBRARY_CLASSES - 1; i >= 0; i--) {
        jclass cls = (*env)->FindClass(env, library_classes[i].name);
        if (cls)
            (*env)->UnregisterNatives(env, cls);
        else
            (*env)->ExceptionClear(env);
    }
}
