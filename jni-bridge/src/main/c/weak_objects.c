/*
 * The native methods of WeakObjects: JNI's weak global references, which lie outside the Java heap.
 */
#include "weak_objects.h"

#include <stdint.h>

static jlong JNICALL weak_objects_open(JNIEnv *env, jclass cls, jobject object)
{
    (void)cls;
    return (jlong)(intptr_t)(*env)->NewWeakGlobalRef(env, object);
}

static jobject JNICALL weak_objects_get(JNIEnv *env, jclass cls, jlong reference)
{
    (void)cls;
    return (*env)->NewLocalRef(env, (jweak)(intptr_t)reference);
}

static void JNICALL weak_objects_close(JNIEnv *env, jclass cls, jlong reference)
{
    (void)cls;
    (*env)->DeleteWeakGlobalRef(env, (jweak)(intptr_t)reference);
}

const JNINativeMethod weak_objects_methods[] = {
    {"open", "(Ljava/lang/Object;)J", (void *)weak_objects_open},
    {"get", "(J)Ljava/lang/Object;", (void *)weak_objects_get},
    {"close", "(J)V", (void *)weak_objects_close},
};
const int weak_objects_method_count = sizeof weak_objects_methods / sizeof weak_objects_methods[0];
