/* The machine itself: programs, the transcript, and the module. */
#include "machine.h"

HPyGlobal machine_global;
HPy machine_kept[KEPT];

enum { MAX_DEPTH = 4, MAX_STEPS = 400, MAX_GROWTHS = 6 };

static char *transcript;
static size_t transcript_length, transcript_capacity;
static int depth, steps, growths;

static void reserve(size_t more)
{
    if (transcript_length + more > transcript_capacity) {
        transcript_capacity = 2 * (transcript_length + more);
        transcript = realloc(transcript, transcript_capacity);
    }
}

void note(const char *format, ...)
{
    va_list arguments;
    reserve(200);
    va_start(arguments, format);
    int length = vsnprintf(transcript + transcript_length, 200, format, arguments);
    va_end(arguments);
    transcript_length += length < 200 ? length : 199;
}

/* Addresses in texts are not the same in each run; a long text is noted by its length and a hash. */
void note_text(const char *bytes, HPy_ssize_t size)
{
    uint64_t hash = 14695981039346656037u;
    HPy_ssize_t counted = 0;
    for (HPy_ssize_t i = 0; i < size; i++, counted++) {
        hash = (hash ^ (unsigned char)bytes[i]) * 1099511628211u;
        if (bytes[i] == 'x' && i > 0 && bytes[i - 1] == '0')
            while (i + 1 < size && strchr("0123456789abcdef", bytes[i + 1]) && bytes[i + 1])
                i++;
    }
    note(" %ld:", (long)counted);
    if (counted > 24) {
        note("#%lx", (unsigned long)hash);
        return;
    }
    for (HPy_ssize_t i = 0; i < size && counted == size; i++)
        note(bytes[i] >= ' ' && bytes[i] < 127 ? "%c" : "\\x%02x", (unsigned char)bytes[i]);
}

void put(Frame *f, const Step *s, HPy value)
{
    note(HPy_IsNull(value) ? " NULL" : " ok");
    if (HPy_IsNull(value))
        return;
    HPy *target = &f->registers[s->target % (REGISTERS - 1)]; /* the last one holds the box */
    HPy_Close(f->ctx, *target);
    *target = value;
}

bool growth(void)
{
    bool may = growths++ < MAX_GROWTHS;
    if (!may)
        note(" skipped");
    return may;
}

bool growth_by(HPyContext *ctx, HPy h)
{
    if (!HPy_IsNull(h) && HPyIter_Check(ctx, h)) {
        note(" skipped");
        return false;
    }
    return growth();
}

bool stable(HPyContext *ctx, HPy key)
{
    return HPyUnicode_Check(ctx, key) || HPyBytes_Check(ctx, key) || HPyList_Check(ctx, key) || HPyDict_Check(ctx, key)
        || (!HPyTuple_Check(ctx, key) && HPyNumber_Check(ctx, key));
}

/* The kind of the exception that is set: the number of the first that it matches. */
static int matching(HPyContext *ctx)
{
    HPy kinds[] = {ctx->h_KeyError, ctx->h_IndexError, ctx->h_UnicodeError, ctx->h_ValueError, ctx->h_OverflowError,
                   ctx->h_AttributeError, ctx->h_SystemError, ctx->h_TypeError, ctx->h_StopIteration,
                   ctx->h_MemoryError, ctx->h_RuntimeError, ctx->h_Exception};
    int count = sizeof kinds / sizeof kinds[0];
    for (int i = 0; i < count; i++)
        if (HPyErr_ExceptionMatches(ctx, kinds[i]))
            return i;
    return count;
}

static void step(Frame *f, const Step *s)
{
    if (!numbers_step(f, s) && !texts_step(f, s) && !containers_step(f, s) && !loops_step(f, s) && !objects_step(f, s)
        && !state_step(f, s))
        note(" unknown");
}

/* Is the program to go on? */
static bool settle(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    if (f->returns)
        return false;
    if (!HPyErr_Occurred(ctx))
        return true;
    note(" !");
    switch (s->on_error) {
    case ON_ERROR_RETURN:
        return false;
    case ON_ERROR_MATCH_AND_CLEAR:
        note("%d", matching(ctx));
        HPyErr_Clear(ctx);
        return true;
    case ON_ERROR_CLEAR:
        HPyErr_Clear(ctx);
        return true;
    default:
        return true;
    }
}

static void release(Frame *f)
{
    HPyContext *ctx = f->ctx;
    if (f->list_builder._lst)
        HPyListBuilder_Cancel(ctx, f->list_builder);
    if (f->tuple_builder._tup)
        HPyTupleBuilder_Cancel(ctx, f->tuple_builder);
    if (f->tracker._i)
        HPyTracker_Close(ctx, f->tracker);
    for (int i = 0; i < REGISTERS; i++)
        HPy_Close(ctx, f->registers[i]);
}

