/*
 * Capsules: Python objects that carry a C pointer.
 *
 * Purpose: the destructor's definition and the keys of a capsule's four fields. The functions are in
 * hpy/inline_api.h.
 * Owner: the extension owns pointer, name and context; the host calls the destructor once, when the
 * capsule is gone, and without a context: it must not use the API.
 */
#ifndef HPY_CAPSULE_H
#define HPY_CAPSULE_H

#include "hpy/func.h"
#include "hpy/legacy.h"
#include "hpy/trampoline.h"

typedef enum {
    HPyCapsule_key_Pointer = 0,
    HPyCapsule_key_Name = 1,
    HPyCapsule_key_Context = 2,
    HPyCapsule_key_Destructor = 3,
} _HPyCapsule_key;

typedef struct {
    cpy_PyCapsule_Destructor cpy_trampoline;
    HPyFunc_Capsule_Destructor impl;
} HPyCapsule_Destructor;

/* Defines the static HPyCapsule_Destructor SYM and declares
   `static void SYM_impl(const char *name, void *pointer, void *context)`. */
#define HPyCapsule_DESTRUCTOR(SYM)                                                                 \
    HPyFunc_DECLARE(SYM##_impl, HPyFunc_CAPSULE_DESTRUCTOR);                                       \
    HPyFunc_TRAMPOLINE(SYM##_trampoline, SYM##_impl, HPyFunc_CAPSULE_DESTRUCTOR)                   \
    static HPyCapsule_Destructor SYM = {                                                           \
        .cpy_trampoline = SYM##_trampoline,                                                        \
        .impl = SYM##_impl,                                                                        \
    };

/* For a destructor filled by hand: defines the static function SYM for the field cpy_trampoline. */
#define HPyCapsule_DESTRUCTOR_TRAMPOLINE(SYM, IMPL)                                                \
    HPyFunc_TRAMPOLINE(SYM, IMPL, HPyFunc_CAPSULE_DESTRUCTOR)

#endif /* HPY_CAPSULE_H */
