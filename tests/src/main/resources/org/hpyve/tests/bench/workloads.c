/*
 * What the suite of benchmarks calls: functions of every signature, a type with everything that types have, and loops
 * in C over what the host has to offer. It does as little as it can itself.
 */
#include <hpy.h>

/* ---- functions of every signature, on the module and on the type ---- */

HPyDef_METH(noargs, "noargs", HPyFunc_NOARGS)
static HPy noargs_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_METH(onearg, "onearg", HPyFunc_O)
static HPy onearg_impl(HPyContext *ctx, HPy self, HPy arg)
{
    (void)self;
    (void)arg;
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_METH(varargs, "varargs", HPyFunc_VARARGS)
static HPy varargs_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    (void)args;
    (void)nargs;
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_METH(keywords, "keywords", HPyFunc_KEYWORDS)
static HPy keywords_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
{
    (void)self;
    (void)args;
    (void)nargs;
    (void)kwnames;
    return HPy_Dup(ctx, ctx->h_None);
}

/* add(a, b): parses its arguments, as most functions do. */
HPyDef_METH(add, "add", HPyFunc_VARARGS)
static HPy add_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    long a, b;
    if (!HPyArg_Parse(ctx, NULL, args, nargs, "ll", &a, &b))
        return HPy_NULL;
    return HPyLong_FromLong(ctx, a + b);
}

/* add_named(a, b=0) */
HPyDef_METH(add_named, "add_named", HPyFunc_KEYWORDS)
static HPy add_named_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
{
    (void)self;
    static const char *names[] = {"a", "b", NULL};
    long a, b = 0;
    if (!HPyArg_ParseKeywords(ctx, NULL, args, nargs, kwnames, "l|l", names, &a, &b))
        return HPy_NULL;
    return HPyLong_FromLong(ctx, a + b);
}

HPyDef_METH(new_int, "new_int", HPyFunc_NOARGS)
static HPy new_int_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    return HPyLong_FromLong(ctx, 2048);
}

HPyDef_METH(new_pair, "new_pair", HPyFunc_NOARGS)
static HPy new_pair_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    return HPy_BuildValue(ctx, "ii", 2048, 2049);
}

/* ---- items ---- */

/* sum_items(sequence): of ints. */
HPyDef_METH(sum_items, "sum_items", HPyFunc_O)
static HPy sum_items_impl(HPyContext *ctx, HPy self, HPy sequence)
{
    (void)self;
    HPy_ssize_t length = HPy_Length(ctx, sequence);
    if (length < 0)
        return HPy_NULL;
    int64_t sum = 0;
    for (HPy_ssize_t i = 0; i < length; i++) {
        HPy item = HPy_GetItem_i(ctx, sequence, i);
        if (HPy_IsNull(item))
            return HPy_NULL;
        sum += HPyLong_AsInt64_t(ctx, item);
        HPy_Close(ctx, item);
    }
    return HPyErr_Occurred(ctx) ? HPy_NULL : HPyLong_FromInt64_t(ctx, sum);
}

/* sum_of_keys(dict, keys): of the ints that the dict has for the keys. */
HPyDef_METH(sum_of_keys, "sum_of_keys", HPyFunc_VARARGS)
static HPy sum_of_keys_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    (void)nargs;
    HPy_ssize_t length = HPy_Length(ctx, args[1]);
    if (length < 0)
        return HPy_NULL;
    int64_t sum = 0;
    for (HPy_ssize_t i = 0; i < length; i++) {
        HPy key = HPy_GetItem_i(ctx, args[1], i);
        if (HPy_IsNull(key))
            return HPy_NULL;
        HPy item = HPy_GetItem(ctx, args[0], key);
        HPy_Close(ctx, key);
        if (HPy_IsNull(item))
            return HPy_NULL;
        sum += HPyLong_AsInt64_t(ctx, item);
        HPy_Close(ctx, item);
    }
    return HPyErr_Occurred(ctx) ? HPy_NULL : HPyLong_FromInt64_t(ctx, sum);
}

/* repeat_key(dict, n): the item "key", n times by its C name. */
HPyDef_METH(repeat_key, "repeat_key", HPyFunc_VARARGS)
static HPy repeat_key_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    (void)nargs;
    for (int64_t n = HPyLong_AsInt64_t(ctx, args[1]); n > 0; n--) {
        HPy item = HPy_GetItem_s(ctx, args[0], "key");
        if (HPy_IsNull(item))
            return HPy_NULL;
        HPy_Close(ctx, item);
    }
    return HPy_Dup(ctx, ctx->h_None);
}

