#include "table.h"

#include "memory.h"

static void table_count_opened(Shared *shared)
{
    shared->opened++;
    int64_t open = shared->opened - shared->closed;
    if (open > shared->peak)
        shared->peak = open;
}

bool table_dup(State *st, HPy h)
{
    Slot *slot = table_slot(st, h);
    if (!slot)
        return h._i == 0 || table_is_int(h) || table_is_double(h);
    slot->refs++;
    table_count_opened(st->shared);
    return true;
}

bool table_close(State *st, HPy h)
{
    Slot *slot = table_slot(st, h);
    if (!slot)
        return h._i == 0 || table_is_int(h) || table_is_double(h);
    /* The first handle of a constant is the context's own. */
    if ((slot->kind & KIND_IMMORTAL) && slot->refs == 1)
        return false;
    st->shared->closed++;
    if (--slot->refs > 0)
        return true;
    memory_free(st, slot->text);
    slot->text = NULL;
    slot->data = NULL;
    slot->kind = 0;
    slot->generation = (slot->generation + 1) & TABLE_GENERATION_MASK;
    slot->next = 0;
    Shared *shared = st->shared;
    if (shared->released)
        st->slots[shared->released_tail].next = (int32_t)table_index(h);
    else
        shared->released = (int32_t)table_index(h);
    shared->released_tail = (int32_t)table_index(h);
    return true;
}

/* Takes the slot that has rested longest: a free one, or one whose old object Java has not let go of yet. */
HPy table_open(State *st, int32_t kind, int64_t length)
{
    Shared *shared = st->shared;
    int32_t *list = shared->free_head ? &shared->free_head : &shared->released;
    int32_t index = *list;
    if (!index)
        return HPy_NULL;
    Slot *slot = &st->slots[index];
    *list = slot->next;
    slot->refs = 1;
    slot->kind = kind;
    slot->length = length;
    slot->data = NULL;
    table_count_opened(shared);
    return (HPy){(intptr_t)((uint64_t)shared->tag << 32 | (uint64_t)slot->generation << TABLE_INDEX_BITS |
                            (uint32_t)index)};
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
        memory_free(st, st->slots[i].text);
    memory_free(st, st->slots);
    st->slots = NULL;
    st->shared->capacity = 0;
}
