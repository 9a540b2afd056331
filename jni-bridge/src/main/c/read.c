#include "read.h"

#include <limits.h>
#include <string.h>

#include "content.h"
#include "members.h"
#include "memory.h"
#include "table.h"
#include "thread.h"
#include "upcall.h"

enum {
    READ_FIRST = 4,
    READ_KEYS = 16,
    READ_GROWTH = 4,
    READ_MOST = 1024,
    READ_TEXT_BYTES = 48, /* for each cell */
    READ_PROBES = 8,
    READ_SMALL = 2 * READ_KEYS, /* cells of a small block */
};

/* What Java fills. The columns lie one behind the other: items, values, where their texts are, and the texts. */
typedef struct Block {
    HPy_ssize_t start;
    HPy_ssize_t count;
    HPy_ssize_t capacity; /* of a column */
    HPy_ssize_t columns; /* 1, or 2 with values */
    HPy_ssize_t lent; /* texts that keep the block though it was dropped */
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

static int32_t read_slot(const Reading *reading)
{
    return (int32_t)table_index(reading->sequence);
}

static HPy_ssize_t read_cells(const Block *block)
{
    return block->columns * block->capacity;
}

static size_t read_bytes(HPy_ssize_t cells)
{
    return sizeof(Block) + (size_t)cells * (2 * sizeof(HPy) + READ_TEXT_BYTES);
}

/* All small blocks have the same size, so that each can serve again for any other one. */
static Block *read_take_spare(State *st)
{
    if (st->reads_spare_count == 0)
        return memory_take(st, read_bytes(READ_SMALL));
    st->shared->native_bytes += (int64_t)read_bytes(READ_SMALL);
    return st->reads_spare[--st->reads_spare_count];
}

static void read_free_memory(State *st, Block *block)
{
    if (read_cells(block) > READ_SMALL || st->reads_spare_count == READ_SPARES) {
        memory_free(st, block);
        return;
    }
    st->shared->native_bytes -= (int64_t)read_bytes(READ_SMALL);
    st->reads_spare[st->reads_spare_count++] = block;
}

void read_release(State *st)
{
    while (st->reads_spare_count > 0) {
        st->shared->native_bytes += (int64_t)read_bytes(READ_SMALL);
        memory_free(st, st->reads_spare[--st->reads_spare_count]);
    }
}

void read_return(State *st, Slot *slot)
{
    Block *block = (Block *)(slot->text - 8 * (slot->readers >> CONTENT_PLACE));
    /* While it is in use, nobody has to keep it. */
    if ((slot->readers & CONTENT_KEPT) && --block->lent == 0)
        read_free_memory(st, block);
}

static void read_close_cell(State *st, Block *block, HPy h)
{
    Slot *slot = table_slot(st, h);
    if (!slot)
        return;
    if (slot->readers & CONTENT_LENT) {
        if ((slot->readers & CONTENT_ASKED) && slot->refs > 1) {
            slot->readers |= CONTENT_KEPT;
            block->lent++;
        } else {
            slot->text = NULL;
            slot->readers = 0;
        }
    }
    table_close(st, h);
}

static void read_free_block(State *st, Block *block)
{
    if (!block)
        return;
    for (HPy_ssize_t column = 0; column < read_cells(block); column += block->capacity) {
        for (HPy_ssize_t i = column; i < column + block->count; i++) {
            if (!table_is_value(block->handles[i]))
                read_close_cell(st, block, block->handles[i]);
        }
    }
    if (block->lent == 0)
        read_free_memory(st, block);
}

/* Java has failed somewhere in between, maybe at something that nobody will ask for: whoever asks for the rest in the
   usual way gets the error that belongs to it.
   error: Shared.error before */
static void read_give_back(State *st, Block *block, int32_t error)
{
    block->count = block->capacity;
    read_free_block(st, block);
    if (error == 0)
        st->shared->error = 0;
}

static void read_end(State *st, Reading *reading)
{
    Block *block = reading->block;
    *reading = (Reading){0};
    st->reads_open &= ~(UINT64_C(1) << (reading - st->reads));
    read_free_block(st, block);
}

_Static_assert(READ_PLACES == 64, "reads_open has a bit for each place");

static Reading *read_first(State *st, uint64_t places)
{
    return &st->reads[__builtin_ctzll(places)];
}

void read_drop_all(State *st)
{
    while (st->reads_open)
        read_end(st, read_first(st, st->reads_open));
}

/* The reading of the keys of a dict; NULL if there is none. */
static Reading *read_find(State *st, int32_t dict)
{
    Reading *reading = &st->reads[st->reads_of_keys];
    if (reading->dict == dict)
        return reading;
    for (uint64_t places = st->reads_open; places; places &= places - 1) {
        reading = read_first(st, places);
        if (reading->dict == dict) {
            st->reads_of_keys = (int32_t)(reading - st->reads);
            return reading;
        }
    }
    return NULL;
}

void read_close(State *st, int32_t index, int32_t kind)
{
    Reading *reading = read_place(st, index);
    if (read_slot(reading) == index)
        read_end(st, reading);
    while ((kind & KIND_DICT) && (reading = read_find(st, index)))
        reading->dict = 0;
}

/* The place of a sequence, empty. */
static Reading *read_begin(State *st, HPy sequence)
{
    Reading *reading = read_place(st, (int32_t)table_index(sequence));
    if (!HPy_IsNull(reading->sequence))
        read_end(st, reading);
    *reading = (Reading){.sequence = sequence, .length = -1, .size = READ_FIRST};
    st->reads_open |= UINT64_C(1) << (reading - st->reads);
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
    return reading->sequence._i == sequence._i ? reading : read_begin(st, sequence);
}

/* The texts of items are lent. */
static void read_lend(State *st, Block *block, HPy h, uint64_t place)
{
    Slot *slot = table_slot(st, h);
    if (place == 0 || !slot || slot->text)
        return;
    slot->text = (char *)(block->handles + 2 * read_cells(block)) + (place >> 32);
    slot->text_length = (int64_t)(place & 0xffff);
    slot->readers = CONTENT_LENT | (int32_t)(place >> 16 & 0xffff);
    if (read_cells(block) <= READ_SMALL)
        slot->readers |= (int32_t)((slot->text - (char *)block) / 8) << CONTENT_PLACE;
}

/* Room for n items, and as many values if they are keys. Java fills as many cells of a column as it says. */
static Block *read_new_block(State *st, HPy_ssize_t n, HPy_ssize_t columns)
{
    HPy_ssize_t cells = columns * n;
    Block *block = cells > READ_SMALL ? memory_take(st, read_bytes(cells)) : read_take_spare(st);
    if (block) {
        *block = (Block){.capacity = n, .columns = columns};
        memset(block->handles, 0, (size_t)cells * sizeof(HPy));
    }
    return block;
}

/* Takes over what Java has filled in; answer: the length of the sequence, and the number of items. */
static void read_take(State *st, Reading *reading, Block *block, HPy_ssize_t start, HPy_ssize_t answer)
{
    block->start = start;
    block->count = answer & INT_MAX;
    HPy_ssize_t cells = read_cells(block);
    const uint64_t *places = (const uint64_t *)(block->handles + cells);
    for (HPy_ssize_t column = 0; column < cells; column += block->capacity) {
        for (HPy_ssize_t i = column; i < column + block->count; i++) {
            if (!table_is_value(block->handles[i]))
                read_lend(st, block, block->handles[i], places[i]);
        }
    }
    reading->length = answer >> 32;
    reading->block = block;
    reading->start = start;
    reading->count = block->count;
    reading->items = block->handles;
    reading->cursor = 0;
    reading->size = block->capacity * READ_GROWTH > READ_MOST ? READ_MOST : block->capacity * READ_GROWTH;
}

/* Fetches n items from start on; false if there is nothing to be had. */
static bool read_fetch(State *st, HPy sequence, Reading *reading, HPy_ssize_t start, HPy_ssize_t n)
{
    Block *old = reading->block;
    reading->block = NULL;
    reading->count = 0;
    read_free_block(st, old);
    Block *block = read_new_block(st, n, reading->dict ? 2 : 1);
    if (!block)
        return false;
    HPy dict = reading->dict ? table_handle(st, reading->dict) : HPy_NULL;
    int32_t error = st->shared->error;
    HPy_ssize_t answer = up_Read_Items(&st->ctx, sequence, dict, start, n, block->handles);
    if (answer < 0) {
        read_give_back(st, block, error);
        return false;
    }
    read_take(st, reading, block, start, answer);
    return block->count > 0;
}

HPy read_dup(State *st, HPy item)
{
    if (table_dup(st, item))
        return item;
    read_drop_all(st);
    return HPy_NULL;
}

static bool read_has(const Reading *reading, HPy_ssize_t index)
{
    return (size_t)(index - reading->start) < (size_t)reading->count;
}

/* The item of a tuple that is a constant, as the names of keywords are: its items are constants, too. */
static HPy read_constant(State *st, HPy tuple, HPy_ssize_t index)
{
    const Slot *slot = table_slot(st, tuple);
    if (!slot || !table_is(slot, KIND_IMMORTAL | KIND_TUPLE) || index < 0 || index >= slot->length)
        return HPy_NULL;
    return read_dup(st, ((const HPy *)slot->data)[index]);
}

/* One item alone, unless the one before it was asked for last. */
static bool read_in_order(Reading *reading, HPy_ssize_t index)
{
    if (index == (reading->block ? reading->start + reading->count : reading->next))
        return true;
    reading->next = index + 1;
    return false;
}

HPy read_item_ahead(State *st, HPy sequence, HPy_ssize_t index)
{
    HPy constant = read_constant(st, sequence, index);
    if (!HPy_IsNull(constant)) {
        st->answered++;
        return constant;
    }
    Reading *reading = read_of(st, sequence);
    if (!reading || index < 0)
        return HPy_NULL;
    if (read_has(reading, index))
        st->answered++;
    else if (!read_in_order(reading, index) || !read_fetch(st, sequence, reading, index, reading->size))
        return HPy_NULL;
    return read_dup(st, reading->items[index - reading->start]);
}

HPy_ssize_t read_length(State *st, HPy sequence)
{
    Reading *reading = read_of(st, sequence);
    if (!reading)
        return -1;
    if (reading->length < 0)
        read_fetch(st, sequence, reading, 0, reading->size);
    else
        st->answered++;
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
    int32_t error = st->shared->error;
    HPy_ssize_t answer = 0;
    *keys = up_Read_Keys(&st->ctx, dict, READ_KEYS, block->handles, &answer);
    if (HPy_IsNull(*keys)) {
        read_give_back(st, block, error);
        return false;
    }
    Reading *reading = read_begin(st, *keys);
    if (answer >= 0) {
        reading->dict = (int32_t)table_index(dict);
        st->reads_of_keys = (int32_t)(reading - st->reads);
    }
    read_take(st, reading, block, 0, answer & INT64_MAX);
    return true;
}

HPy read_value(State *st, HPy dict, HPy key)
{
    if (!st->reads_open || !thread_inside(st) || !table_slot(st, dict))
        return HPy_NULL;
    Reading *reading = read_find(st, (int32_t)table_index(dict));
    if (!reading || !reading->block)
        return HPy_NULL;
    const Block *block = reading->block;
    /* Keys are asked for in order, or nearly so; a search of the whole block would cost more than a crossing. */
    for (HPy_ssize_t i = 0; i < block->count && i < READ_PROBES; i++) {
        HPy_ssize_t at = (reading->cursor + i) % block->count;
        if (block->handles[at]._i == key._i) {
            reading->cursor = at + 1;
            st->answered++;
            return read_dup(st, block->handles[block->capacity + at]);
        }
    }
    return HPy_NULL;
}
