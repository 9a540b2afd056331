#include "read.h"

#include <limits.h>
#include <string.h>

#include "content.h"
#include "members.h"
#include "memory.h"
#include "table.h"
#include "thread.h"
#include "upcall.h"

enum { READ_FIRST = 4, READ_KEYS = 8, READ_GROWTH = 4, READ_MOST = 1024, READ_TEXT_BYTES = 32, READ_PROBES = 8 };

/* What Java fills. The columns lie one behind the other: items, values, where their texts are, and the texts. */
typedef struct Block {
    HPy_ssize_t start;
    HPy_ssize_t count;
    HPy_ssize_t capacity; /* of a column */
    HPy_ssize_t columns; /* 1, or 2 with values */
    HPy handles[];
} Block;

static inline bool read_on(const State *st)
{
    return st->shared->batched && thread_inside(st);
}

static Reading *read_place(State *st, int32_t slot)
{
    return &st->reads[slot % READ_PLACES];
}

static void read_free_block(State *st, Block *block)
{
    if (!block)
        return;
    for (HPy_ssize_t column = 0; column < block->columns; column++) {
        for (HPy_ssize_t i = 0; i < block->count; i++) {
            HPy h = block->handles[column * block->capacity + i];
            Slot *slot = table_slot(st, h);
            if (slot && (slot->readers & CONTENT_LENT)) {
                slot->text = NULL;
                slot->readers = 0;
            }
            table_close(st, h);
        }
    }
    memory_free(st, block);
}

/* Java has failed somewhere in between. */
static void read_give_back(State *st, Block *block)
{
    block->count = block->capacity;
    read_free_block(st, block);
}

static void read_end(State *st, Reading *reading)
{
    Block *block = reading->block;
    *reading = (Reading){0};
    st->reads_open--;
    read_free_block(st, block);
}

void read_drop_all(State *st)
{
    for (int i = 0; i < READ_PLACES; i++) {
        if (st->reads[i].slot)
            read_end(st, &st->reads[i]);
    }
}

void read_close(State *st, int32_t index, int32_t kind)
{
    Reading *reading = read_place(st, index);
    if (reading->slot == index)
        read_end(st, reading);
    for (int i = 0; (kind & KIND_DICT) && i < READ_PLACES; i++) {
        if (st->reads[i].dict == index)
            st->reads[i].dict = 0;
    }
}

/* The place of a sequence, empty. */
static Reading *read_begin(State *st, HPy sequence)
{
    int32_t index = (int32_t)table_index(sequence);
    Reading *reading = read_place(st, index);
    if (reading->slot)
        read_end(st, reading);
    *reading = (Reading){.slot = index, .length = -1, .size = READ_FIRST};
    st->reads_open++;
    return reading;
}

/* The reading of an exact list or tuple; NULL for all other handles, and in eager mode. */
static Reading *read_of(State *st, HPy sequence)
{
    const Slot *slot = table_slot(st, sequence);
    if (!slot || !read_on(st) || !(slot->kind & KIND_EXACT) || !(slot->kind & (KIND_LIST | KIND_TUPLE)) ||
        (slot->kind & KIND_PRIVATE))
        return NULL;
    Reading *reading = read_place(st, (int32_t)table_index(sequence));
    return reading->slot == (int32_t)table_index(sequence) ? reading : read_begin(st, sequence);
}

/* The reading of the keys of a dict; NULL if there is none. */
static Reading *read_find(State *st, int32_t dict)
{
    for (int i = 0; i < READ_PLACES; i++) {
        if (st->reads[i].slot && st->reads[i].dict == dict && st->reads[i].block) {
            st->reads_of_keys = st->reads[i].slot;
            return &st->reads[i];
        }
    }
    return NULL;
}

/* The texts of items are lent: whoever asks for one gets a copy that lives as long as the handle. */
static void read_lend(State *st, HPy h, uint64_t place, char *texts)
{
    Slot *slot = table_slot(st, h);
    if (place == 0 || !slot || slot->text)
        return;
    slot->text = texts + (place >> 32);
    slot->text_length = (int64_t)(place & 0xffff);
    slot->readers = CONTENT_LENT | (int32_t)(place >> 16 & 0xffff);
}

/* Room for n items, and as many values if they are keys. Java fills as many cells of a column as it says. */
static Block *read_new_block(State *st, HPy_ssize_t n, HPy_ssize_t columns)
{
    size_t cells = (size_t)(columns * n);
    Block *block = memory_take(st, sizeof(Block) + cells * (2 * sizeof(HPy) + READ_TEXT_BYTES));
    if (block) {
        *block = (Block){.capacity = n, .columns = columns};
        memset(block->handles, 0, cells * sizeof(HPy));
    }
    return block;
}

