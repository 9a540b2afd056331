/*
 * Signatures of the C functions that implement Python behaviour.
 *
 * Purpose: for every signature its number (part of the ABI), its C prototype, and the function
 * pointer type. One macro per signature holds the prototype; declarations and pointer types are both
 * made from it.
 *
 * Common to all: `args` is borrowed and holds `nargs` positional values; in HPyFunc_KEYWORDS the
 * values of the keywords follow them and `kwnames` is the tuple of their names (or HPy_NULL), in
 * HPyFunc_INITPROC and HPyFunc_NEWFUNC `kw` is a dict (or HPy_NULL). Functions return a new handle,
 * or HPy_NULL with an error set; those with an int result return -1 with an error set.
 */
#ifndef HPY_FUNC_H
#define HPY_FUNC_H

#include "hpy/buffer.h"
#include "hpy/handle.h"
#include "hpy/richcompare.h"

typedef enum {
    /* the four that a method may have */
    HPyFunc_VARARGS = 1,
    HPyFunc_KEYWORDS = 2,
    HPyFunc_NOARGS = 3,
    HPyFunc_O = 4,
    /* those of slots, getters, setters and capsules */
    HPyFunc_DESTROYFUNC = 5,
    HPyFunc_GETBUFFERPROC = 6,
    HPyFunc_RELEASEBUFFERPROC = 7,
    HPyFunc_UNARYFUNC = 8,
    HPyFunc_BINARYFUNC = 9,
    HPyFunc_TERNARYFUNC = 10,
    HPyFunc_INQUIRY = 11,
    HPyFunc_LENFUNC = 12,
    HPyFunc_SSIZEARGFUNC = 13,
    HPyFunc_SSIZESSIZEARGFUNC = 14,
    HPyFunc_SSIZEOBJARGPROC = 15,
    HPyFunc_SSIZESSIZEOBJARGPROC = 16,
    HPyFunc_OBJOBJARGPROC = 17,
    HPyFunc_FREEFUNC = 18,
    HPyFunc_GETATTRFUNC = 19,
    HPyFunc_GETATTROFUNC = 20,
    HPyFunc_SETATTRFUNC = 21,
    HPyFunc_SETATTROFUNC = 22,
    HPyFunc_REPRFUNC = 23,
    HPyFunc_HASHFUNC = 24,
    HPyFunc_RICHCMPFUNC = 25,
    HPyFunc_GETITERFUNC = 26,
    HPyFunc_ITERNEXTFUNC = 27,
    HPyFunc_DESCRGETFUNC = 28,
    HPyFunc_DESCRSETFUNC = 29,
    HPyFunc_INITPROC = 30,
    HPyFunc_NEWFUNC = 31,
    HPyFunc_GETTER = 32,
    HPyFunc_SETTER = 33,
    HPyFunc_OBJOBJPROC = 34,
    HPyFunc_TRAVERSEPROC = 35,
    HPyFunc_DESTRUCTOR = 36,
    HPyFunc_CAPSULE_DESTRUCTOR = 37,
    HPyFunc_VECTORCALLFUNC = 38,
    HPyFunc_MOD_CREATE = 39,
} HPyFunc_Signature;

/* An implementation whose signature is told by an HPyFunc_Signature or a slot. */
typedef void *(*HPyCFunction)(void);

/* Called by HPyFunc_TRAVERSEPROC for every field; a result other than 0 ends the traversal. */
typedef int (*HPyFunc_visitproc)(HPyField *field, void *arg);

/* ---- prototypes: _HPyFunc_PROTO_<signature>(name) ---- */

