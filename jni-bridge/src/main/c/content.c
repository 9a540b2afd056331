#include "content.h"

#include "err.h"
#include "members.h"
#include "memory.h"
#include "table.h"
#include "upcall.h"

const char *content_of(HPyContext *ctx, HPy h, ContentFetch fetch, HPy_ssize_t *size)
{
    State *st = state_of(ctx);
    Slot *slot = table_slot(st, h);
    if (!slot || !slot->text) {
        jbyteArray bytes = fetch(ctx, h);
        if (!bytes)
            return NULL;
        JNIEnv *env = st->env;
        jsize length = (*env)->GetArrayLength(env, bytes);
        char *text = memory_allocate(st, (size_t)length + 1);
        slot = table_slot(st, h); /* the table may have moved */
        if (text && slot) {
            (*env)->GetByteArrayRegion(env, bytes, 0, length, (jbyte *)text);
            slot->text = text;
            slot->text_length = length;
        }
        upcall_drop(env, bytes);
        if (!text || !slot) {
            memory_free(st, text);
            err_set(ctx, CONSTANT_h_MemoryError, "no native memory for a text");
            return NULL;
        }
    }
    if (size)
        *size = slot->text_length;
    return slot->text;
}
