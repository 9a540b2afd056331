#include <stdio.h>
#include <string.h>

#include "capsule.h"
#include "count.h"
#include "down.h"
#include "err.h"
#include "members.h"
#include "memory.h"
#include "table.h"

/* The names of CPython's functions, in whose words errors are reported. */
static const char *const capsule_getters[] = {"PyCapsule_GetPointer", "PyCapsule_GetName", "PyCapsule_GetContext"};
static const char *const capsule_setters[] = {"PyCapsule_SetPointer", "PyCapsule_SetName", "PyCapsule_SetContext",
                                              "PyCapsule_SetDestructor"};

void capsule_destroy(State *st, JNIEnv *env, Capsule *capsule)
{
    if (capsule->destructor) {
        JNIEnv *outer = down_enter(st, env);
        ((HPyFunc_Capsule_Destructor)(intptr_t)capsule->destructor)(capsule->name, capsule->pointer, capsule->context);
        down_leave(st, outer);
    }
    memory_free(st, capsule);
}

/* *capsule is NULL for an object of another type. False, with the exception set, if the handle is not open. */
static bool capsule_find(HPyContext *ctx, HPy h, int member, Capsule **capsule)
{
    const Slot *slot = table_slot(state_of(ctx), h);
    *capsule = slot && (slot->kind & KIND_CAPSULE) ? (Capsule *)slot->data : NULL;
    if (slot || HPy_IsNull(h) || table_is_int(h) || table_is_double(h))
        return true;
    err_bad_handle(ctx, h, member);
    return false;
}

static void capsule_error(HPyContext *ctx, const char *function, const char *what)
{
    char message[96];
    snprintf(message, sizeof message, "%s called with %s", function, what);
    err_set(ctx, CONSTANT_h_ValueError, message);
}

/* NULL, with the exception set, if it is no capsule. */
static Capsule *capsule_required(HPyContext *ctx, HPy h, int member, const char *function)
{
    Capsule *capsule;
    if (capsule_find(ctx, h, member, &capsule) && !capsule)
        capsule_error(ctx, function, "invalid PyCapsule object");
    return capsule;
}

static bool capsule_has_name(const Capsule *capsule, const char *name)
{
    return capsule->name && name ? strcmp(capsule->name, name) == 0 : capsule->name == name;
}

/* The function of a destructor; false, with the exception set, if it is not whole. NULL is none. The trampoline is
   needed by CPython only, but an extension without it would not work there. */
static bool capsule_destructor(HPyContext *ctx, const HPyCapsule_Destructor *destructor, char **function)
{
    *function = NULL;
    if (!destructor)
        return true;
    if (!destructor->cpy_trampoline || !destructor->impl) {
        err_set(ctx, CONSTANT_h_ValueError, "Invalid HPyCapsule destructor");
        return false;
    }
    *function = (char *)(intptr_t)destructor->impl;
    return true;
}

HPy ctx_Capsule_New(HPyContext *ctx, void *pointer, const char *utf8_name, HPyCapsule_Destructor *destructor)
{
    State *st = state_of(ctx);
    char *function;
    if (!capsule_destructor(ctx, destructor, &function))
        return HPy_NULL;
    if (!pointer) {
        capsule_error(ctx, "PyCapsule_New", "null pointer");
        return HPy_NULL;
    }
    Capsule *capsule = memory_allocate(st, sizeof(Capsule));
    if (!capsule) {
        err_refused(ctx, NULL);
        return HPy_NULL;
    }
    capsule->pointer = pointer;
    capsule->name = (char *)utf8_name;
    capsule->destructor = function;
    HPy made = up_Capsule_Create(ctx, capsule);
    if (HPy_IsNull(made))
        memory_free(st, capsule);
    return made;
}

void *ctx_Capsule_Get(HPyContext *ctx, HPy capsule, _HPyCapsule_key key, const char *utf8_name)
{
    if (key == HPyCapsule_key_Destructor) {
        err_set(ctx, CONSTANT_h_ValueError, "Invalid operation: get HPyCapsule_key_Destructor");
        return NULL;
    }
    if ((unsigned)key > HPyCapsule_key_Destructor) {
        err_set(ctx, CONSTANT_h_SystemError, "HPyCapsule_Get: bad key");
        return NULL;
    }
    const Capsule *found = capsule_required(ctx, capsule, MEMBER_Capsule_Get, capsule_getters[key]);
    if (!found)
        return NULL;
    count_answered(ctx);
    switch (key) {
    case HPyCapsule_key_Name:
        return found->name;
    case HPyCapsule_key_Context:
        return found->context;
    default:
        if (capsule_has_name(found, utf8_name))
            return found->pointer;
        capsule_error(ctx, "PyCapsule_GetPointer", "incorrect name");
        return NULL;
    }
}

int ctx_Capsule_IsValid(HPyContext *ctx, HPy capsule, const char *utf8_name)
{
    Capsule *found;
    count_answered(ctx);
    return capsule_find(ctx, capsule, MEMBER_Capsule_IsValid, &found) && found && capsule_has_name(found, utf8_name);
}

int ctx_Capsule_Set(HPyContext *ctx, HPy capsule, _HPyCapsule_key key, void *value)
{
    char *function = NULL;
    if ((unsigned)key > HPyCapsule_key_Destructor) {
        err_set(ctx, CONSTANT_h_SystemError, "HPyCapsule_Set: bad key");
        return -1;
    }
    if (key == HPyCapsule_key_Pointer && !value) {
        capsule_error(ctx, "PyCapsule_SetPointer", "null pointer");
        return -1;
    }
    if (key == HPyCapsule_key_Destructor && !capsule_destructor(ctx, value, &function))
        return -1;
    Capsule *found = capsule_required(ctx, capsule, MEMBER_Capsule_Set, capsule_setters[key]);
    if (!found)
        return -1;
    count_answered(ctx);
    switch (key) {
    case HPyCapsule_key_Pointer:
        found->pointer = value;
        break;
    case HPyCapsule_key_Name:
        found->name = value;
        break;
    case HPyCapsule_key_Context:
        found->context = value;
        break;
    default:
        found->destructor = function;
    }
    return 0;
}