/* run(program, register 0, ...): what the program returns. */
HPyDef_METH(run, "run", HPyFunc_VARARGS)
static HPy run_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
{
    (void)self;
    if (nargs != REGISTERS + 1 || depth == MAX_DEPTH) {
        HPyErr_SetString(ctx, ctx->h_RuntimeError, "too deep");
        return HPy_NULL;
    }
    /* Copied: the program may close all handles that it can reach. */
    HPy_ssize_t size = HPyBytes_Size(ctx, args[0]);
    const char *code = HPyBytes_AsString(ctx, args[0]);
    if (!code)
        return HPy_NULL;
    size_t count = (size_t)size / sizeof(Step);
    Step *program = malloc((size_t)size + 1);
    memcpy(program, code, (size_t)size);
    Frame f = {.ctx = ctx};
    for (int i = 0; i < REGISTERS; i++)
        f.registers[i] = HPy_Dup(ctx, args[i + 1]);
    depth++;
    note("{");
    bool going = true;
    for (size_t i = 0; i < count && going && steps < MAX_STEPS; i++, steps++) {
        const Step *s = &program[i];
        note("\n%s", s->code < OPERATIONS ? operation_names[s->code] : "?");
        step(&f, s);
        going = settle(&f, s);
    }
    note("}");
    depth--;
    free(program);
    release(&f);
    if (f.returns)
        return f.result;
    return HPyErr_Occurred(ctx) ? HPy_NULL : HPy_Dup(ctx, ctx->h_None);
}

/* finish(box): the transcript, which begins anew; nothing that programs have kept is left. */
HPyDef_METH(finish, "finish", HPyFunc_O)
static HPy finish_impl(HPyContext *ctx, HPy self, HPy box)
{
    (void)self;
    for (int i = 0; i < KEPT; i++) {
        HPy_Close(ctx, machine_kept[i]);
        machine_kept[i] = HPy_NULL;
    }
    HPyGlobal_Store(ctx, &machine_global, ctx->h_None);
    Box *data = Box_AsStruct(ctx, box);
    for (int i = 0; i < 3; i++)
        HPyField_Store(ctx, box, &data->fields[i], HPy_NULL);
    data->count = 0;
    note("\nsteps %d", steps);
    HPy text = HPyBytes_FromStringAndSize(ctx, transcript, (HPy_ssize_t)transcript_length);
    transcript_length = 0;
    steps = growths = 0;
    return text;
}

HPyDef_SLOT(Box_traverse, HPy_tp_traverse)
static int Box_traverse_impl(void *self, HPyFunc_visitproc visit, void *arg)
{
    Box *box = self;
    for (int i = 0; i < 3; i++)
        HPy_VISIT(&box->fields[i]);
    return 0;
}

HPyDef_SLOT(Box_new, HPy_tp_new)
static HPy Box_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw)
{
    (void)args;
    (void)nargs;
    (void)kw;
    Box *box;
    return HPy_New(ctx, cls, &box);
}

/* The order of dicts and sets that have a box, or a tuple of one, must not depend on where the box lies. */
HPyDef_SLOT(Box_hash, HPy_tp_hash)
static HPy_hash_t Box_hash_impl(HPyContext *ctx, HPy self)
{
    (void)ctx;
    (void)self;
    return 11;
}

HPyDef_MEMBER(Box_count, "count", HPyMember_LONG, offsetof(Box, count))
HPyDef_MEMBER(Box_first, "first", HPyMember_OBJECT, offsetof(Box, fields[0]))

static HPyDef *Box_defines[] = {&Box_new, &Box_traverse, &Box_hash, &Box_count, &Box_first, NULL};
static HPyType_Spec Box_spec = {
    .name = "machine.Box",
    .basicsize = sizeof(Box),
    .builtin_shape = SHAPE(Box),
    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_HAVE_GC,
    .defines = Box_defines,
};

HPyDef_SLOT(execute, HPy_mod_exec)
static int execute_impl(HPyContext *ctx, HPy module)
{
    return HPyHelpers_AddType(ctx, module, "Box", &Box_spec, NULL) ? 0 : -1;
}

static HPyDef *defines[] = {&run, &finish, &execute, NULL};
static HPyGlobal *globals[] = {&machine_global, NULL};
static HPyModuleDef module = {.defines = defines, .globals = globals};
HPy_MODINIT(machine, module)
