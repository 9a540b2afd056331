/*
 * The module hpyarray: arrays of doubles for HPy's universal ABI.
 *
 * An array owns its memory, from tp_new until tp_destroy, and its length never changes.
 */
#include <alloca.h> /* inline functions of hpy.h use it, and strict C11 hides it */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "hpy.h"

/* HPyDef_METH expands to casts of function pointers and to partial initializers. */
#pragma GCC diagnostic ignored "-Wcast-function-type"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

typedef struct {
    HPy_ssize_t length;
    double *values; /* never NULL once tp_new is through */
} Array;

HPyType_HELPERS(Array)

static HPyGlobal array_type;

/* A new array with room for `length` values, not yet set. */
static HPy new_array(HPyContext *ctx, HPy type, HPy_ssize_t length, Array **array)
{
    /* One more, because malloc(0) may give NULL. */
    double *values = NULL;
    if ((size_t)length < PTRDIFF_MAX / sizeof *values) {
        values = malloc(((size_t)length + 1) * sizeof *values);
    }
    if (values == NULL) {
        return HPyErr_NoMemory(ctx);
    }
    HPy self = HPy_New(ctx, type, array);
    if (HPy_IsNull(self)) {
        free(values);
        return HPy_NULL;
    }
    (*array)->length = length;
    (*array)->values = values;
    return self;
}

static HPy new_result(HPyContext *ctx, HPy_ssize_t length, Array **array)
{
    HPy type = HPyGlobal_Load(ctx, array_type);
    HPy result = new_array(ctx, type, length, array);
    HPy_Close(ctx, type);
    return result;
}

HPyDef_SLOT(array_destroy, HPy_tp_destroy)
static void array_destroy_impl(void *data)
{
    free(((Array *)data)->values);
}

/* ---- from and to lists ---- */

static bool read_values(HPyContext *ctx, HPy sequence, Array *array)
{
    for (HPy_ssize_t i = 0; i < array->length; i++) {
        HPy item = HPy_GetItem_i(ctx, sequence, i);
        if (HPy_IsNull(item)) {
            return false;
        }
        double value = HPyFloat_AsDouble(ctx, item);
        HPy_Close(ctx, item);
        if (value == -1 && HPyErr_Occurred(ctx)) {
            return false;
        }
        array->values[i] = value;
    }
    return true;
}

HPyDef_SLOT(array_new, HPy_tp_new)
static HPy array_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    if (nargs != 1 || !HPy_IsNull(kw)) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "array() takes one argument, a list or tuple of numbers");
        return HPy_NULL;
    }
    if (!HPyList_Check(ctx, args[0]) && !HPyTuple_Check(ctx, args[0])) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "array() wants a list or tuple of numbers");
        return HPy_NULL;
    }
    HPy_ssize_t length = HPy_Length(ctx, args[0]);
    if (length < 0) {
        return HPy_NULL;
    }
    Array *array;
    HPy self = new_array(ctx, cls, length, &array);
    if (!HPy_IsNull(self) && !read_values(ctx, args[0], array)) {
        HPy_Close(ctx, self);
        return HPy_NULL;
    }
    return self;
}

HPyDef_METH(array_tolist, "tolist", HPyFunc_NOARGS, .doc = "tolist() -> list of floats")
static HPy array_tolist_impl(HPyContext *ctx, HPy self)
{
    Array *array = Array_AsStruct(ctx, self);
    HPyListBuilder builder = HPyListBuilder_New(ctx, array->length);
    for (HPy_ssize_t i = 0; i < array->length; i++) {
        HPy value = HPyFloat_FromDouble(ctx, array->values[i]);
        if (HPy_IsNull(value)) {
            HPyListBuilder_Cancel(ctx, builder);
            return HPy_NULL;
        }
        HPyListBuilder_Set(ctx, builder, i, value);
        HPy_Close(ctx, value);
    }
    return HPyListBuilder_Build(ctx, builder);
}

HPyDef_SLOT(array_repr, HPy_tp_repr)
static HPy array_repr_impl(HPyContext *ctx, HPy self)
{
    HPy list = array_tolist_impl(ctx, self);
    if (HPy_IsNull(list)) {
        return HPy_NULL;
    }
    HPy result = HPyUnicode_FromFormat(ctx, "array(%R)", list);
    HPy_Close(ctx, list);
    return result;
}

/* ---- items ---- */

HPyDef_SLOT(array_length, HPy_sq_length)
static HPy_ssize_t array_length_impl(HPyContext *ctx, HPy self)
{
    return Array_AsStruct(ctx, self)->length;
}

static bool check_index(HPyContext *ctx, const Array *array, HPy_ssize_t index)
{
    if (index >= 0 && index < array->length) {
        return true;
    }
    HPyErr_SetString(ctx, ctx->h_IndexError, "array index out of range");
    return false;
}

HPyDef_SLOT(array_item, HPy_sq_item)
static HPy array_item_impl(HPyContext *ctx, HPy self, HPy_ssize_t index)
{
    Array *array = Array_AsStruct(ctx, self);
    return check_index(ctx, array, index) ? HPyFloat_FromDouble(ctx, array->values[index]) : HPy_NULL;
}

HPyDef_SLOT(array_set_item, HPy_sq_ass_item)
static int array_set_item_impl(HPyContext *ctx, HPy self, HPy_ssize_t index, HPy value)
{
    if (HPy_IsNull(value)) {
        HPyErr_SetString(ctx, ctx->h_TypeError, "items of an array cannot be deleted");
        return -1;
    }
    double number = HPyFloat_AsDouble(ctx, value);
    if (number == -1 && HPyErr_Occurred(ctx)) {
        return -1;
    }
    Array *array = Array_AsStruct(ctx, self);
    if (!check_index(ctx, array, index)) {
        return -1;
    }
    array->values[index] = number;
    return 0;
}

