#include <string.h>

#include "count.h"
#include "log.h"
#include "members.h"
#include "read.h"
#include "table.h"
#include "text.h"
#include "thread.h"

/* The length of an immutable built-in never changes: asked for once. */
HPy_ssize_t ctx_Length(HPyContext *ctx, HPy h)
{
    State *st = state_of(ctx);
    Slot *slot = table_slot(st, h);
    if (slot && slot->length >= 0 && !(slot->kind & KIND_INT)) {
        count_answered(ctx);
        return slot->length;
    }
    HPy_ssize_t length = read_length(st, h);
    if (length >= 0)
        return length;
    length = up_Length(ctx, h);
    slot = table_slot(st, h);
    if (slot && (slot->kind & KIND_EXACT) && (slot->kind & (KIND_UNICODE | KIND_BYTES | KIND_TUPLE)))
        slot->length = length;
    return length;
}

/* 1, 0, or -1 for an object that Java has to ask. */
static int object_truth(const HPyContext *ctx, HPy h)
{
    if (table_is_int(h))
        return table_to_int(h) != 0;
    if (table_is_double(h))
        return table_to_double(h) != 0.0;
    if (h._i == ctx->h_True._i)
        return 1;
    return h._i == ctx->h_False._i || h._i == ctx->h_None._i ? 0 : -1;
}

int ctx_IsTrue(HPyContext *ctx, HPy h)
{
    int truth = object_truth(ctx, h);
    if (truth < 0)
        return up_IsTrue(ctx, h);
    if (!table_is_value(h))
        count_answered(ctx);
    return truth;
}

/* Every error means no, and no attribute has a name that is no UTF-8. */
int ctx_HasAttr_s(HPyContext *ctx, HPy obj, const char *utf8_name)
{
    TextShape shape;
    TextError error;
    if (utf8_name && !text_scan((const uint8_t *)utf8_name, strlen(utf8_name), &shape, &error))
        return 0;
    return up_HasAttr_s(ctx, obj, utf8_name);
}

int ctx_SetItem(HPyContext *ctx, HPy obj, HPy key, HPy value)
{
    State *st = state_of(ctx);
    if (log_dict_set(st, obj, key, value) ||
        (table_is_int(key) && log_list_set(st, obj, table_to_int(key), value)))
        return 0;
    return up_SetItem(ctx, obj, key, value);
}

int ctx_SetItem_i(HPyContext *ctx, HPy obj, HPy_ssize_t idx, HPy value)
{
    State *st = state_of(ctx);
    if (log_list_set(st, obj, idx, value) || (table_int_fits(idx) && log_dict_set(st, obj, table_from_int(idx), value)))
        return 0;
    return up_SetItem_i(ctx, obj, idx, value);
}

int ctx_SetItem_s(HPyContext *ctx, HPy obj, const char *utf8_key, HPy value)
{
    State *st = state_of(ctx);
    const Slot *slot = table_slot(st, obj);
    if (utf8_key && slot && (slot->kind & KIND_PRIVATE) && (slot->kind & KIND_DICT)) {
        HPy key = ctx_Unicode_FromString(ctx, utf8_key);
        if (HPy_IsNull(key))
            return -1;
        bool recorded = log_dict_set(st, obj, key, value);
        table_close(st, key);
        if (recorded)
            return 0;
    }
    return up_SetItem_s(ctx, obj, utf8_key, value);
}

/* Tells the upcall about to be made. Another thread must not, though it may call. */
static void object_set_plain(State *st, bool plain)
{
    if (thread_inside(st))
        st->plain = plain && table_has_handle(st);
}

/* No Python code runs to get an item of these by an int. */
static bool object_is_sequence(const State *st, HPy h)
{
    int32_t kind = table_kind(st, h);
    return (kind & KIND_EXACT) && (kind & (KIND_LIST | KIND_TUPLE));
}

HPy ctx_GetItem(HPyContext *ctx, HPy obj, HPy key)
{
    State *st = state_of(ctx);
    bool index = table_is_int(key);
    HPy found = index ? read_item(st, obj, table_to_int(key)) : read_value(st, obj, key);
    if (!HPy_IsNull(found))
        return found;
    object_set_plain(st, index && object_is_sequence(st, obj));
    found = up_GetItem(ctx, obj, key);
    object_set_plain(st, false);
    return found;
}

HPy ctx_GetItem_i(HPyContext *ctx, HPy obj, HPy_ssize_t idx)
{
    State *st = state_of(ctx);
    HPy found = read_item(st, obj, idx);
    if (!HPy_IsNull(found))
        return found;
    object_set_plain(st, object_is_sequence(st, obj));
    found = up_GetItem_i(ctx, obj, idx);
    object_set_plain(st, false);
    return found;
}

/* No Python code runs for objects of these types. */
static bool object_is_plain(const State *st, HPy h)
{
    int32_t kind = table_kind(st, h);
    return (kind & KIND_EXACT) && (kind & (KIND_INT | KIND_FLOAT | KIND_UNICODE | KIND_BYTES));
}

HPy ctx_Repr(HPyContext *ctx, HPy obj)
{
    State *st = state_of(ctx);
    object_set_plain(st, object_is_plain(st, obj));
    HPy repr = up_Repr(ctx, obj);
    object_set_plain(st, false);
    return repr;
}

HPy ctx_Str(HPyContext *ctx, HPy obj)
{
    State *st = state_of(ctx);
    object_set_plain(st, object_is_plain(st, obj));
    HPy str = up_Str(ctx, obj);
    object_set_plain(st, false);
    return str;
}
