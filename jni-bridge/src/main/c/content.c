#include "content.h"

#include "err.h"
#include "members.h"
#include "memory.h"
#include "table.h"
#include "upcall.h"

static jbyteArray content_fetch(HPyContext *ctx, HPy h, ContentReader reader)
{
    switch (reader) {
    case CONTENT_BYTES:
        return up_Bytes_Content(ctx, h);
    case CONTENT_UNICODE:
        return up_Unicode_Utf8(ctx, h);
    default:
        return up_Type_NameUtf8(ctx, h);
    }
}

/* Keeps the bytes unless some are there: only a 7-bit str has two readers, and its bytes are the same for both. */
static bool content_keep(State *st, Slot *slot, jbyteArray bytes)
{
    if (slot->text)
        return true;
    JNIEnv *env = st->env;
    jsize length = (*env)->GetArrayLength(env, bytes);
    slot->text = memory_allocate(st, (size_t)length + 1);
    if (!slot->text)
        return false;
    (*env)->GetByteArrayRegion(env, bytes, 0, length, (jbyte *)slot->text);
    slot->text_length = length;
    slot->readers = 0;
    return true;
}

const char *content_of(HPyContext *ctx, HPy h, ContentReader reader, HPy_ssize_t *size)
{
    State *st = state_of(ctx);
    Slot *slot = table_slot(st, h);
    if (!slot || !slot->text || !(slot->readers & reader)) {
        jbyteArray bytes = content_fetch(ctx, h, reader);
        if (!bytes)
            return NULL;
        slot = table_slot(st, h); /* the table may have moved */
        bool kept = slot && content_keep(st, slot, bytes);
        upcall_drop(st->env, bytes);
        if (!kept) {
            err_set(ctx, CONSTANT_h_MemoryError, "no native memory for a text");
            return NULL;
        }
        slot->readers |= (int32_t)reader;
    }
    if (size)
        *size = slot->text_length;
    return slot->text;
}