/* item(sequence, i), key(mapping, key): one for each call. */
HPyDef_METH(item, "item", HPyFunc_VARARGS)
static HPy item_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    (void)nargs;
    HPy_ssize_t index = HPyLong_AsSsize_t(ctx, args[1]);
    if (index == -1 && HPyErr_Occurred(ctx))
        return HPy_NULL;
    return HPy_GetItem_i(ctx, args[0], index);
}

HPyDef_METH(key, "key", HPyFunc_VARARGS)
static HPy key_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    (void)nargs;
    return HPy_GetItem(ctx, args[0], args[1]);
}

/* ---- attributes of an object, n times in C: each takes (object, n) ---- */

HPyDef_METH(get_attributes, "get_attributes", HPyFunc_VARARGS)
static HPy get_attributes_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    (void)nargs;
    for (int64_t n = HPyLong_AsInt64_t(ctx, args[1]); n > 0; n--) {
        HPy value = HPy_GetAttr_s(ctx, args[0], "attribute");
        if (HPy_IsNull(value))
            return HPy_NULL;
        HPy_Close(ctx, value);
    }
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_METH(set_attributes, "set_attributes", HPyFunc_VARARGS)
static HPy set_attributes_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    (void)nargs;
    for (int64_t n = HPyLong_AsInt64_t(ctx, args[1]); n > 0; n--) {
        if (HPy_SetAttr_s(ctx, args[0], "attribute", args[1]) < 0)
            return HPy_NULL;
    }
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_METH(has_attributes, "has_attributes", HPyFunc_VARARGS)
static HPy has_attributes_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    (void)nargs;
    int64_t found = 0;
    for (int64_t n = HPyLong_AsInt64_t(ctx, args[1]); n > 0; n--)
        found += HPy_HasAttr_s(ctx, args[0], n % 2 ? "attribute" : "absent");
    return HPyLong_FromInt64_t(ctx, found);
}

/* ---- callbacks ---- */

/* call_tuple(function, arguments) */
HPyDef_METH(call_tuple, "call_tuple", HPyFunc_VARARGS)
static HPy call_tuple_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    (void)nargs;
    return HPy_CallTupleDict(ctx, args[0], args[1], HPy_NULL);
}

/* call(function, arguments...) */
HPyDef_METH(call, "call", HPyFunc_VARARGS)
static HPy call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    return HPy_Call(ctx, args[0], args + 1, nargs - 1, HPy_NULL);
}

/* call_method(name, object, arguments...) */
HPyDef_METH(call_method, "call_method", HPyFunc_VARARGS)
static HPy call_method_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    return HPy_CallMethod(ctx, args[0], args + 1, nargs - 1, HPy_NULL);
}

/* call_often(n, function, arguments...): in a loop in C. */
HPyDef_METH(call_often, "call_often", HPyFunc_VARARGS)
static HPy call_often_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    for (int64_t n = HPyLong_AsInt64_t(ctx, args[0]); n > 0; n--) {
        HPy result = HPy_Call(ctx, args[1], args + 2, nargs - 2, HPy_NULL);
        if (HPy_IsNull(result))
            return HPy_NULL;
        HPy_Close(ctx, result);
    }
    return HPy_Dup(ctx, ctx->h_None);
}

/* ---- types ---- */

typedef struct {
    long x, y;
} Point;
HPyType_HELPERS(Point)

HPyDef_SLOT(Point_length, HPy_sq_length)
static HPy_ssize_t Point_length_impl(HPyContext *ctx, HPy self)
{
    (void)ctx;
    (void)self;
    return 42;
}

