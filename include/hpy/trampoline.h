/*
 * Entry points for CPython.
 *
 * Purpose: CPython's universal host enters an implementation through a function of CPython's own
 * signature, which is stored beside it in the definition. The function packs its arguments and room
 * for the result into a frame, in that order, and hands the frame to the context, which converts
 * objects to handles and calls the implementation. The frame's layout is part of the ABI. Hosts that
 * call implementations directly never enter here.
 *
 * Thread: as the implementation. State: `_ctx_for_trampolines`, one per binary, set when the binary
 * is loaded (HPy_MODINIT defines it).
 */
#ifndef HPY_TRAMPOLINE_H
#define HPY_TRAMPOLINE_H

#include "hpy/func.h"
#include "hpy/legacy.h"

#ifndef HPY_EMBEDDED_MODULES
_HPY_BEGIN_C_LINKAGE
extern _HPy_HIDDEN HPyContext *_ctx_for_trampolines;
_HPY_END_C_LINKAGE
#endif

/* Defines the static function SYM that CPython calls in place of IMPL, for the signature SIG. */
#define HPyFunc_TRAMPOLINE(SYM, IMPL, SIG) _HPyFunc_TRAMPOLINE_##SIG(SYM, IMPL)

/* ---- shapes: the frame holds 1 to 4 arguments, then the result if there is one ---- */

typedef cpy_PyObject *_HPy_cpy_obj;
typedef cpy_PyObject *const *_HPy_cpy_args;
typedef cpy_Py_buffer *_HPy_cpy_view;

#define _HPy_ENTER_IMPL(SIG, IMPL, FRAME)                                                          \
    _ctx_for_trampolines->ctx_CallRealFunctionFromTrampoline(                                      \
        _ctx_for_trampolines, SIG, _HPy_FUNCTION_CAST(HPyCFunction, IMPL), FRAME)

#define _HPy_TRAMPOLINE_1(SYM, IMPL, SIG, R, A)                                                    \
    _HPy_UNUSED static R SYM(A a)                                                                  \
    {                                                                                              \
        struct { A a; R result; } frame = { a, 0 };                                                \
        _HPy_ENTER_IMPL(SIG, IMPL, &frame);                                                        \
        return frame.result;                                                                       \
    }

#define _HPy_TRAMPOLINE_2(SYM, IMPL, SIG, R, A, B)                                                 \
    _HPy_UNUSED static R SYM(A a, B b)                                                             \
    {                                                                                              \
        struct { A a; B b; R result; } frame = { a, b, 0 };                                        \
        _HPy_ENTER_IMPL(SIG, IMPL, &frame);                                                        \
        return frame.result;                                                                       \
    }

#define _HPy_TRAMPOLINE_3(SYM, IMPL, SIG, R, A, B, C)                                              \
    _HPy_UNUSED static R SYM(A a, B b, C c)                                                        \
    {                                                                                              \
        struct { A a; B b; C c; R result; } frame = { a, b, c, 0 };                                \
        _HPy_ENTER_IMPL(SIG, IMPL, &frame);                                                        \
        return frame.result;                                                                       \
    }

#define _HPy_TRAMPOLINE_4(SYM, IMPL, SIG, R, A, B, C, D)                                           \
    _HPy_UNUSED static R SYM(A a, B b, C c, D d)                                                   \
    {                                                                                              \
        struct { A a; B b; C c; D d; R result; } frame = { a, b, c, d, 0 };                        \
        _HPy_ENTER_IMPL(SIG, IMPL, &frame);                                                        \
        return frame.result;                                                                       \
    }

#define _HPy_TRAMPOLINE_VOID_1(SYM, IMPL, SIG, A)                                                  \
    _HPy_UNUSED static void SYM(A a)                                                               \
    {                                                                                              \
        struct { A a; } frame = { a };                                                             \
        _HPy_ENTER_IMPL(SIG, IMPL, &frame);                                                        \
    }

#define _HPy_TRAMPOLINE_VOID_2(SYM, IMPL, SIG, A, B)                                               \
    _HPy_UNUSED static void SYM(A a, B b)                                                          \
    {                                                                                              \
        struct { A a; B b; } frame = { a, b };                                                     \
        _HPy_ENTER_IMPL(SIG, IMPL, &frame);                                                        \
    }

/* ---- one line per signature ---- */

