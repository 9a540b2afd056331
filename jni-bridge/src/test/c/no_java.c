/* What C asks Java for, in tests that have no VM. */
#include <stdlib.h>

#include "up.h"

HPy_ssize_t up_Read_Items(HPyContext *ctx, HPy h, HPy dict, HPy_ssize_t start, HPy_ssize_t n, void *block)
{
    (void)ctx;
    (void)h;
    (void)dict;
    (void)start;
    (void)n;
    (void)block;
    abort();
}

HPy up_Read_Keys(HPyContext *ctx, HPy dict, HPy_ssize_t n, void *block, void *counts)
{
    (void)ctx;
    (void)dict;
    (void)n;
    (void)block;
    (void)counts;
    abort();
}