/* methods */
#define _HPyFunc_PROTO_HPyFunc_NOARGS(F) HPy F(HPyContext *ctx, HPy self)
#define _HPyFunc_PROTO_HPyFunc_O(F) HPy F(HPyContext *ctx, HPy self, HPy arg)
#define _HPyFunc_PROTO_HPyFunc_VARARGS(F)                                                          \
    HPy F(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
#define _HPyFunc_PROTO_HPyFunc_KEYWORDS(F)                                                         \
    HPy F(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)

/* objects in, object out */
#define _HPyFunc_PROTO_HPyFunc_UNARYFUNC(F) HPy F(HPyContext *ctx, HPy self)
#define _HPyFunc_PROTO_HPyFunc_BINARYFUNC(F) HPy F(HPyContext *ctx, HPy left, HPy right)
#define _HPyFunc_PROTO_HPyFunc_TERNARYFUNC(F) HPy F(HPyContext *ctx, HPy h1, HPy h2, HPy h3)
#define _HPyFunc_PROTO_HPyFunc_REPRFUNC(F) HPy F(HPyContext *ctx, HPy self)
#define _HPyFunc_PROTO_HPyFunc_GETITERFUNC(F) HPy F(HPyContext *ctx, HPy self)
#define _HPyFunc_PROTO_HPyFunc_ITERNEXTFUNC(F) HPy F(HPyContext *ctx, HPy self)
#define _HPyFunc_PROTO_HPyFunc_RICHCMPFUNC(F)                                                      \
    HPy F(HPyContext *ctx, HPy left, HPy right, HPy_RichCmpOp op)
#define _HPyFunc_PROTO_HPyFunc_MOD_CREATE(F) HPy F(HPyContext *ctx, HPy spec)

/* questions: number out, -1 is an error */
#define _HPyFunc_PROTO_HPyFunc_INQUIRY(F) int F(HPyContext *ctx, HPy self)
#define _HPyFunc_PROTO_HPyFunc_OBJOBJPROC(F) int F(HPyContext *ctx, HPy self, HPy value)
#define _HPyFunc_PROTO_HPyFunc_LENFUNC(F) HPy_ssize_t F(HPyContext *ctx, HPy self)
#define _HPyFunc_PROTO_HPyFunc_HASHFUNC(F) HPy_hash_t F(HPyContext *ctx, HPy self)

/* items; a null `value` deletes */
#define _HPyFunc_PROTO_HPyFunc_SSIZEARGFUNC(F) HPy F(HPyContext *ctx, HPy self, HPy_ssize_t index)
#define _HPyFunc_PROTO_HPyFunc_SSIZESSIZEARGFUNC(F)                                                \
    HPy F(HPyContext *ctx, HPy self, HPy_ssize_t start, HPy_ssize_t stop)
#define _HPyFunc_PROTO_HPyFunc_SSIZEOBJARGPROC(F)                                                  \
    int F(HPyContext *ctx, HPy self, HPy_ssize_t index, HPy value)
#define _HPyFunc_PROTO_HPyFunc_SSIZESSIZEOBJARGPROC(F)                                             \
    int F(HPyContext *ctx, HPy self, HPy_ssize_t start, HPy_ssize_t stop, HPy value)
#define _HPyFunc_PROTO_HPyFunc_OBJOBJARGPROC(F) int F(HPyContext *ctx, HPy self, HPy key, HPy value)

/* attributes and descriptors; a null `value` deletes */
#define _HPyFunc_PROTO_HPyFunc_GETATTRFUNC(F) HPy F(HPyContext *ctx, HPy self, char *name)
#define _HPyFunc_PROTO_HPyFunc_GETATTROFUNC(F) HPy F(HPyContext *ctx, HPy self, HPy name)
#define _HPyFunc_PROTO_HPyFunc_SETATTRFUNC(F) int F(HPyContext *ctx, HPy self, char *name, HPy value)
#define _HPyFunc_PROTO_HPyFunc_SETATTROFUNC(F) int F(HPyContext *ctx, HPy self, HPy name, HPy value)
#define _HPyFunc_PROTO_HPyFunc_DESCRGETFUNC(F) HPy F(HPyContext *ctx, HPy self, HPy obj, HPy type)
#define _HPyFunc_PROTO_HPyFunc_DESCRSETFUNC(F) int F(HPyContext *ctx, HPy self, HPy obj, HPy value)
#define _HPyFunc_PROTO_HPyFunc_GETTER(F) HPy F(HPyContext *ctx, HPy self, void *closure)
#define _HPyFunc_PROTO_HPyFunc_SETTER(F) int F(HPyContext *ctx, HPy self, HPy value, void *closure)

/* life of an instance; traverse, destroy and capsule destructors run without a context and must not
   use the API */
#define _HPyFunc_PROTO_HPyFunc_NEWFUNC(F)                                                          \
    HPy F(HPyContext *ctx, HPy type, const HPy *args, HPy_ssize_t nargs, HPy kw)
#define _HPyFunc_PROTO_HPyFunc_INITPROC(F)                                                         \
    int F(HPyContext *ctx, HPy self, const HPy *args, HPy_ssize_t nargs, HPy kw)
#define _HPyFunc_PROTO_HPyFunc_DESTRUCTOR(F) void F(HPyContext *ctx, HPy self)
#define _HPyFunc_PROTO_HPyFunc_FREEFUNC(F) void F(HPyContext *ctx, void *data)
#define _HPyFunc_PROTO_HPyFunc_DESTROYFUNC(F) void F(void *data)
#define _HPyFunc_PROTO_HPyFunc_TRAVERSEPROC(F) int F(void *data, HPyFunc_visitproc visit, void *arg)
#define _HPyFunc_PROTO_HPyFunc_CAPSULE_DESTRUCTOR(F)                                               \
    void F(const char *name, void *pointer, void *context)

/* buffers */
#define _HPyFunc_PROTO_HPyFunc_GETBUFFERPROC(F)                                                    \
    int F(HPyContext *ctx, HPy self, HPy_buffer *buffer, int flags)
#define _HPyFunc_PROTO_HPyFunc_RELEASEBUFFERPROC(F)                                                \
    void F(HPyContext *ctx, HPy self, HPy_buffer *buffer)

/* ---- pointer types ---- */

typedef _HPyFunc_PROTO_HPyFunc_NOARGS((*HPyFunc_noargs));
typedef _HPyFunc_PROTO_HPyFunc_O((*HPyFunc_o));
typedef _HPyFunc_PROTO_HPyFunc_VARARGS((*HPyFunc_varargs));
typedef _HPyFunc_PROTO_HPyFunc_KEYWORDS((*HPyFunc_keywords));
typedef _HPyFunc_PROTO_HPyFunc_UNARYFUNC((*HPyFunc_unaryfunc));
typedef _HPyFunc_PROTO_HPyFunc_BINARYFUNC((*HPyFunc_binaryfunc));
typedef _HPyFunc_PROTO_HPyFunc_TERNARYFUNC((*HPyFunc_ternaryfunc));
typedef _HPyFunc_PROTO_HPyFunc_INQUIRY((*HPyFunc_inquiry));
typedef _HPyFunc_PROTO_HPyFunc_LENFUNC((*HPyFunc_lenfunc));
typedef _HPyFunc_PROTO_HPyFunc_SSIZEARGFUNC((*HPyFunc_ssizeargfunc));
typedef _HPyFunc_PROTO_HPyFunc_SSIZESSIZEARGFUNC((*HPyFunc_ssizessizeargfunc));
typedef _HPyFunc_PROTO_HPyFunc_SSIZEOBJARGPROC((*HPyFunc_ssizeobjargproc));
typedef _HPyFunc_PROTO_HPyFunc_SSIZESSIZEOBJARGPROC((*HPyFunc_ssizessizeobjargproc));
typedef _HPyFunc_PROTO_HPyFunc_OBJOBJARGPROC((*HPyFunc_objobjargproc));
typedef _HPyFunc_PROTO_HPyFunc_FREEFUNC((*HPyFunc_freefunc));
typedef _HPyFunc_PROTO_HPyFunc_GETATTRFUNC((*HPyFunc_getattrfunc));
typedef _HPyFunc_PROTO_HPyFunc_GETATTROFUNC((*HPyFunc_getattrofunc));
typedef _HPyFunc_PROTO_HPyFunc_SETATTRFUNC((*HPyFunc_setattrfunc));
typedef _HPyFunc_PROTO_HPyFunc_SETATTROFUNC((*HPyFunc_setattrofunc));
typedef _HPyFunc_PROTO_HPyFunc_REPRFUNC((*HPyFunc_reprfunc));
typedef _HPyFunc_PROTO_HPyFunc_HASHFUNC((*HPyFunc_hashfunc));
typedef _HPyFunc_PROTO_HPyFunc_RICHCMPFUNC((*HPyFunc_richcmpfunc));
typedef _HPyFunc_PROTO_HPyFunc_GETITERFUNC((*HPyFunc_getiterfunc));
typedef _HPyFunc_PROTO_HPyFunc_ITERNEXTFUNC((*HPyFunc_iternextfunc));
typedef _HPyFunc_PROTO_HPyFunc_DESCRGETFUNC((*HPyFunc_descrgetfunc));
typedef _HPyFunc_PROTO_HPyFunc_DESCRSETFUNC((*HPyFunc_descrsetfunc));
typedef _HPyFunc_PROTO_HPyFunc_INITPROC((*HPyFunc_initproc));
typedef _HPyFunc_PROTO_HPyFunc_NEWFUNC((*HPyFunc_newfunc));
typedef _HPyFunc_PROTO_HPyFunc_GETTER((*HPyFunc_getter));
typedef _HPyFunc_PROTO_HPyFunc_SETTER((*HPyFunc_setter));
typedef _HPyFunc_PROTO_HPyFunc_OBJOBJPROC((*HPyFunc_objobjproc));
typedef _HPyFunc_PROTO_HPyFunc_GETBUFFERPROC((*HPyFunc_getbufferproc));
typedef _HPyFunc_PROTO_HPyFunc_RELEASEBUFFERPROC((*HPyFunc_releasebufferproc));
typedef _HPyFunc_PROTO_HPyFunc_TRAVERSEPROC((*HPyFunc_traverseproc));
typedef _HPyFunc_PROTO_HPyFunc_DESTRUCTOR((*HPyFunc_destructor));
typedef _HPyFunc_PROTO_HPyFunc_DESTROYFUNC((*HPyFunc_destroyfunc));
typedef _HPyFunc_PROTO_HPyFunc_CAPSULE_DESTRUCTOR((*HPyFunc_Capsule_Destructor));
typedef _HPyFunc_PROTO_HPyFunc_MOD_CREATE((*HPyFunc_mod_create));

/* Declares the static function SYM with the signature SIG. The assertion comes first, so that a
   misspelt SIG is reported by its name. */
#define HPyFunc_DECLARE(SYM, SIG)                                                                  \
    _HPY_STATIC_ASSERT((SIG) > 0, "not an HPyFunc_Signature");                                     \
    static _HPyFunc_PROTO_##SIG(SYM)

/* Visits one HPyField * inside a function of HPyFunc_TRAVERSEPROC, whose parameters must be called
   `visit` and `arg`; null fields are passed over. Returns from that function when the visitor asks
   to stop. */
#define HPy_VISIT(FIELD)                                                                           \
    do {                                                                                           \
        if (!HPyField_IsNull(*(FIELD))) {                                                          \
            int _hpy_stop = visit(FIELD, arg);                                                     \
            if (_hpy_stop != 0)                                                                    \
                return _hpy_stop;                                                                  \
        }                                                                                          \
    } while (0)

#endif /* HPY_FUNC_H */
