/*
 * Reading ahead: one crossing brings a block of the items of an exact list or tuple, with the texts of short ones, and
 * for the keys of a dict its values too. A block begins small and grows as long as its sequence is read in order. It is
 * dropped as soon as anything may change the sequence: before every crossing that may run Python code or change an
 * object, and when control returns to Java.
 *
 * Owner: the context. Thread: the one that runs the interpreter.
 */
#ifndef HPYVE_READ_H
#define HPYVE_READ_H

#include "count.h"
#include "table.h"
#include "thread.h"

/* An item that no block has so far. */
HPy read_item_ahead(State *st, HPy sequence, HPy_ssize_t index);

/* A duplicate of what a block has. If there may be no more handles all blocks are given up, and it is HPy_NULL: the usual
   way may have one then. */
HPy read_dup(State *st, HPy item);

/* A new handle of item number index, or HPy_NULL if it must be asked for in the usual way. */
static inline HPy read_item(State *st, HPy sequence, HPy_ssize_t index)
{
    const Reading *reading = &st->reads[table_index(sequence) % READ_PLACES];
    if (reading->sequence._i == sequence._i && (size_t)(index - reading->start) < (size_t)reading->count &&
        thread_inside(st)) {
        HPy item = reading->items[index - reading->start];
        st->answered++;
        return table_is_value(item) ? item : read_dup(st, item);
    }
    return read_item_ahead(st, sequence, index);
}

/* A new handle of what a dict has for a key that was read from the list of its keys; HPy_NULL as above. */
HPy read_value(State *st, HPy dict, HPy key);

/* The length of an exact list or tuple; -1 as above. */
HPy_ssize_t read_length(State *st, HPy sequence);

/* Makes a new list of the keys of an exact dict. Who asks for it is likely to read them, and to ask for their values.
   False, and nothing done, if they must be asked for in the usual way. */
bool read_keys(State *st, HPy dict, HPy *keys);

/* Closes all blocks. */
void read_drop_all(State *st);

static inline void read_drop(State *st)
{
    if (st->reads_open)
        read_drop_all(st);
}

/* Duplicates a handle that is not a block's; gives blocks up for that if there may be no more handles. */
static inline bool read_dup_first(State *st, HPy h)
{
    if (table_dup(st, h))
        return true;
    if (!st->reads_open || !thread_inside(st))
        return false;
    read_drop_all(st);
    return table_dup(st, h);
}

/* A text that was lent is not needed any more. */
void read_return(State *st, Slot *slot);

/* Frees what is kept to be used again. */
void read_release(State *st);

/* Closes the block of a slot that is about to be freed. */
void read_close(State *st, int32_t index, int32_t kind);

static inline void read_freed(State *st, int32_t index, int32_t kind)
{
    if (st->reads_open && (kind & (KIND_LIST | KIND_TUPLE | KIND_DICT)))
        read_close(st, index, kind);
}

#endif
