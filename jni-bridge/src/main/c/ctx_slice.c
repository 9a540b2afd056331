#include "members.h"

int ctx_Slice_Unpack(HPyContext *ctx, HPy slice, HPy_ssize_t *start, HPy_ssize_t *stop, HPy_ssize_t *step)
{
    HPy_ssize_t parts[3] = {0, 0, 0};
    if (up_Slice_Parts(ctx, slice, parts) < 0)
        return -1;
    *start = parts[0];
    *stop = parts[1];
    *step = parts[2];
    return 0;
}
