/*
 * CPython's types, by name only.
 *
 * Purpose: HPy's structs and trampolines mention objects of CPython's own C API, whose layout a
 * universal binary must not know. The structs stay incomplete here. The two conversion functions are
 * declared so that a call of them is refused by the compiler.
 */
#ifndef HPY_LEGACY_H
#define HPY_LEGACY_H

#include "hpy/handle.h"

typedef struct FORBIDDEN_cpy_PyObject cpy_PyObject;
typedef struct FORBIDDEN_PyMethodDef cpy_PyMethodDef;
typedef struct FORBIDDEN_PyModuleDef cpy_PyModuleDef;
typedef struct FORBIDDEN_bufferinfo cpy_Py_buffer;

typedef cpy_PyObject *(*cpy_PyCFunction)(cpy_PyObject *self, cpy_PyObject *const *args,
                                         HPy_ssize_t nargs);
typedef int (*cpy_visitproc)(cpy_PyObject *object, void *arg);
typedef cpy_PyObject *(*cpy_getter)(cpy_PyObject *self, void *closure);
typedef int (*cpy_setter)(cpy_PyObject *self, cpy_PyObject *value, void *closure);
typedef void (*cpy_PyCapsule_Destructor)(cpy_PyObject *capsule);
typedef cpy_PyObject *(*cpy_vectorcallfunc)(cpy_PyObject *callable, cpy_PyObject *const *args,
                                            size_t nargsf, cpy_PyObject *kwnames);

/* Defined nowhere: a call is an error of the compiler or, without that attribute, of the linker. */
_HPY_BEGIN_C_LINKAGE
extern _HPY_LEGACY cpy_PyObject *HPy_AsPyObject(HPyContext *ctx, HPy h);
extern _HPY_LEGACY HPy HPy_FromPyObject(HPyContext *ctx, cpy_PyObject *obj);
_HPY_END_C_LINKAGE

#endif /* HPY_LEGACY_H */
