#ifndef HPYVE_WEAK_OBJECTS_H
#define HPYVE_WEAK_OBJECTS_H

#include <jni.h>

extern const JNINativeMethod weak_objects_methods[];
extern const int weak_objects_method_count;

#endif
