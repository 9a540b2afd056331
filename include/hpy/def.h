/*
 * Definitions: what a type or a module consists of.
 *
 * Purpose: the struct HPyDef, a tagged union of slot, method, member and getter/setter, and the
 * macros that make one from a C function.
 * Owner: the extension. Lifetime: static; hosts keep pointers into definitions and may be reading
 * them from several threads, so they must not change after the binary was loaded.
 *
 * The macros define a global variable SYM of type HPyDef with external linkage, so that other files
 * of the extension can list it. They declare the implementation as a static function, by default
 * called SYM_impl (SYM_get and SYM_set for getters and setters); its body follows the macro.
 * Trailing arguments are designated initialisers, such as `.doc = "..."`. All text is UTF-8.
 */
#ifndef HPY_DEF_H
#define HPY_DEF_H

#include "hpy/func.h"
#include "hpy/legacy.h"
#include "hpy/slot.h"
#include "hpy/trampoline.h"

typedef struct {
    HPySlot_Slot slot;
    HPyCFunction impl;              /* of the signature HPySlot_SIG(slot) */
    cpy_PyCFunction cpy_trampoline; /* for CPython, see hpy/trampoline.h; so in all definitions */
} HPySlot;

typedef struct {
    const char *name;
    HPyCFunction impl;
    cpy_PyCFunction cpy_trampoline;
    HPyFunc_Signature signature;    /* VARARGS, KEYWORDS, NOARGS or O */
    const char *doc;                /* may be NULL */
} HPyMeth;

/* The C type of a member, in the terms of Python's own structmember.h. */
typedef enum {
    HPyMember_SHORT = 0,
    HPyMember_INT = 1,
    HPyMember_LONG = 2,
    HPyMember_FLOAT = 3,
    HPyMember_DOUBLE = 4,
    HPyMember_STRING = 5,         /* char *, read only; NULL reads as None */
    HPyMember_OBJECT = 6,         /* HPyField; null reads as None */
    HPyMember_CHAR = 7,           /* char, a str of length 1 */
    HPyMember_BYTE = 8,           /* signed char, an int */
    HPyMember_UBYTE = 9,
    HPyMember_USHORT = 10,
    HPyMember_UINT = 11,
    HPyMember_ULONG = 12,
    HPyMember_STRING_INPLACE = 13, /* char[], read only */
    HPyMember_BOOL = 14,          /* char, 0 or 1 */
    HPyMember_OBJECT_EX = 16,     /* HPyField; reading null is an AttributeError */
    HPyMember_LONGLONG = 17,
    HPyMember_ULONGLONG = 18,
    HPyMember_HPYSSIZET = 19,
    HPyMember_NONE = 20,          /* always None, read only */
} HPyMember_FieldType;

typedef struct {
    const char *name;
    HPyMember_FieldType type;
    HPy_ssize_t offset;             /* bytes, offsetof() in the instance's struct */
    int readonly;
    const char *doc;                /* may be NULL */
} HPyMember;

typedef struct {
    const char *name;
    HPyCFunction getter_impl;       /* HPyFunc_GETTER, may be NULL */
    HPyCFunction setter_impl;       /* HPyFunc_SETTER, may be NULL */
    cpy_getter getter_cpy_trampoline;
    cpy_setter setter_cpy_trampoline;
    const char *doc;                /* may be NULL */
    void *closure;                  /* handed to getter and setter */
} HPyGetSet;

typedef enum {
    HPyDef_Kind_Slot = 1,
    HPyDef_Kind_Meth = 2,
    HPyDef_Kind_Member = 3,
    HPyDef_Kind_GetSet = 4,
} HPyDef_Kind;

typedef struct {
    HPyDef_Kind kind;               /* says which member of the union is meant */
    union {
        HPySlot slot;
        HPyMeth meth;
        HPyMember member;
        HPyGetSet getset;
    };
} HPyDef;

/* ---- slots ---- */

/* A slot: `HPyDef_SLOT(Point_repr, HPy_tp_repr)`. The signature follows from the slot. */
#define HPyDef_SLOT(SYM, SLOT) HPyDef_SLOT_IMPL(SYM, SYM##_impl, SLOT)

#define HPyDef_SLOT_IMPL(SYM, IMPL, SLOT)                                                          \
    _HPY_STATIC_ASSERT((SLOT) > 0, "not an HPySlot_Slot");                                         \
    _HPyDef_SLOT(SYM, IMPL, SLOT, HPySlot_SIG(SLOT))

