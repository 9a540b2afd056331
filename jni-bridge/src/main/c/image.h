#ifndef HPYVE_IMAGE_H
#define HPYVE_IMAGE_H

#include <jni.h>

extern const JNINativeMethod image_methods[];
extern const int image_method_count;

#endif
