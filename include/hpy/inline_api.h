/*
 * API functions that do more than forward their arguments to the context.
 *
 * Purpose: allocation of instances, fatal errors and the fields of a capsule; everything else that
 * calls the context is generated into hpy/autogen/api.h.
 */
#ifndef HPY_INLINE_API_H
#define HPY_INLINE_API_H

#include <string.h>

#include "hpy/context.h"

/* A new instance of `type`, whose struct, filled with zeros, is stored in *data:

       PointStruct *point;
       HPy h = HPy_New(ctx, type, &point);

   HPy_NULL and an error when it cannot be made. The struct lives as long as the object. */
#define HPy_New(CTX, TYPE, DATA) (_HPy_New((CTX), (TYPE), (void **)(DATA)))

/* The context writes to a local here and not through `data`: the address of the caller's variable
   does not escape, and the copy by bytes allows that variable to be a pointer to any struct. */
HPyAPI_FUNC HPy _HPy_New(HPyContext *ctx, HPy type, void **data)
{
    void *instance = NULL;
    HPy h = ctx->ctx_New(ctx, type, &instance);
    memcpy((void *)data, &instance, sizeof instance);
    return h;
}

/* Reports `message` and ends the process. */
HPyAPI_FUNC _HPy_NO_RETURN void HPy_FatalError(HPyContext *ctx, const char *message)
{
    ctx->ctx_FatalError(ctx, message);
    abort();
}

/* ---- capsules: getters return NULL, setters -1, with an error set ---- */

/* Any field, by its key. `name` is compared with the capsule's name for the pointer only. */
HPyAPI_FUNC void *HPyCapsule_Get(HPyContext *ctx, HPy capsule, _HPyCapsule_key key, const char *name)
{
    return ctx->ctx_Capsule_Get(ctx, capsule, key, name);
}

HPyAPI_FUNC int HPyCapsule_Set(HPyContext *ctx, HPy capsule, _HPyCapsule_key key, void *value)
{
    return ctx->ctx_Capsule_Set(ctx, capsule, key, value);
}

/* The pointer; `name` must equal the capsule's name (both may be NULL), else ValueError. */
HPyAPI_FUNC void *HPyCapsule_GetPointer(HPyContext *ctx, HPy capsule, const char *name)
{
    return HPyCapsule_Get(ctx, capsule, HPyCapsule_key_Pointer, name);
}

/* The name; NULL is also a name, tell it from an error by HPyErr_Occurred. */
HPyAPI_FUNC const char *HPyCapsule_GetName(HPyContext *ctx, HPy capsule)
{
    return (const char *)HPyCapsule_Get(ctx, capsule, HPyCapsule_key_Name, NULL);
}

/* The context pointer; NULL is also a value, tell it from an error by HPyErr_Occurred. */
HPyAPI_FUNC void *HPyCapsule_GetContext(HPyContext *ctx, HPy capsule)
{
    return HPyCapsule_Get(ctx, capsule, HPyCapsule_key_Context, NULL);
}

/* NULL is refused with a ValueError. */
HPyAPI_FUNC int HPyCapsule_SetPointer(HPyContext *ctx, HPy capsule, void *pointer)
{
    return HPyCapsule_Set(ctx, capsule, HPyCapsule_key_Pointer, pointer);
}

/* The text is not copied and must outlive the capsule. */
HPyAPI_FUNC int HPyCapsule_SetName(HPyContext *ctx, HPy capsule, const char *name)
{
    return HPyCapsule_Set(ctx, capsule, HPyCapsule_key_Name, (void *)name);
}

HPyAPI_FUNC int HPyCapsule_SetContext(HPyContext *ctx, HPy capsule, void *context)
{
    return HPyCapsule_Set(ctx, capsule, HPyCapsule_key_Context, context);
}

/* A destructor made by HPyCapsule_DESTRUCTOR, or NULL for none. */
HPyAPI_FUNC int HPyCapsule_SetDestructor(HPyContext *ctx, HPy capsule,
                                         HPyCapsule_Destructor *destructor)
{
    return HPyCapsule_Set(ctx, capsule, HPyCapsule_key_Destructor, (void *)destructor);
}

#endif /* HPY_INLINE_API_H */
