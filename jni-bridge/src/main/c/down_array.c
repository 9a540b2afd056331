#include "down.h"

bool down_array_open(DownArray *array, JNIEnv *env, jlongArray handles)
{
    jsize n = (*env)->GetArrayLength(env, handles);
    array->items = array->small;
    if ((size_t)n > sizeof array->small / sizeof array->small[0]) {
        array->items = malloc((size_t)n * sizeof(HPy));
        if (!array->items) {
            array->items = array->small;
            (*env)->ThrowNew(env, (*env)->FindClass(env, "java/lang/OutOfMemoryError"), "arguments of a down-call");
            return false;
        }
    }
    (*env)->GetLongArrayRegion(env, handles, 0, n, (jlong *)array->items);
    return true;
}
