/*
 * The binary layout, asserted at compile time.
 *
 * Purpose: hosts and extensions are compiled apart, so every size and offset they share is checked
 * wherever hpy.h is included. The context struct is checked by the generated hpy/autogen/api.h.
 * The numbers are those of 64-bit platforms, the only ones checked.
 */
#ifndef HPY_LAYOUT_CHECK_H
#define HPY_LAYOUT_CHECK_H

#include "hpy/buffer.h"
#include "hpy/call.h"
#include "hpy/capsule.h"
#include "hpy/def.h"
#include "hpy/module.h"
#include "hpy/type.h"

#if UINTPTR_MAX == UINT64_MAX

#define _HPY_SIZE(TYPE, SIZE)                                                                      \
    _HPY_STATIC_ASSERT(sizeof(TYPE) == (SIZE), "size of " #TYPE " is not " #SIZE)
#define _HPY_AT(TYPE, MEMBER, OFFSET)                                                              \
    _HPY_STATIC_ASSERT(offsetof(TYPE, MEMBER) == (OFFSET),                                         \
                       #TYPE "." #MEMBER " is not at byte " #OFFSET)

_HPY_SIZE(HPy, 8);
_HPY_SIZE(HPyField, 8);
_HPY_SIZE(HPyGlobal, 8);
_HPY_SIZE(HPyListBuilder, 8);
_HPY_SIZE(HPyTupleBuilder, 8);
_HPY_SIZE(HPyTracker, 8);
_HPY_SIZE(HPyThreadState, 8);
_HPY_SIZE(HPyFunc_Signature, 4);
_HPY_SIZE(HPySlot_Slot, 4);
_HPY_SIZE(HPyMember_FieldType, 4);
_HPY_SIZE(HPyType_BuiltinShape, 4);
_HPY_SIZE(HPy_RichCmpOp, 4);

_HPY_SIZE(HPySlot, 24);
_HPY_AT(HPySlot, slot, 0);
_HPY_AT(HPySlot, impl, 8);
_HPY_AT(HPySlot, cpy_trampoline, 16);

_HPY_SIZE(HPyMeth, 40);
_HPY_AT(HPyMeth, name, 0);
_HPY_AT(HPyMeth, impl, 8);
_HPY_AT(HPyMeth, cpy_trampoline, 16);
_HPY_AT(HPyMeth, signature, 24);
_HPY_AT(HPyMeth, doc, 32);

_HPY_SIZE(HPyMember, 40);
_HPY_AT(HPyMember, name, 0);
_HPY_AT(HPyMember, type, 8);
_HPY_AT(HPyMember, offset, 16);
_HPY_AT(HPyMember, readonly, 24);
_HPY_AT(HPyMember, doc, 32);

_HPY_SIZE(HPyGetSet, 56);
_HPY_AT(HPyGetSet, name, 0);
_HPY_AT(HPyGetSet, getter_impl, 8);
_HPY_AT(HPyGetSet, setter_impl, 16);
_HPY_AT(HPyGetSet, getter_cpy_trampoline, 24);
_HPY_AT(HPyGetSet, setter_cpy_trampoline, 32);
_HPY_AT(HPyGetSet, doc, 40);
_HPY_AT(HPyGetSet, closure, 48);

_HPY_SIZE(HPyDef, 64);
_HPY_AT(HPyDef, kind, 0);
_HPY_AT(HPyDef, slot, 8);
_HPY_AT(HPyDef, meth, 8);
_HPY_AT(HPyDef, member, 8);
_HPY_AT(HPyDef, getset, 8);

_HPY_SIZE(HPyModuleDef, 40);
_HPY_AT(HPyModuleDef, doc, 0);
_HPY_AT(HPyModuleDef, size, 8);
_HPY_AT(HPyModuleDef, legacy_methods, 16);
_HPY_AT(HPyModuleDef, defines, 24);
_HPY_AT(HPyModuleDef, globals, 32);

_HPY_SIZE(HPyType_Spec, 56);
_HPY_AT(HPyType_Spec, name, 0);
_HPY_AT(HPyType_Spec, basicsize, 8);
_HPY_AT(HPyType_Spec, itemsize, 12);
_HPY_AT(HPyType_Spec, flags, 16);
_HPY_AT(HPyType_Spec, builtin_shape, 24);
_HPY_AT(HPyType_Spec, legacy_slots, 32);
_HPY_AT(HPyType_Spec, defines, 40);
_HPY_AT(HPyType_Spec, doc, 48);

_HPY_SIZE(HPyType_SpecParam, 16);
_HPY_AT(HPyType_SpecParam, kind, 0);
_HPY_AT(HPyType_SpecParam, object, 8);

_HPY_SIZE(HPy_buffer, 80);
_HPY_AT(HPy_buffer, buf, 0);
_HPY_AT(HPy_buffer, obj, 8);
_HPY_AT(HPy_buffer, len, 16);
_HPY_AT(HPy_buffer, itemsize, 24);
_HPY_AT(HPy_buffer, readonly, 32);
_HPY_AT(HPy_buffer, ndim, 36);
_HPY_AT(HPy_buffer, format, 40);
_HPY_AT(HPy_buffer, shape, 48);
_HPY_AT(HPy_buffer, strides, 56);
_HPY_AT(HPy_buffer, suboffsets, 64);
_HPY_AT(HPy_buffer, internal, 72);

_HPY_SIZE(HPyCapsule_Destructor, 16);
_HPY_AT(HPyCapsule_Destructor, cpy_trampoline, 0);
_HPY_AT(HPyCapsule_Destructor, impl, 8);

_HPY_SIZE(HPyCallFunction, 16);
_HPY_AT(HPyCallFunction, cpy_trampoline, 0);
_HPY_AT(HPyCallFunction, impl, 8);

#undef _HPY_SIZE
#undef _HPY_AT

#endif /* 64-bit */

#endif /* HPY_LAYOUT_CHECK_H */