#define _HPyFunc_TRAMPOLINE_HPyFunc_NOARGS(S, F)                                                   \
    _HPy_TRAMPOLINE_1(S, F, HPyFunc_NOARGS, _HPy_cpy_obj, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_UNARYFUNC(S, F)                                                \
    _HPy_TRAMPOLINE_1(S, F, HPyFunc_UNARYFUNC, _HPy_cpy_obj, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_REPRFUNC(S, F)                                                 \
    _HPy_TRAMPOLINE_1(S, F, HPyFunc_REPRFUNC, _HPy_cpy_obj, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_GETITERFUNC(S, F)                                              \
    _HPy_TRAMPOLINE_1(S, F, HPyFunc_GETITERFUNC, _HPy_cpy_obj, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_ITERNEXTFUNC(S, F)                                             \
    _HPy_TRAMPOLINE_1(S, F, HPyFunc_ITERNEXTFUNC, _HPy_cpy_obj, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_INQUIRY(S, F)                                                  \
    _HPy_TRAMPOLINE_1(S, F, HPyFunc_INQUIRY, int, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_LENFUNC(S, F)                                                  \
    _HPy_TRAMPOLINE_1(S, F, HPyFunc_LENFUNC, HPy_ssize_t, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_HASHFUNC(S, F)                                                 \
    _HPy_TRAMPOLINE_1(S, F, HPyFunc_HASHFUNC, HPy_hash_t, _HPy_cpy_obj)

#define _HPyFunc_TRAMPOLINE_HPyFunc_O(S, F)                                                        \
    _HPy_TRAMPOLINE_2(S, F, HPyFunc_O, _HPy_cpy_obj, _HPy_cpy_obj, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_BINARYFUNC(S, F)                                               \
    _HPy_TRAMPOLINE_2(S, F, HPyFunc_BINARYFUNC, _HPy_cpy_obj, _HPy_cpy_obj, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_GETATTRFUNC(S, F)                                              \
    _HPy_TRAMPOLINE_2(S, F, HPyFunc_GETATTRFUNC, _HPy_cpy_obj, _HPy_cpy_obj, char *)
#define _HPyFunc_TRAMPOLINE_HPyFunc_GETATTROFUNC(S, F)                                             \
    _HPy_TRAMPOLINE_2(S, F, HPyFunc_GETATTROFUNC, _HPy_cpy_obj, _HPy_cpy_obj, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_GETTER(S, F)                                                   \
    _HPy_TRAMPOLINE_2(S, F, HPyFunc_GETTER, _HPy_cpy_obj, _HPy_cpy_obj, void *)
#define _HPyFunc_TRAMPOLINE_HPyFunc_SSIZEARGFUNC(S, F)                                             \
    _HPy_TRAMPOLINE_2(S, F, HPyFunc_SSIZEARGFUNC, _HPy_cpy_obj, _HPy_cpy_obj, HPy_ssize_t)
#define _HPyFunc_TRAMPOLINE_HPyFunc_OBJOBJPROC(S, F)                                               \
    _HPy_TRAMPOLINE_2(S, F, HPyFunc_OBJOBJPROC, int, _HPy_cpy_obj, _HPy_cpy_obj)

#define _HPyFunc_TRAMPOLINE_HPyFunc_VARARGS(S, F)                                                  \
    _HPy_TRAMPOLINE_3(S, F, HPyFunc_VARARGS, _HPy_cpy_obj,                                         \
                      _HPy_cpy_obj, _HPy_cpy_args, HPy_ssize_t)
#define _HPyFunc_TRAMPOLINE_HPyFunc_TERNARYFUNC(S, F)                                              \
    _HPy_TRAMPOLINE_3(S, F, HPyFunc_TERNARYFUNC, _HPy_cpy_obj,                                     \
                      _HPy_cpy_obj, _HPy_cpy_obj, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_DESCRGETFUNC(S, F)                                             \
    _HPy_TRAMPOLINE_3(S, F, HPyFunc_DESCRGETFUNC, _HPy_cpy_obj,                                    \
                      _HPy_cpy_obj, _HPy_cpy_obj, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_SSIZESSIZEARGFUNC(S, F)                                        \
    _HPy_TRAMPOLINE_3(S, F, HPyFunc_SSIZESSIZEARGFUNC, _HPy_cpy_obj,                               \
                      _HPy_cpy_obj, HPy_ssize_t, HPy_ssize_t)
#define _HPyFunc_TRAMPOLINE_HPyFunc_RICHCMPFUNC(S, F)                                              \
    _HPy_TRAMPOLINE_3(S, F, HPyFunc_RICHCMPFUNC, _HPy_cpy_obj,                                     \
                      _HPy_cpy_obj, _HPy_cpy_obj, int)
#define _HPyFunc_TRAMPOLINE_HPyFunc_NEWFUNC(S, F)                                                  \
    _HPy_TRAMPOLINE_3(S, F, HPyFunc_NEWFUNC, _HPy_cpy_obj,                                         \
                      _HPy_cpy_obj, _HPy_cpy_obj, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_INITPROC(S, F)                                                 \
    _HPy_TRAMPOLINE_3(S, F, HPyFunc_INITPROC, int, _HPy_cpy_obj, _HPy_cpy_obj, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_SSIZEOBJARGPROC(S, F)                                          \
    _HPy_TRAMPOLINE_3(S, F, HPyFunc_SSIZEOBJARGPROC, int, _HPy_cpy_obj, HPy_ssize_t, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_OBJOBJARGPROC(S, F)                                            \
    _HPy_TRAMPOLINE_3(S, F, HPyFunc_OBJOBJARGPROC, int, _HPy_cpy_obj, _HPy_cpy_obj, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_SETATTRFUNC(S, F)                                              \
    _HPy_TRAMPOLINE_3(S, F, HPyFunc_SETATTRFUNC, int, _HPy_cpy_obj, char *, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_SETATTROFUNC(S, F)                                             \
    _HPy_TRAMPOLINE_3(S, F, HPyFunc_SETATTROFUNC, int, _HPy_cpy_obj, _HPy_cpy_obj, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_DESCRSETFUNC(S, F)                                             \
    _HPy_TRAMPOLINE_3(S, F, HPyFunc_DESCRSETFUNC, int, _HPy_cpy_obj, _HPy_cpy_obj, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_SETTER(S, F)                                                   \
    _HPy_TRAMPOLINE_3(S, F, HPyFunc_SETTER, int, _HPy_cpy_obj, _HPy_cpy_obj, void *)
#define _HPyFunc_TRAMPOLINE_HPyFunc_TRAVERSEPROC(S, F)                                             \
    _HPy_TRAMPOLINE_3(S, F, HPyFunc_TRAVERSEPROC, int, _HPy_cpy_obj, cpy_visitproc, void *)
#define _HPyFunc_TRAMPOLINE_HPyFunc_GETBUFFERPROC(S, F)                                            \
    _HPy_TRAMPOLINE_3(S, F, HPyFunc_GETBUFFERPROC, int, _HPy_cpy_obj, _HPy_cpy_view, int)

/* nargs may carry CPython's PY_VECTORCALL_ARGUMENTS_OFFSET bit; the context removes it */
#define _HPyFunc_TRAMPOLINE_HPyFunc_KEYWORDS(S, F)                                                 \
    _HPy_TRAMPOLINE_4(S, F, HPyFunc_KEYWORDS, _HPy_cpy_obj,                                        \
                      _HPy_cpy_obj, _HPy_cpy_args, size_t, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_SSIZESSIZEOBJARGPROC(S, F)                                     \
    _HPy_TRAMPOLINE_4(S, F, HPyFunc_SSIZESSIZEOBJARGPROC, int,                                     \
                      _HPy_cpy_obj, HPy_ssize_t, HPy_ssize_t, _HPy_cpy_obj)

#define _HPyFunc_TRAMPOLINE_HPyFunc_DESTRUCTOR(S, F)                                               \
    _HPy_TRAMPOLINE_VOID_1(S, F, HPyFunc_DESTRUCTOR, _HPy_cpy_obj)
#define _HPyFunc_TRAMPOLINE_HPyFunc_FREEFUNC(S, F)                                                 \
    _HPy_TRAMPOLINE_VOID_1(S, F, HPyFunc_FREEFUNC, void *)
#define _HPyFunc_TRAMPOLINE_HPyFunc_RELEASEBUFFERPROC(S, F)                                        \
    _HPy_TRAMPOLINE_VOID_2(S, F, HPyFunc_RELEASEBUFFERPROC, _HPy_cpy_obj, _HPy_cpy_view)

/* CPython passes the module definition too; the frame holds only the spec */
#define _HPyFunc_TRAMPOLINE_HPyFunc_MOD_CREATE(S, F)                                               \
    _HPy_UNUSED static _HPy_cpy_obj S(_HPy_cpy_obj spec, cpy_PyModuleDef *_HPy_UNUSED_ARG(def))    \
    {                                                                                              \
        struct { _HPy_cpy_obj spec, result; } frame = { spec, 0 };                                 \
        _HPy_ENTER_IMPL(HPyFunc_MOD_CREATE, F, &frame);                                            \
        return frame.result;                                                                       \
    }

/* the capsule itself takes the frame's place */
#define _HPyFunc_TRAMPOLINE_HPyFunc_CAPSULE_DESTRUCTOR(S, F)                                       \
    _HPy_UNUSED static void S(_HPy_cpy_obj capsule)                                                \
    {                                                                                              \
        _HPy_ENTER_IMPL(HPyFunc_CAPSULE_DESTRUCTOR, F, capsule);                                   \
    }

/* no slot of CPython corresponds to HPy_tp_destroy: its host calls the implementation itself */
#define _HPyFunc_TRAMPOLINE_HPyFunc_DESTROYFUNC(S, F)                                              \
    _HPy_UNUSED static void S(void) { abort(); }

#endif /* HPY_TRAMPOLINE_H */
