#include "content.h"
#include "count.h"
#include "err.h"
#include "log.h"
#include "members.h"
#include "memory.h"
#include "table.h"

/* The kind bit that decides whether an object is an instance of a built-in type; 0 if the type is another one. */
static int32_t type_kind(HPyContext *ctx, HPy type)
{
    const struct {
        HPy type;
        int32_t kind;
    } kinds[] = {
        {ctx->h_LongType, KIND_INT},   {ctx->h_UnicodeType, KIND_UNICODE}, {ctx->h_DictType, KIND_DICT},
        {ctx->h_ListType, KIND_LIST},  {ctx->h_FloatType, KIND_FLOAT},     {ctx->h_TupleType, KIND_TUPLE},
        {ctx->h_BytesType, KIND_BYTES}, {ctx->h_BoolType, KIND_BOOL},      {ctx->h_TypeType, KIND_TYPE},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].type._i == type._i)
            return kinds[i].kind;
    }
    return 0;
}

int ctx_TypeCheck(HPyContext *ctx, HPy obj, HPy type)
{
    State *st = state_of(ctx);
    int32_t wanted = type_kind(ctx, type);
    bool known = table_is_int(obj) || table_is_double(obj) || table_slot(st, obj);
    if (!wanted || !known)
        return up_TypeCheck(ctx, obj, type);
    count_answered(ctx);
    return (table_kind(st, obj) & wanted) != 0;
}

const char *ctx_Type_GetName(HPyContext *ctx, HPy type)
{
    return content_of(ctx, type, CONTENT_TYPE_NAME, NULL);
}

static void *type_struct(HPyContext *ctx, HPy h, int member)
{
    const Slot *slot = table_slot(state_of(ctx), h);
    if (slot) {
        count_answered(ctx);
        return slot->kind & KIND_EXACT ? NULL : slot->data;
    }
    err_bad_handle(ctx, h, member);
    return NULL;
}

void *ctx_AsStruct_Object(HPyContext *ctx, HPy h)
{
    return type_struct(ctx, h, MEMBER_AsStruct_Object);
}

void *ctx_AsStruct_Legacy(HPyContext *ctx, HPy h)
{
    return type_struct(ctx, h, MEMBER_AsStruct_Legacy);
}

void *ctx_AsStruct_Type(HPyContext *ctx, HPy h)
{
    return type_struct(ctx, h, MEMBER_AsStruct_Type);
}

void *ctx_AsStruct_Long(HPyContext *ctx, HPy h)
{
    return type_struct(ctx, h, MEMBER_AsStruct_Long);
}

void *ctx_AsStruct_Float(HPyContext *ctx, HPy h)
{
    return type_struct(ctx, h, MEMBER_AsStruct_Float);
}

void *ctx_AsStruct_Unicode(HPyContext *ctx, HPy h)
{
    return type_struct(ctx, h, MEMBER_AsStruct_Unicode);
}

void *ctx_AsStruct_Tuple(HPyContext *ctx, HPy h)
{
    return type_struct(ctx, h, MEMBER_AsStruct_Tuple);
}

void *ctx_AsStruct_List(HPyContext *ctx, HPy h)
{
    return type_struct(ctx, h, MEMBER_AsStruct_List);
}

void *ctx_AsStruct_Dict(HPyContext *ctx, HPy h)
{
    return type_struct(ctx, h, MEMBER_AsStruct_Dict);
}

HPy ctx_New(HPyContext *ctx, HPy h_type, void **data)
{
    HPy instance = log_new(state_of(ctx), h_type, data);
    if (!HPy_IsNull(instance))
        return instance;
    instance = up_Type_New(ctx, h_type);
    const Slot *slot = table_slot(state_of(ctx), instance);
    *data = slot ? slot->data : NULL;
    return instance;
}

/* The parameters cross as pairs: kind, handle. */
HPy ctx_Type_FromSpec(HPyContext *ctx, HPyType_Spec *spec, HPyType_SpecParam *params)
{
    State *st = state_of(ctx);
    HPy_ssize_t count = 0;
    while (params && params[count].kind != 0)
        count++;
    HPy *pairs = memory_allocate(st, (size_t)(2 * count + 1) * sizeof(HPy));
    if (!pairs) {
        err_refused(ctx, NULL);
        return HPy_NULL;
    }
    for (HPy_ssize_t i = 0; i < count; i++) {
        pairs[2 * i] = (HPy){(intptr_t)params[i].kind};
        pairs[2 * i + 1] = params[i].object;
    }
    HPy type = up_Type_Create(ctx, spec, pairs, 2 * count);
    memory_free(st, pairs);
    return type;
}
