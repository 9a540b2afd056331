/*
 * Types: the specification HPyType_FromSpec makes a type from.
 *
 * Purpose: specification, parameters, flags, and the macro that gives typed access to an instance's
 * struct.
 * Owner: the extension. Lifetime: static; the host may keep pointers to the definitions.
 */
#ifndef HPY_TYPE_H
#define HPY_TYPE_H

#include "hpy/def.h"
#include "hpy/handle.h"

/* Which built-in type an instance's memory begins with. It decides how the struct is found, so it
   must agree with the bases; a type without a struct has the shape of its base. */
typedef enum {
    HPyType_BuiltinShape_Legacy = -1, /* a struct with CPython's object head: not in universal mode */
    HPyType_BuiltinShape_Object = 0,
    HPyType_BuiltinShape_Type = 1,    /* a metaclass, base h_TypeType; and so on */
    HPyType_BuiltinShape_Long = 2,
    HPyType_BuiltinShape_Float = 3,
    HPyType_BuiltinShape_Unicode = 4,
    HPyType_BuiltinShape_Tuple = 5,
    HPyType_BuiltinShape_List = 6,
    HPyType_BuiltinShape_Dict = 7,
} HPyType_BuiltinShape;

typedef struct {
    const char *name;                   /* "module.Name", UTF-8 */
    int basicsize;                      /* sizeof the struct, 0 for none */
    int itemsize;                       /* 0: variable-sized instances do not exist */
    unsigned long flags;                /* HPy_TPFLAGS_... */
    HPyType_BuiltinShape builtin_shape; /* SHAPE(Struct) */
    void *legacy_slots;                 /* NULL in universal mode */
    HPyDef **defines;                   /* ended by NULL; may be NULL */
    const char *doc;                    /* UTF-8, may be NULL */
} HPyType_Spec;

typedef enum {
    HPyType_SpecParam_Base = 1,       /* one base; may be repeated */
    HPyType_SpecParam_BasesTuple = 2, /* all bases at once, instead of the former */
    HPyType_SpecParam_Metaclass = 3,
} HPyType_SpecParam_Kind;

/* An array of these, ended by kind 0, is the second argument of HPyType_FromSpec. */
typedef struct {
    HPyType_SpecParam_Kind kind;
    HPy object;                       /* borrowed */
} HPyType_SpecParam;

#define _Py_TPFLAGS_HEAPTYPE (1UL << 9)
#define _Py_TPFLAGS_HAVE_VERSION_TAG (1UL << 18)

#define HPy_TPFLAGS_DEFAULT (_Py_TPFLAGS_HEAPTYPE | _Py_TPFLAGS_HAVE_VERSION_TAG)
/* may be subclassed */
#define HPy_TPFLAGS_BASETYPE (1UL << 10)
/* instances have a call function, see hpy/call.h */
#define HPy_TPFLAGS_HAVE_VECTORCALL (1UL << 11)
/* instances hold HPyFields; HPy_tp_traverse is then required */
#define HPy_TPFLAGS_HAVE_GC (1UL << 14)

/* For a struct type TYPE defines

       TYPE *TYPE_AsStruct(HPyContext *ctx, HPy h)   the struct of the instance h, borrowed,
                                                     undefined for other objects
       SHAPE(TYPE)                                   the value for .builtin_shape

   The second argument is the shape, by default HPyType_BuiltinShape_Object:
   `HPyType_HELPERS(PointStruct)`, `HPyType_HELPERS(Pair, HPyType_BuiltinShape_Tuple)`. */
#define HPyType_HELPERS(...) _HPyType_HELPERS(__VA_ARGS__, HPyType_BuiltinShape_Object, )
#define HPyType_LEGACY_HELPERS(TYPE) HPyType_HELPERS(TYPE, HPyType_BuiltinShape_Legacy)

#define SHAPE(TYPE) ((HPyType_BuiltinShape)TYPE##_SHAPE)

/* the default lands in KIND only when the caller gave no shape */
#define _HPyType_HELPERS(TYPE, KIND, ...)                                                          \
    enum { TYPE##_SHAPE = (int)KIND };                                                             \
    HPyAPI_FUNC TYPE *TYPE##_AsStruct(HPyContext *ctx, HPy h)                                      \
    {                                                                                              \
        return (TYPE *)_HPy_STRUCT_OF_##KIND(ctx, h);                                              \
    }

#define _HPy_STRUCT_OF_HPyType_BuiltinShape_Legacy _HPy_AsStruct_Legacy
#define _HPy_STRUCT_OF_HPyType_BuiltinShape_Object _HPy_AsStruct_Object
#define _HPy_STRUCT_OF_HPyType_BuiltinShape_Type _HPy_AsStruct_Type
#define _HPy_STRUCT_OF_HPyType_BuiltinShape_Long _HPy_AsStruct_Long
#define _HPy_STRUCT_OF_HPyType_BuiltinShape_Float _HPy_AsStruct_Float
#define _HPy_STRUCT_OF_HPyType_BuiltinShape_Unicode _HPy_AsStruct_Unicode
#define _HPy_STRUCT_OF_HPyType_BuiltinShape_Tuple _HPy_AsStruct_Tuple
#define _HPy_STRUCT_OF_HPyType_BuiltinShape_List _HPy_AsStruct_List
#define _HPy_STRUCT_OF_HPyType_BuiltinShape_Dict _HPy_AsStruct_Dict

#endif /* HPY_TYPE_H */
