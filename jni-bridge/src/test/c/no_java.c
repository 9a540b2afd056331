/* What C asks Java for, in tests that have no VM; a test plays Java by defining it itself. */
#include <stdlib.h>

#include "up.h"

__attribute__((weak)) HPy_ssize_t up_Read_Items(HPyContext *ctx, HPy h, HPy dict, HPy_ssize_t start, HPy_ssize_t n,
                                                void *block)
{
    (void)ctx;
    (void)h;
    (void)dict;
    (void)start;
    (void)n;
    (void)block;
    abort();
}

__attribute__((weak)) HPy up_Read_Keys(HPyContext *ctx, HPy dict, HPy_ssize_t n, void *block, void *counts)
{
    (void)ctx;
    (void)dict;
    (void)n;
    (void)block;
    (void)counts;
    abort();
}

__attribute__((weak)) void up_Log_Flush(HPyContext *ctx)
{
    (void)ctx;
    abort();
}

int up_Bytes_Content(HPyContext *ctx, HPy h)
{
    (void)ctx;
    (void)h;
    abort();
}

int up_Unicode_Content(HPyContext *ctx, HPy h)
{
    (void)ctx;
    (void)h;
    abort();
}

int up_Type_NameContent(HPyContext *ctx, HPy h)
{
    (void)ctx;
    (void)h;
    abort();
}

void up_Err_SetBuiltin(HPyContext *ctx, int constant, const char *utf8_message)
{
    (void)ctx;
    (void)constant;
    (void)utf8_message;
    abort();
}

void up_Err_BadHandle(HPyContext *ctx, HPy h, int member)
{
    (void)ctx;
    (void)h;
    (void)member;
    abort();
}