#define _HPyDef_SLOT(SYM, IMPL, SLOT, SIG)                                                         \
    HPyFunc_DECLARE(IMPL, SIG);                                                                    \
    HPyFunc_TRAMPOLINE(SYM##_trampoline, IMPL, SIG)                                                \
    _HPY_BEGIN_PARTIAL_INITIALISER                                                                 \
    HPyDef SYM = {                                                                                 \
        .kind = HPyDef_Kind_Slot,                                                                  \
        .slot = {                                                                                  \
            .slot = SLOT,                                                                          \
            .impl = _HPy_FUNCTION_CAST(HPyCFunction, IMPL),                                        \
            .cpy_trampoline = _HPy_FUNCTION_CAST(cpy_PyCFunction, SYM##_trampoline),               \
        },                                                                                         \
    };                                                                                             \
    _HPY_END_PARTIAL_INITIALISER

/* ---- methods ---- */

/* A method or module function: `HPyDef_METH(add, "add", HPyFunc_VARARGS, .doc = "Adds.")`. */
#define HPyDef_METH(SYM, NAME, SIG, ...)                                                           \
    HPyDef_METH_IMPL(SYM, NAME, SYM##_impl, SIG, __VA_ARGS__)

#define HPyDef_METH_IMPL(SYM, NAME, IMPL, SIG, ...)                                                \
    HPyFunc_DECLARE(IMPL, SIG);                                                                    \
    HPyFunc_TRAMPOLINE(SYM##_trampoline, IMPL, SIG)                                                \
    _HPY_BEGIN_PARTIAL_INITIALISER                                                                 \
    HPyDef SYM = {                                                                                 \
        .kind = HPyDef_Kind_Meth,                                                                  \
        .meth = {                                                                                  \
            .name = NAME,                                                                          \
            .impl = _HPy_FUNCTION_CAST(HPyCFunction, IMPL),                                        \
            .cpy_trampoline = _HPy_FUNCTION_CAST(cpy_PyCFunction, SYM##_trampoline),               \
            .signature = SIG,                                                                      \
            __VA_ARGS__                                                                            \
        },                                                                                         \
    };                                                                                             \
    _HPY_END_PARTIAL_INITIALISER

/* ---- members ---- */

/* A field of the instance's struct as an attribute:
   `HPyDef_MEMBER(Point_x, "x", HPyMember_DOUBLE, offsetof(Point, x), .readonly = 1)`. */
#define HPyDef_MEMBER(SYM, NAME, TYPE, OFFSET, ...)                                                \
    _HPY_BEGIN_PARTIAL_INITIALISER                                                                 \
    HPyDef SYM = {                                                                                 \
        .kind = HPyDef_Kind_Member,                                                                \
        .member = {                                                                                \
            .name = NAME,                                                                          \
            .type = TYPE,                                                                          \
            .offset = OFFSET,                                                                      \
            __VA_ARGS__                                                                            \
        },                                                                                         \
    };                                                                                             \
    _HPY_END_PARTIAL_INITIALISER

/* ---- getters and setters ---- */

/* An attribute that is computed when read, when written, or both. Options: .doc, .closure */
#define HPyDef_GET(SYM, NAME, ...) HPyDef_GET_IMPL(SYM, NAME, SYM##_get, __VA_ARGS__)
#define HPyDef_SET(SYM, NAME, ...) HPyDef_SET_IMPL(SYM, NAME, SYM##_set, __VA_ARGS__)
#define HPyDef_GETSET(SYM, NAME, ...)                                                              \
    HPyDef_GETSET_IMPL(SYM, NAME, SYM##_get, SYM##_set, __VA_ARGS__)

#define HPyDef_GET_IMPL(SYM, NAME, GETIMPL, ...)                                                   \
    HPyFunc_DECLARE(GETIMPL, HPyFunc_GETTER);                                                      \
    HPyFunc_TRAMPOLINE(SYM##_get_trampoline, GETIMPL, HPyFunc_GETTER)                              \
    _HPY_BEGIN_PARTIAL_INITIALISER                                                                 \
    HPyDef SYM = {                                                                                 \
        .kind = HPyDef_Kind_GetSet,                                                                \
        .getset = {                                                                                \
            .name = NAME,                                                                          \
            .getter_impl = _HPy_FUNCTION_CAST(HPyCFunction, GETIMPL),                              \
            .getter_cpy_trampoline = SYM##_get_trampoline,                                         \
            __VA_ARGS__                                                                            \
        },                                                                                         \
    };                                                                                             \
    _HPY_END_PARTIAL_INITIALISER

#define HPyDef_SET_IMPL(SYM, NAME, SETIMPL, ...)                                                   \
    HPyFunc_DECLARE(SETIMPL, HPyFunc_SETTER);                                                      \
    HPyFunc_TRAMPOLINE(SYM##_set_trampoline, SETIMPL, HPyFunc_SETTER)                              \
    _HPY_BEGIN_PARTIAL_INITIALISER                                                                 \
    HPyDef SYM = {                                                                                 \
        .kind = HPyDef_Kind_GetSet,                                                                \
        .getset = {                                                                                \
            .name = NAME,                                                                          \
            .setter_impl = _HPy_FUNCTION_CAST(HPyCFunction, SETIMPL),                              \
            .setter_cpy_trampoline = SYM##_set_trampoline,                                         \
            __VA_ARGS__                                                                            \
        },                                                                                         \
    };                                                                                             \
    _HPY_END_PARTIAL_INITIALISER

#define HPyDef_GETSET_IMPL(SYM, NAME, GETIMPL, SETIMPL, ...)                                       \
    HPyFunc_DECLARE(GETIMPL, HPyFunc_GETTER);                                                      \
    HPyFunc_DECLARE(SETIMPL, HPyFunc_SETTER);                                                      \
    HPyFunc_TRAMPOLINE(SYM##_get_trampoline, GETIMPL, HPyFunc_GETTER)                              \
    HPyFunc_TRAMPOLINE(SYM##_set_trampoline, SETIMPL, HPyFunc_SETTER)                              \
    _HPY_BEGIN_PARTIAL_INITIALISER                                                                 \
    HPyDef SYM = {                                                                                 \
        .kind = HPyDef_Kind_GetSet,                                                                \
        .getset = {                                                                                \
            .name = NAME,                                                                          \
            .getter_impl = _HPy_FUNCTION_CAST(HPyCFunction, GETIMPL),                              \
            .setter_impl = _HPy_FUNCTION_CAST(HPyCFunction, SETIMPL),                              \
            .getter_cpy_trampoline = SYM##_get_trampoline,                                         \
            .setter_cpy_trampoline = SYM##_set_trampoline,                                         \
            __VA_ARGS__                                                                            \
        },                                                                                         \
    };                                                                                             \
    _HPY_END_PARTIAL_INITIALISER

#endif /* HPY_DEF_H */