/* ---- arithmetic ---- */

/* An operand: an array, or a number that stands for as many of itself as are needed. */
typedef struct {
    Array *array; /* NULL for a number */
    double number;
} Operand;

typedef enum { OPERAND_READ, OPERAND_FOREIGN, OPERAND_FAILED } OperandKind;

static OperandKind read_operand(HPyContext *ctx, HPy object, Operand *operand)
{
    if (HPy_TypeCheck(ctx, object, ctx->h_FloatType) || HPy_TypeCheck(ctx, object, ctx->h_LongType)) {
        operand->array = NULL;
        operand->number = HPyFloat_AsDouble(ctx, object);
        return operand->number == -1 && HPyErr_Occurred(ctx) ? OPERAND_FAILED : OPERAND_READ;
    }
    HPy type = HPyGlobal_Load(ctx, array_type);
    bool is_array = HPy_TypeCheck(ctx, object, type);
    HPy_Close(ctx, type);
    if (!is_array) {
        return OPERAND_FOREIGN;
    }
    operand->array = Array_AsStruct(ctx, object);
    return OPERAND_READ;
}

/* Plain loops, one for each case, so that the compiler can vectorise them. */
#define DEFINE_OPERATION(NAME, OPERATOR)                                                           \
    static void NAME(double *out, HPy_ssize_t length, const Operand *left, const Operand *right)   \
    {                                                                                              \
        if (left->array != NULL && right->array != NULL) {                                         \
            const double *a = left->array->values, *b = right->array->values;                      \
            for (HPy_ssize_t i = 0; i < length; i++)                                               \
                out[i] = a[i] OPERATOR b[i];                                                       \
        } else { /* both operations commute */                                                     \
            const double *a = (left->array != NULL ? left : right)->array->values;                 \
            const double b = (left->array != NULL ? right : left)->number;                         \
            for (HPy_ssize_t i = 0; i < length; i++)                                               \
                out[i] = a[i] OPERATOR b;                                                          \
        }                                                                                          \
    }

DEFINE_OPERATION(add_values, +)
DEFINE_OPERATION(multiply_values, *)

typedef void (*Operation)(double *out, HPy_ssize_t length, const Operand *left, const Operand *right);

static HPy operate(HPyContext *ctx, HPy left, HPy right, Operation operation)
{
    Operand a, b;
    OperandKind kind = read_operand(ctx, left, &a);
    if (kind == OPERAND_READ) {
        kind = read_operand(ctx, right, &b);
    }
    if (kind != OPERAND_READ) {
        return kind == OPERAND_FOREIGN ? HPy_Dup(ctx, ctx->h_NotImplemented) : HPy_NULL;
    }
    /* One of them is an array, or this slot would not have been called. */
    HPy_ssize_t length = (a.array != NULL ? a : b).array->length;
    if (a.array != NULL && b.array != NULL && a.array->length != b.array->length) {
        HPyErr_Format(ctx, ctx->h_ValueError, "arrays of %zd and %zd items", a.array->length,
                      b.array->length);
        return HPy_NULL;
    }
    Array *array;
    HPy result = new_result(ctx, length, &array);
    if (!HPy_IsNull(result)) {
        operation(array->values, length, &a, &b);
    }
    return result;
}

HPyDef_SLOT(array_add, HPy_nb_add)
static HPy array_add_impl(HPyContext *ctx, HPy left, HPy right)
{
    return operate(ctx, left, right, add_values);
}

HPyDef_SLOT(array_multiply, HPy_nb_multiply)
static HPy array_multiply_impl(HPyContext *ctx, HPy left, HPy right)
{
    return operate(ctx, left, right, multiply_values);
}

HPyDef_METH(array_sum, "sum", HPyFunc_NOARGS, .doc = "sum() -> float, added from first to last")
static HPy array_sum_impl(HPyContext *ctx, HPy self)
{
    Array *array = Array_AsStruct(ctx, self);
    double sum = 0;
    for (HPy_ssize_t i = 0; i < array->length; i++) {
        sum += array->values[i];
    }
    return HPyFloat_FromDouble(ctx, sum);
}

/* ---- the module ---- */

static HPyDef *array_defines[] = {
    &array_new, &array_destroy, &array_repr, &array_length, &array_item, &array_set_item,
    &array_add, &array_multiply, &array_tolist, &array_sum, NULL,
};

static HPyType_Spec array_spec = {
    .name = "hpyarray.array",
    .basicsize = sizeof(Array),
    .builtin_shape = SHAPE(Array),
    .doc = "array(sequence): doubles from a list or tuple of numbers.",
    .defines = array_defines,
};

HPyDef_SLOT(module_exec, HPy_mod_exec)
static int module_exec_impl(HPyContext *ctx, HPy module)
{
    HPy type = HPyType_FromSpec(ctx, &array_spec, NULL);
    if (HPy_IsNull(type)) {
        return -1;
    }
    HPyGlobal_Store(ctx, &array_type, type);
    int failed = HPy_SetAttr_s(ctx, module, "array", type);
    HPy_Close(ctx, type);
    return failed;
}

static HPyDef *module_defines[] = {&module_exec, NULL};
static HPyGlobal *module_globals[] = {&array_type, NULL};

static HPyModuleDef module_def = {
    .doc = "Arrays of doubles, written in C for HPy's universal ABI.",
    .defines = module_defines,
    .globals = module_globals,
};

HPy_MODINIT(hpyarray, module_def)
