/* Gives Python code the exceptions that HPy has a constant for and Python 2.7 no name. */
#include <hpy.h>

#define ADD(name) \
    if (HPy_SetItem_s(ctx, dict, #name, ctx->h_##name) < 0) \
        goto failed

HPyDef_METH(exceptions, "exceptions", HPyFunc_NOARGS)
static HPy exceptions_impl(HPyContext *ctx, HPy self)
{
    (void)self;
    HPy dict = HPyDict_New(ctx);
    if (HPy_IsNull(dict))
        return HPy_NULL;
    ADD(StopAsyncIteration);
    ADD(ModuleNotFoundError);
    ADD(RecursionError);
    ADD(BlockingIOError);
    ADD(BrokenPipeError);
    ADD(ChildProcessError);
    ADD(ConnectionError);
    ADD(ConnectionAbortedError);
    ADD(ConnectionRefusedError);
    ADD(ConnectionResetError);
    ADD(FileExistsError);
    ADD(FileNotFoundError);
    ADD(InterruptedError);
    ADD(IsADirectoryError);
    ADD(NotADirectoryError);
    ADD(PermissionError);
    ADD(ProcessLookupError);
    ADD(TimeoutError);
    ADD(BytesWarning);
    ADD(ResourceWarning);
    return dict;
failed:
    HPy_Close(ctx, dict);
    return HPy_NULL;
}

static HPyDef *defines[] = {&exceptions, NULL};

static HPyModuleDef names_def = {
    .doc = "Exceptions that Python 2.7 has not.",
    .defines = defines,
};

HPy_MODINIT(names, names_def)
