#ifndef HPYVE_NATIVE_MEMORY_H
#define HPYVE_NATIVE_MEMORY_H

#include <jni.h>

extern const JNINativeMethod native_memory_methods[];
extern const int native_memory_method_count;

#endif
