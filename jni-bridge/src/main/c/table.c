#include "table.h"

#include "content.h"
#include "memory.h"
#include "read.h"

/* False if that would be one more than there may be. Only a new peak can be. */
static bool table_count_opened(Shared *shared)
{
    int64_t open = shared->opened + 1 - shared->closed;
    if (open > shared->peak) {
        if (shared->handle_limit && open > shared->handle_limit) {
            shared->refused = REFUSED_HANDLE;
            return false;
        }
        shared->peak = open;
    }
    shared->opened++;
    return true;
}

bool table_dup(State *st, HPy h)
{
    Slot *slot = table_slot(st, h);
    if (!slot)
        return h._i == 0 || table_is_value(h);
    if (!table_count_opened(st->shared))
        return false;
    slot->refs++;
    return true;
}

void table_drop_text(State *st, Slot *slot)
{
    if (!slot->text)
        return;
    if (slot->readers & CONTENT_LENT)
        read_return(st, slot);
    else
        memory_free(st, slot->text);
    slot->text = NULL;
    slot->readers = 0;
}

/* The slot waits at the end of the released list. */
static void table_free(State *st, Slot *slot)
{
    read_freed(st, (int32_t)(slot - st->slots), slot->kind);
    table_drop_text(st, slot);
    slot->data = NULL;
    slot->kind = 0;
    slot->generation = (slot->generation + 1) & TABLE_GENERATION_MASK;
    slot->next = 0;
    Shared *shared = st->shared;
    int32_t index = (int32_t)(slot - st->slots);
    if (shared->released)
        st->slots[shared->released_tail].next = index;
    else
        shared->released = index;
    shared->released_tail = index;
}

bool table_close(State *st, HPy h)
{
    Slot *slot = table_slot(st, h);
    if (!slot)
        return h._i == 0 || table_is_value(h);
    if (slot->kind & (KIND_IMMORTAL | KIND_KNOWN)) {
        /* The first handle is the context's own. */
        if (slot->refs == 1)
            return false;
        if (slot->refs == 2 && !table_is(slot, KIND_IMMORTAL | KIND_UNICODE))
            table_drop_text(st, slot);
    }
    st->shared->closed++;
    if (--slot->refs == 0)
        table_free(st, slot);
    return true;
}

void table_keep(State *st, HPy h)
{
    Slot *slot = &st->slots[table_index(h)];
    slot->refs++;
    slot->kind |= KIND_KNOWN;
}

void table_forget(State *st, HPy h)
{
    Slot *slot = &st->slots[table_index(h)];
    slot->kind &= ~KIND_KNOWN;
    if (--slot->refs == 0)
        table_free(st, slot);
}

bool table_dup_known(State *st, HPy h)
{
    if (!table_count_opened(st->shared))
        return false;
    st->slots[table_index(h)].refs++;
    return true;
}

void table_lose(State *st, uint32_t index)
{
    Slot *slot = &st->slots[index];
    if (slot->refs <= 0)
        return;
    st->shared->closed += slot->refs;
    slot->refs = 0;
    table_free(st, slot);
}

/* Takes the slot that has rested longest: a free one, or one whose old object Java has not let go of yet. */
HPy table_open(State *st, int32_t kind, int64_t length)
{
    Shared *shared = st->shared;
    int32_t *list = shared->free_head ? &shared->free_head : &shared->released;
    int32_t index = *list;
    if (!index || !table_count_opened(shared))
        return HPy_NULL;
    Slot *slot = &st->slots[index];
    *list = slot->next;
    slot->refs = 1;
    slot->kind = kind;
    slot->length = length;
    slot->data = NULL;
    slot->origin = shared->opened << TABLE_MODULE_BITS | shared->opener;
    return table_handle(st, index);
}

bool table_grow(State *st, int32_t capacity)
{
    if (capacity > 1 << TABLE_INDEX_BITS)
        return false;
    Slot *slots = memory_resize(st, st->slots, (size_t)capacity * sizeof(Slot));
    if (!slots)
        return false;
    st->slots = slots;
    st->shared->capacity = capacity;
    return true;
}

void table_release(State *st)
{
    for (int32_t i = 0; i < st->shared->capacity; i++)
        table_drop_text(st, &st->slots[i]);
    memory_free(st, st->slots);
    st->slots = NULL;
    st->shared->capacity = 0;
}