HPyDef_SLOT(Point_item, HPy_sq_item)
static HPy Point_item_impl(HPyContext *ctx, HPy self, HPy_ssize_t index)
{
    (void)self;
    (void)index;
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_GETSET(Point_sum, "sum")
static HPy Point_sum_get(HPyContext *ctx, HPy self, void *closure)
{
    (void)closure;
    Point *point = Point_AsStruct(ctx, self);
    return HPyLong_FromLong(ctx, point->x + point->y);
}
static int Point_sum_set(HPyContext *ctx, HPy self, HPy value, void *closure)
{
    (void)closure;
    long sum = HPyLong_AsLong(ctx, value);
    if (sum == -1 && HPyErr_Occurred(ctx))
        return -1;
    Point *point = Point_AsStruct(ctx, self);
    point->y = sum - point->x;
    return 0;
}

HPyDef_MEMBER(Point_x, "x", HPyMember_LONG, offsetof(Point, x))

static HPyDef *Point_defines[] = {
    &noargs, &onearg, &varargs, &keywords, &Point_length, &Point_item, &Point_sum, &Point_x, NULL,
};
static HPyType_Spec Point_spec = {
    .name = "workloads.Point",
    .basicsize = sizeof(Point),
    .builtin_shape = SHAPE(Point),
    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE,
    .defines = Point_defines,
};

/* Made(x, y): by tp_new. */
HPyDef_SLOT(Made_new, HPy_tp_new)
static HPy Made_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    (void)kw;
    long x, y;
    if (!HPyArg_Parse(ctx, NULL, args, (size_t)nargs, "ll", &x, &y))
        return HPy_NULL;
    Point *point;
    HPy self = HPy_New(ctx, cls, &point);
    if (HPy_IsNull(self))
        return HPy_NULL;
    point->x = x;
    point->y = y;
    return self;
}

static HPyDef *Made_defines[] = {&Made_new, NULL};
static HPyType_Spec Made_spec = {
    .name = "workloads.Made",
    .basicsize = sizeof(Point),
    .builtin_shape = SHAPE(Point),
    .defines = Made_defines,
};

/* Initialised(x, y): by tp_init. */
HPyDef_SLOT(Initialised_init, HPy_tp_init)
static int Initialised_init_impl(HPyContext *ctx, HPy self, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    (void)kw;
    Point *point = Point_AsStruct(ctx, self);
    return HPyArg_Parse(ctx, NULL, args, (size_t)nargs, "ll", &point->x, &point->y) ? 0 : -1;
}

static HPyDef *Initialised_defines[] = {&Initialised_init, NULL};
static HPyType_Spec Initialised_spec = {
    .name = "workloads.Initialised",
    .basicsize = sizeof(Point),
    .builtin_shape = SHAPE(Point),
    .defines = Initialised_defines,
};

/* Destroyed(): with a function at its end. */
HPyDef_SLOT(Destroyed_destroy, HPy_tp_destroy)
static void Destroyed_destroy_impl(void *data)
{
    (void)data;
}

static HPyDef *Destroyed_defines[] = {&Destroyed_destroy, NULL};
static HPyType_Spec Destroyed_spec = {
    .name = "workloads.Destroyed",
    .basicsize = sizeof(Point),
    .builtin_shape = SHAPE(Point),
    .defines = Destroyed_defines,
};

/* new_often(type, n): instances made in C. */
HPyDef_METH(new_often, "new_often", HPyFunc_VARARGS)
static HPy new_often_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    (void)nargs;
    for (int64_t n = HPyLong_AsInt64_t(ctx, args[1]); n > 0; n--) {
        Point *point;
        HPy object = HPy_New(ctx, args[0], &point);
        if (HPy_IsNull(object))
            return HPy_NULL;
        point->x = n;
        HPy_Close(ctx, object);
    }
    return HPy_Dup(ctx, ctx->h_None);
}

/* compute(n): nothing but the processor. */
HPyDef_METH(compute, "compute", HPyFunc_O)
static HPy compute_impl(HPyContext *ctx, HPy self, HPy arg)
{
    (void)self;
    uint64_t state = 1;
    for (int64_t n = HPyLong_AsInt64_t(ctx, arg); n > 0; n--)
        state = state * 6364136223846793005u + 1442695040888963407u;
    return HPyLong_FromUInt64_t(ctx, state >> 33);
}

HPyDef_SLOT(execute, HPy_mod_exec)
static int execute_impl(HPyContext *ctx, HPy module)
{
    return HPyHelpers_AddType(ctx, module, "Point", &Point_spec, NULL)
            && HPyHelpers_AddType(ctx, module, "Made", &Made_spec, NULL)
            && HPyHelpers_AddType(ctx, module, "Initialised", &Initialised_spec, NULL)
            && HPyHelpers_AddType(ctx, module, "Destroyed", &Destroyed_spec, NULL)
        ? 0
        : -1;
}

static HPyDef *defines[] = {
    &noargs, &onearg, &varargs, &keywords, &add, &add_named, &new_int, &new_pair, &sum_items, &sum_of_keys,
    &repeat_key, &item, &key, &get_attributes, &set_attributes, &has_attributes, &call_tuple, &call, &call_method,
    &call_often, &new_often, &compute, &execute, NULL,
};
static HPyModuleDef module = {.defines = defines};
HPy_MODINIT(workloads, module)
