#include "content.h"

#include <string.h>

#include "err.h"
#include "members.h"
#include "memory.h"
#include "table.h"
#include "upcall.h"

/* Stands behind the NUL; not aligned. */
static ContentFetch content_origin(const Slot *slot)
{
    ContentFetch origin;
    memcpy(&origin, slot->text + slot->text_length + 1, sizeof origin);
    return origin;
}

static void content_set_origin(Slot *slot, ContentFetch origin)
{
    memcpy(slot->text + slot->text_length + 1, &origin, sizeof origin);
}

const char *content_of(HPyContext *ctx, HPy h, ContentFetch fetch, HPy_ssize_t *size)
{
    State *st = state_of(ctx);
    Slot *slot = table_slot(st, h);
    if (!slot || !slot->text || content_origin(slot) != fetch) {
        jbyteArray bytes = fetch(ctx, h);
        if (!bytes)
            return NULL;
        JNIEnv *env = st->env;
        slot = table_slot(st, h); /* the table may have moved */
        if (slot && !slot->text) {
            jsize length = (*env)->GetArrayLength(env, bytes);
            slot->text = memory_allocate(st, (size_t)length + 1 + sizeof fetch);
            slot->text_length = length;
            if (slot->text)
                (*env)->GetByteArrayRegion(env, bytes, 0, length, (jbyte *)slot->text);
        }
        upcall_drop(env, bytes);
        if (!slot || !slot->text) {
            err_set(ctx, CONSTANT_h_MemoryError, "no native memory for a text");
            return NULL;
        }
        /* Bytes that were kept already stay: only the bytes of a 7-bit str have two origins, and they are the same. */
        content_set_origin(slot, fetch);
    }
    if (size)
        *size = slot->text_length;
    return slot->text;
}
