/*
 * The module leaky: what a forgotten HPy_Close does, for the dashboard to show. Nothing to learn from, but that.
 */
#include <stddef.h>

#include "hpy.h"

/* HPyDef_METH expands to casts of function pointers and to partial initializers. */
#pragma GCC diagnostic ignored "-Wcast-function-type"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

HPyDef_METH(forget, "forget", HPyFunc_O,
            .doc = "forget(object)\n\nOpens a handle of the object and never closes it.")
static HPy forget_impl(HPyContext *ctx, HPy self, HPy object)
{
    (void)self;
    (void)HPy_Dup(ctx, object);
    return HPy_Dup(ctx, ctx->h_None);
}

static HPyDef *defines[] = {&forget, NULL};

static HPyModuleDef def = {
    .doc = "Leaks a handle with each call.",
    .defines = defines,
};

HPy_MODINIT(leaky, def)
