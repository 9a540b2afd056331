/*
 * Modules: the definition of a module and the functions a binary exports for it.
 *
 * Purpose: HPyModuleDef and HPy_MODINIT. A module is initialised in phases: the exported function
 * returns the definition and nothing else; the host makes the module from it (HPy_mod_create if
 * given) and then runs its HPy_mod_exec slots. The name comes from the import, not from the
 * definition.
 * Lifetime: static; each interpreter that imports the module runs the phases anew.
 */
#ifndef HPY_MODULE_H
#define HPY_MODULE_H

#include "hpy/abi.h"
#include "hpy/def.h"
#include "hpy/handle.h"
#include "hpy/legacy.h"

typedef struct {
    const char *doc;                 /* UTF-8, may be NULL */
    HPy_ssize_t size;                /* must be 0: module state does not exist in 0.9 */
    cpy_PyMethodDef *legacy_methods; /* NULL in universal mode */
    HPyDef **defines;                /* methods and module slots, ended by NULL; may be NULL */
    HPyGlobal **globals;             /* every HPyGlobal in use, ended by NULL; may be NULL */
} HPyModuleDef;

/* Several modules in one binary: compile every one with HPY_EMBEDDED_MODULES, keep each within one
   source file, and put HPY_MOD_EMBEDDABLE(name) above its definitions. The context for CPython's
   trampolines is then a variable of the file instead of one of the binary. */
#ifdef HPY_EMBEDDED_MODULES
#  define HPY_MOD_EMBEDDABLE(NAME) static HPyContext *_ctx_for_trampolines;
#  define _HPy_DEFINE_CTX_FOR_TRAMPOLINES
#else
#  define HPY_MOD_EMBEDDABLE(NAME)
#  define _HPy_DEFINE_CTX_FOR_TRAMPOLINES _HPy_HIDDEN HPyContext *_ctx_for_trampolines;
#endif

#define _HPy_EXPORT(RESULT, FUNCTION, PARAMETERS)                                                  \
    HPy_EXPORTED_FUNC RESULT FUNCTION PARAMETERS;                                                  \
    RESULT FUNCTION PARAMETERS

/* Defines what a host looks for in the binary of the module NAME (the last part of a dotted name):

       get_required_hpy_major_version_NAME, get_required_hpy_minor_version_NAME
       HPyInitGlobalContext_NAME     receives the context for CPython's trampolines
       HPyInit_NAME                  returns &MODULE_DEF */
#define HPy_MODINIT(NAME, MODULE_DEF)                                                              \
    _HPy_DEFINE_CTX_FOR_TRAMPOLINES                                                                \
    _HPy_EXPORT(uint32_t, get_required_hpy_major_version_##NAME, (void))                           \
    {                                                                                              \
        return HPY_ABI_VERSION;                                                                    \
    }                                                                                              \
    _HPy_EXPORT(uint32_t, get_required_hpy_minor_version_##NAME, (void))                           \
    {                                                                                              \
        return HPY_ABI_VERSION_MINOR;                                                              \
    }                                                                                              \
    _HPy_EXPORT(void, HPyInitGlobalContext_##NAME, (HPyContext * ctx))                             \
    {                                                                                              \
        _ctx_for_trampolines = ctx;                                                                \
    }                                                                                              \
    _HPy_EXPORT(HPyModuleDef *, HPyInit_##NAME, (void))                                            \
    {                                                                                              \
        return &MODULE_DEF;                                                                        \
    }

/* Once in a binary: one image of it may serve all interpreters of a process, see
   docs/explanation/images.md. Other hosts do not look for it. */
#define HPYVE_SHARE_IMAGE                                                                          \
    _HPy_EXPORT(int, hpyve_share_image, (void))                                                    \
    {                                                                                              \
        return 1;                                                                                  \
    }

#endif /* HPY_MODULE_H */
