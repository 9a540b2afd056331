#ifndef HPYVE_NATIVE_CONTEXT_H
#define HPYVE_NATIVE_CONTEXT_H

#include <jni.h>

extern const JNINativeMethod native_context_methods[];
extern const int native_context_method_count;

#endif