/* Takes over what Java has filled in; answer: the length of the sequence, and the number of items. */
static void read_take(State *st, Reading *reading, Block *block, HPy_ssize_t start, HPy_ssize_t answer)
{
    block->start = start;
    block->count = answer & INT_MAX;
    HPy_ssize_t cells = block->columns * block->capacity;
    const uint64_t *places = (const uint64_t *)(block->handles + cells);
    for (HPy_ssize_t column = 0; column < cells; column += block->capacity) {
        for (HPy_ssize_t i = column; i < column + block->count; i++)
            read_lend(st, block->handles[i], places[i], (char *)(block->handles + 2 * cells));
    }
    reading->length = answer >> 32;
    reading->block = block;
    reading->cursor = 0;
    reading->size = block->capacity * READ_GROWTH > READ_MOST ? READ_MOST : block->capacity * READ_GROWTH;
}

/* Fetches n items from start on; false if there is nothing to be had. */
static bool read_fetch(State *st, HPy sequence, Reading *reading, HPy_ssize_t start, HPy_ssize_t n)
{
    Block *old = reading->block;
    reading->block = NULL;
    read_free_block(st, old);
    Block *block = read_new_block(st, n, reading->dict ? 2 : 1);
    if (!block)
        return false;
    HPy dict = reading->dict ? table_handle(st, reading->dict) : HPy_NULL;
    HPy_ssize_t answer = up_Read_Items(&st->ctx, sequence, dict, start, n, block->handles);
    if (answer < 0) {
        read_give_back(st, block);
        return false;
    }
    read_take(st, reading, block, start, answer);
    return block->count > 0;
}

static HPy read_dup(State *st, HPy h)
{
    table_dup(st, h);
    return h;
}

static bool read_has(const Reading *reading, HPy_ssize_t index)
{
    const Block *block = reading->block;
    return block && index >= block->start && index < block->start + block->count;
}

/* The item of a tuple that is a constant, as the names of keywords are: its items are constants, too. */
static HPy read_constant(State *st, HPy tuple, HPy_ssize_t index)
{
    const Slot *slot = table_slot(st, tuple);
    if (!slot || !table_is(slot, KIND_IMMORTAL | KIND_TUPLE) || index < 0 || index >= slot->length)
        return HPy_NULL;
    return read_dup(st, ((const HPy *)slot->data)[index]);
}

HPy read_item(State *st, HPy sequence, HPy_ssize_t index)
{
    HPy constant = read_constant(st, sequence, index);
    if (!HPy_IsNull(constant))
        return constant;
    Reading *reading = read_of(st, sequence);
    if (!reading || index < 0)
        return HPy_NULL;
    if (!read_has(reading, index)) {
        const Block *block = reading->block;
        bool in_order = index == (block ? block->start + block->count : 0);
        if (!in_order || !read_fetch(st, sequence, reading, index, reading->size))
            return HPy_NULL;
    }
    return read_dup(st, reading->block->handles[index - reading->block->start]);
}

HPy_ssize_t read_length(State *st, HPy sequence)
{
    Reading *reading = read_of(st, sequence);
    if (!reading)
        return -1;
    if (reading->length < 0)
        read_fetch(st, sequence, reading, 0, reading->size);
    return reading->length;
}

bool read_keys(State *st, HPy dict, HPy *keys)
{
    const Slot *slot = table_slot(st, dict);
    if (!slot || !read_on(st) || !(slot->kind & KIND_EXACT) || !(slot->kind & KIND_DICT))
        return false;
    Block *block = read_new_block(st, READ_KEYS, 2);
    if (!block)
        return false;
    HPy_ssize_t answer = 0;
    *keys = up_Read_Keys(&st->ctx, dict, READ_KEYS, block->handles, &answer);
    if (HPy_IsNull(*keys)) {
        read_give_back(st, block);
        return true;
    }
    Reading *reading = read_begin(st, *keys);
    if (answer >= 0) {
        reading->dict = (int32_t)table_index(dict);
        st->reads_of_keys = reading->slot;
    }
    read_take(st, reading, block, 0, answer & INT64_MAX);
    return true;
}

HPy read_value(State *st, HPy dict, HPy key)
{
    if (!st->reads_open || !st->reads_of_keys || !thread_inside(st) || !table_slot(st, dict))
        return HPy_NULL;
    Reading *reading = read_place(st, st->reads_of_keys);
    if (reading->slot != st->reads_of_keys || reading->dict != (int32_t)table_index(dict) || !reading->block)
        reading = read_find(st, (int32_t)table_index(dict));
    if (!reading)
        return HPy_NULL;
    const Block *block = reading->block;
    /* Keys are asked for in order, or nearly so; a search of the whole block would cost more than a crossing. */
    for (HPy_ssize_t i = 0; i < block->count && i < READ_PROBES; i++) {
        HPy_ssize_t at = (reading->cursor + i) % block->count;
        if (block->handles[at]._i == key._i) {
            reading->cursor = at + 1;
            return read_dup(st, block->handles[block->capacity + at]);
        }
    }
    return HPy_NULL;
}
