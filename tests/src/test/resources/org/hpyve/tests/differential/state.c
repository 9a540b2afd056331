/* Steps with handles themselves, exceptions, and what keeps objects: trackers, fields, globals, capsules. */
#include <errno.h>

#include "machine.h"

static HPy exception(HPyContext *ctx, unsigned n)
{
    HPy types[] = {ctx->h_ValueError, ctx->h_TypeError, ctx->h_KeyError, ctx->h_IndexError, ctx->h_StopIteration,
                   ctx->h_UnicodeDecodeError, ctx->h_OSError, ctx->h_LookupError};
    return types[n % 8];
}

static bool error_step(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    HPy a = in(f, s->a);
    unsigned n = number(s);
    switch (s->code) {
    case OP_ERR_SET_STRING: HPyErr_SetString(ctx, n % 9 ? exception(ctx, n) : a, text_string(n / 9)); break;
    case OP_ERR_SET_OBJECT: HPyErr_SetObject(ctx, exception(ctx, n), a); break;
    case OP_ERR_NO_MEMORY: HPyErr_NoMemory(ctx); break;
    case OP_ERR_FROM_ERRNO:
        errno = n & 1 ? ENOENT : EINTR;
        HPyErr_SetFromErrnoWithFilename(ctx, ctx->h_OSError, text_string(n / 2 % 16));
        break;
    case OP_ERR_OCCURRED: note(" %d", HPyErr_Occurred(ctx)); break;
    case OP_ERR_CLEAR: HPyErr_Clear(ctx); break;
    case OP_ERR_MATCHES: note(" %d", HPyErr_ExceptionMatches(ctx, exception(ctx, n))); break;
    case OP_ERR_NEW: put(f, s, HPyErr_NewException(ctx, n & 1 ? "machine.Error" : "nodot", HPy_NULL, HPy_NULL)); break;
    default: return false;
    }
    return true;
}

static bool tracker_step(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    switch (s->code) {
    case OP_TRACKER_NEW:
        if (f->tracker._i)
            HPyTracker_Close(ctx, f->tracker);
        f->tracker = HPyTracker_New(ctx, number(s) % 4);
        note(f->tracker._i ? " ok" : " NULL");
        break;
    case OP_TRACKER_ADD:
        /* A new handle: the tracker closes it. */
        if (f->tracker._i && s->a < REGISTERS)
            note(" %d", HPyTracker_Add(ctx, f->tracker, HPy_Dup(ctx, in(f, s->a))));
        break;
    case OP_TRACKER_CLOSE:
        if (f->tracker._i)
            HPyTracker_Close(ctx, f->tracker);
        f->tracker = (HPyTracker){0};
        break;
    default: return false;
    }
    return true;
}

/* Some instances, of which the last one stays; one of them refers to what is in a register. */
static HPy instances(HPyContext *ctx, HPy type, unsigned n, HPy other)
{
    HPy last = HPy_NULL;
    for (unsigned i = 0; i <= n % 4; i++) {
        Box *data;
        HPy made = HPy_New(ctx, type, &data);
        if (HPy_IsNull(made))
            break;
        note(" %ld %d", data->count, data == Box_AsStruct(ctx, made));
        data->count = (long)n;
        if (n & 16)
            HPyField_Store(ctx, made, &data->fields[0], HPy_IsNull(last) ? other : last);
        HPy_Close(ctx, last);
        last = made;
    }
    return last;
}

static bool field_step(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    /* The one that Python made and that stays where it is. */
    HPy owner = f->registers[REGISTERS - 1];
    unsigned n = number(s);
    Box *data;
    HPy type;
    switch (s->code) {
    case OP_INSTANCE:
        type = HPy_Type(ctx, owner);
        put(f, s, instances(ctx, type, n, in(f, s->a)));
        HPy_Close(ctx, type);
        break;
    case OP_FIELD_STORE:
        data = Box_AsStruct(ctx, owner);
        HPyField_Store(ctx, owner, &data->fields[n % 3], in(f, s->a));
        break;
    case OP_FIELD_LOAD:
        data = Box_AsStruct(ctx, owner);
        if (HPyField_IsNull(data->fields[n % 3]))
            note(" empty");
        else
            put(f, s, HPyField_Load(ctx, owner, data->fields[n % 3]));
        break;
    case OP_STRUCT_COUNT: note(" %ld", Box_AsStruct(ctx, owner)->count++); break;
    case OP_GLOBAL_STORE: HPyGlobal_Store(ctx, &machine_global, in(f, s->a)); break;
    case OP_GLOBAL_LOAD: put(f, s, HPyGlobal_Load(ctx, machine_global)); break;
    default: return false;
    }
    return true;
}

/* A handle that outlives the call; taking it empties its place. */
static void keep(Frame *f, const Step *s)
{
    HPy *place = &machine_kept[number(s) % KEPT];
    HPy_Close(f->ctx, *place);
    *place = s->a < REGISTERS ? HPy_Dup(f->ctx, in(f, s->a)) : HPy_NULL;
}

static void take(Frame *f, const Step *s)
{
    HPy *place = &machine_kept[number(s) % KEPT];
    HPy kept = *place;
    *place = HPy_NULL;
    put(f, s, kept);
}

static void close_register(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    HPy *place = &f->registers[s->a % (REGISTERS - 1)];
    HPy closed = *place;
    HPy_Close(ctx, closed);
    *place = HPy_Dup(ctx, ctx->h_None);
}

/* Ends the program: with an object, with an error, or wrongly. */
static void end(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    unsigned n = number(s) % 8;
    f->returns = true;
    if (n == 6)
        HPyErr_SetString(ctx, ctx->h_ValueError, "at the end");
    f->result = n >= 6 || s->a >= REGISTERS ? HPy_NULL : HPy_Dup(ctx, in(f, s->a));
}

static HPy evaluate(HPyContext *ctx, unsigned n)
{
    static const char *const sources[] = {"W.mutate()", "[1, u'two', {}]", "1 //", "W.act('eval', 1)", "len(W.registers)"};
    HPy code = HPy_Compile_s(ctx, sources[n % 5], "differential", HPy_SourceKind_Expr);
    if (HPy_IsNull(code))
        return HPy_NULL;
    HPy module = HPyImport_ImportModule(ctx, "world");
    HPy world = HPy_GetAttr_s(ctx, module, "W");
    HPy scope = HPyDict_New(ctx);
    HPy_SetItem_s(ctx, scope, "W", world);
    HPy result = HPy_EvalCode(ctx, code, scope, scope);
    HPy_Close(ctx, scope);
    HPy_Close(ctx, world);
    HPy_Close(ctx, module);
    HPy_Close(ctx, code);
    return result;
}

bool state_step(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    unsigned n = number(s);
    switch (s->code) {
    case OP_DUP: put(f, s, HPy_Dup(ctx, in(f, s->a))); break;
    case OP_CLOSE: close_register(f, s); break;
    case OP_KEEP: keep(f, s); break;
    case OP_TAKE: take(f, s); break;
    case OP_END: end(f, s); break;
    case OP_LEAVE_PYTHON: HPy_ReenterPythonExecution(ctx, HPy_LeavePythonExecution(ctx)); break;
    case OP_IMPORT: put(f, s, HPyImport_ImportModule(ctx, n & 1 ? "world" : text_name(n))); break;
    case OP_EVALUATE: put(f, s, evaluate(ctx, n)); break;
    default: return error_step(f, s) || tracker_step(f, s) || field_step(f, s);
    }
    return true;
}
