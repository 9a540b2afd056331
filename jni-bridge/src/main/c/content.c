#include "content.h"

#include <string.h>

#include "count.h"
#include "err.h"
#include "members.h"
#include "memory.h"
#include "table.h"
#include "up.h"

/* Only a 7-bit str has two readers, and its bytes are the same for both. */
bool content_keep(State *st, JNIEnv *env, HPy h, jbyteArray bytes)
{
    Slot *slot = table_slot(st, h);
    if (slot->text)
        return true;
    jsize length = (*env)->GetArrayLength(env, bytes);
    slot->text = memory_take(st, (size_t)length + 1);
    if (!slot->text)
        return false;
    (*env)->GetByteArrayRegion(env, bytes, 0, length, (jbyte *)slot->text);
    slot->text[length] = 0;
    slot->text_length = length;
    slot->readers = 0;
    return true;
}

void content_bring(State *st, JNIEnv *env, HPy h, jbyteArray bytes)
{
    Slot *slot = table_slot(st, h);
    if (content_keep(st, env, h, bytes))
        slot->readers |= slot->kind & KIND_UNICODE ? CONTENT_UNICODE : CONTENT_BYTES;
}

/* Sees to it that bytes that were lent stay as long as the slot. */
static bool content_claim(State *st, Slot *slot)
{
    if (slot->readers >> CONTENT_PLACE) {
        slot->readers |= CONTENT_ASKED;
        return true;
    }
    char *own = memory_take(st, (size_t)slot->text_length + 1);
    if (!own)
        return false;
    memcpy(own, slot->text, (size_t)slot->text_length + 1);
    slot->text = own;
    slot->readers &= ~CONTENT_LENT;
    return true;
}

static bool content_fetch(HPyContext *ctx, HPy h, ContentReader reader)
{
    switch (reader) {
    case CONTENT_BYTES:
        return up_Bytes_Content(ctx, h) == 0;
    case CONTENT_UNICODE:
        return up_Unicode_Content(ctx, h) == 0;
    default:
        return up_Type_NameContent(ctx, h) == 0;
    }
}

const char *content_of(HPyContext *ctx, HPy h, ContentReader reader, HPy_ssize_t *size)
{
    State *st = state_of(ctx);
    Slot *slot = table_slot(st, h);
    if (!slot || !slot->text || !(slot->readers & reader)) {
        if (!content_fetch(ctx, h, reader))
            return NULL;
        slot = table_slot(st, h); /* the table may have moved */
        slot->readers |= (int32_t)reader;
    } else {
        count_answered(ctx);
    }
    if ((slot->readers & CONTENT_LENT) && !content_claim(st, slot)) {
        err_refused(ctx, "no native memory for a text");
        return NULL;
    }
    if (size)
        *size = slot->text_length;
    return slot->text;
}
