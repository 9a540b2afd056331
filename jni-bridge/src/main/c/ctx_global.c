#include "members.h"

/* The variable holds a slot number, written when its module was created and never again: values live in Java, in a
   table of each context, so that contexts can share the variable. */

void ctx_Global_Store(HPyContext *ctx, HPyGlobal *global, HPy h)
{
    up_Global_Put(ctx, global->_i, h);
}

HPy ctx_Global_Load(HPyContext *ctx, HPyGlobal global)
{
    return up_Global_Get(ctx, global._i);
}
