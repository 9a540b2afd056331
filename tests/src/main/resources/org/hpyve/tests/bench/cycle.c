/* An extension that uses what must not outlive an interpreter: a C static, a global, a type with a struct, a list. */
#include <hpy.h>
#include <malloc.h>

static long count;
static HPyGlobal value;

HPyDef_METH(calls, "calls", HPyFunc_NOARGS)
static HPy calls_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    return HPyLong_FromLong(ctx, ++count);
}

HPyDef_METH(keep, "keep", HPyFunc_O)
static HPy keep_impl(HPyContext *ctx, HPy self, HPy arg)
{
    (void)self;
    HPyGlobal_Store(ctx, &value, arg);
    return HPy_Dup(ctx, ctx->h_None);
}

HPyDef_METH(kept, "kept", HPyFunc_NOARGS)
static HPy kept_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    return HPyGlobal_Load(ctx, value);
}

/* sum([...]): the items as integers. */
HPyDef_METH(sum, "sum", HPyFunc_O)
static HPy sum_impl(HPyContext *ctx, HPy self, HPy list)
{
    (void)self;
    HPy_ssize_t length = HPy_Length(ctx, list);
    if (length < 0)
        return HPy_NULL;
    long long sum = 0;
    for (HPy_ssize_t i = 0; i < length; i++) {
        HPy item = HPy_GetItem_i(ctx, list, i);
        if (HPy_IsNull(item))
            return HPy_NULL;
        long long number = HPyLong_AsLongLong(ctx, item);
        HPy_Close(ctx, item);
        if (number == -1 && HPyErr_Occurred(ctx))
            return HPy_NULL;
        sum += number;
    }
    return HPyLong_FromLongLong(ctx, sum);
}

/* Bytes of this process that malloc gave out and that nobody freed, the JVM's own among them. */
HPyDef_METH(allocated, "allocated", HPyFunc_NOARGS)
static HPy allocated_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    struct mallinfo2 info = mallinfo2();
    return HPyLong_FromSize_t(ctx, info.uordblks + info.hblkhd);
}

typedef struct {
    double x, y;
    HPyField next;
} Thing;
HPyType_HELPERS(Thing)

HPyDef_SLOT(Thing_new, HPy_tp_new)
static HPy Thing_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    (void)args;
    (void)nargs;
    (void)kw;
    Thing *thing;
    HPy object = HPy_New(ctx, cls, &thing);
    if (HPy_IsNull(object))
        return HPy_NULL;
    HPyField_Store(ctx, object, &thing->next, object);
    return object;
}

HPyDef_SLOT(Thing_traverse, HPy_tp_traverse)
static int Thing_traverse_impl(void *self, HPyFunc_visitproc visit, void *arg)
{
    Thing *thing = self;
    HPy_VISIT(&thing->next);
    return 0;
}

HPyDef_SLOT(Thing_destroy, HPy_tp_destroy)
static void Thing_destroy_impl(void *self)
{
    (void)self;
    count--;
}

static HPyDef *Thing_defines[] = {&Thing_new, &Thing_traverse, &Thing_destroy, NULL};
static HPyType_Spec Thing_spec = {
    .name = "cycle.Thing",
    .basicsize = sizeof(Thing),
    .builtin_shape = SHAPE(Thing),
    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_HAVE_GC,
    .defines = Thing_defines,
};

HPyDef_SLOT(execute, HPy_mod_exec)
static int execute_impl(HPyContext *ctx, HPy module)
{
    return HPyHelpers_AddType(ctx, module, "Thing", &Thing_spec, NULL) ? 0 : -1;
}

static HPyDef *defines[] = {&calls, &keep, &kept, &sum, &allocated, &execute, NULL};
static HPyGlobal *globals[] = {&value, NULL};
static HPyModuleDef module = {.defines = defines, .globals = globals};
HPy_MODINIT(cycle, module)
