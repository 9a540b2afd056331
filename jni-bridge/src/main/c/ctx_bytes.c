#include <string.h>

#include "content.h"
#include "count.h"
#include "err.h"
#include "log.h"
#include "members.h"
#include "table.h"

int ctx_Bytes_Check(HPyContext *ctx, HPy h)
{
    State *st = state_of(ctx);
    int32_t kind = table_kind(st, h);
    if (kind == 0 && !table_slot(st, h))
        err_bad_handle(ctx, h, MEMBER_Bytes_Check);
    else
        count_answered(ctx);
    return (kind & KIND_BYTES) != 0;
}

HPy_ssize_t ctx_Bytes_Size(HPyContext *ctx, HPy h)
{
    const Slot *slot = table_slot(state_of(ctx), h);
    if (!slot || !(slot->kind & KIND_BYTES) || slot->length < 0)
        return up_Bytes_Size(ctx, h);
    count_answered(ctx);
    return slot->length;
}

HPy_ssize_t ctx_Bytes_GET_SIZE(HPyContext *ctx, HPy h)
{
    return ctx_Bytes_Size(ctx, h);
}

const char *ctx_Bytes_AsString(HPyContext *ctx, HPy h)
{
    const Slot *slot = table_slot(state_of(ctx), h);
    if (slot && slot->text && (slot->kind & KIND_BYTES) && !(slot->readers & CONTENT_LENT)) {
        count_answered(ctx);
        return slot->text;
    }
    return content_of(ctx, h, CONTENT_BYTES, NULL);
}

const char *ctx_Bytes_AS_STRING(HPyContext *ctx, HPy h)
{
    return ctx_Bytes_AsString(ctx, h);
}

HPy ctx_Bytes_FromString(HPyContext *ctx, const char *bytes)
{
    return ctx_Bytes_FromStringAndSize(ctx, bytes, bytes ? (HPy_ssize_t)strlen(bytes) : 0);
}

HPy ctx_Bytes_FromStringAndSize(HPyContext *ctx, const char *bytes, HPy_ssize_t len)
{
    if (!bytes) {
        err_set(ctx, CONSTANT_h_ValueError, "NULL char * passed to HPyBytes_FromStringAndSize");
        return HPy_NULL;
    }
    if (len < 0) {
        err_set(ctx, CONSTANT_h_SystemError, "negative size passed to HPyBytes_FromStringAndSize");
        return HPy_NULL;
    }
    HPy made = log_bytes(state_of(ctx), bytes, (size_t)len);
    return HPy_IsNull(made) ? up_Bytes_FromBytes(ctx, (const uint8_t *)bytes, len) : made;
}
