/*
 * Handles and the handle table. No JNI: tested without a VM.
 *
 * A handle is 64 bits. Its top 16 bits tell what it is:
 *   0         a table handle: 16 bits tag of the context, 8 bits generation, 24 bits index; all zero is HPy_NULL
 *   1         an int in 48 bits
 *   7 and up  a double: its bits plus 7 << 48 (a NaN is made the quiet one first, so that nothing overflows)
 *
 * Java opens handles of objects it has; C those of objects whose making it records in the operation log. C duplicates,
 * checks and closes them. A slot that C frees goes to the released list: C may take it again, or Java drops the object
 * and puts the slot on the free list.
 */
#ifndef HPYVE_TABLE_H
#define HPYVE_TABLE_H

#include <string.h>

#include "state.h"

enum {
    TABLE_INDEX_BITS = 24,
    TABLE_GENERATION_MASK = 0xff,
    TABLE_MODULE_BITS = 16, /* of Slot.origin */
};

#define TABLE_INT_MIN (-(INT64_C(1) << 47))
#define TABLE_INT_MAX ((INT64_C(1) << 47) - 1)

static inline unsigned table_top(HPy h)
{
    return (unsigned)((uint64_t)h._i >> 48);
}

static inline bool table_is_int(HPy h)
{
    return table_top(h) == 1;
}

static inline bool table_is_double(HPy h)
{
    return table_top(h) >= 7;
}

/* An int or a double: nothing to count, nothing to free. */
static inline bool table_is_value(HPy h)
{
    return table_is_int(h) || table_is_double(h);
}

static inline bool table_int_fits(int64_t value)
{
    return value >= TABLE_INT_MIN && value <= TABLE_INT_MAX;
}

static inline HPy table_from_int(int64_t value)
{
    return (HPy){(intptr_t)((UINT64_C(1) << 48) | ((uint64_t)value & ((UINT64_C(1) << 48) - 1)))};
}

static inline int64_t table_to_int(HPy h)
{
    return (int64_t)((uint64_t)h._i << 16) >> 16;
}

static inline HPy table_from_double(double value)
{
    uint64_t bits;
    if (value != value)
        bits = UINT64_C(0x7ff8) << 48;
    else
        memcpy(&bits, &value, sizeof bits);
    return (HPy){(intptr_t)(bits + (UINT64_C(7) << 48))};
}

static inline double table_to_double(HPy h)
{
    uint64_t bits = (uint64_t)h._i - (UINT64_C(7) << 48);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint32_t table_index(HPy h)
{
    return (uint32_t)h._i & ((1u << TABLE_INDEX_BITS) - 1);
}

/* The slot of an open table handle of this context; NULL for every other value, HPy_NULL and tagged ones included. */
static inline Slot *table_slot(const State *st, HPy h)
{
    uint64_t bits = (uint64_t)h._i;
    uint32_t index = table_index(h);
    if (bits >> 32 != (uint64_t)st->shared->tag || index >= (uint32_t)st->shared->capacity)
        return NULL;
    Slot *slot = &st->slots[index];
    if (slot->refs <= 0 || (uint32_t)slot->generation != ((uint32_t)bits >> TABLE_INDEX_BITS))
        return NULL;
    return slot;
}

/* Has the slot all these kind bits? */
static inline bool table_is(const Slot *slot, int32_t kind)
{
    return (slot->kind & kind) == kind;
}

/* The handle of an open slot. */
static inline HPy table_handle(const State *st, int32_t index)
{
    return (HPy){(intptr_t)((uint64_t)st->shared->tag << 32 |
                            (uint64_t)st->slots[index].generation << TABLE_INDEX_BITS | (uint32_t)index)};
}

/* Kind bits of any handle; 0 for an object of no known kind and for a handle that is not open. */
static inline int32_t table_kind(const State *st, HPy h)
{
    if (table_is_int(h))
        return KIND_INT | KIND_EXACT;
    if (table_is_double(h))
        return KIND_FLOAT | KIND_EXACT;
    const Slot *slot = table_slot(st, h);
    return slot ? slot->kind : 0;
}

/* Is it an open table handle, or a value? HPy_NULL is neither. */
static inline bool table_valid(const State *st, HPy h)
{
    return table_is_value(h) || table_slot(st, h);
}

/* From now on something else may refer to the object, or change it. */
static inline void table_escape(State *st, HPy h)
{
    Slot *slot = table_slot(st, h);
    if (slot && __builtin_expect(slot->kind & KIND_PRIVATE, 0)) {
        slot->kind &= ~KIND_PRIVATE;
        slot->length = -1;
    }
}

/* False if h is no valid handle, if there may be no more handles, or if it is the last handle of what the context keeps
   that is to be closed. HPy_NULL and tagged values have nothing to count and are valid. */
bool table_dup(State *st, HPy h);
bool table_close(State *st, HPy h);

/* May there be one more handle? */
static inline bool table_has_handle(const State *st)
{
    const Shared *shared = st->shared;
    return !shared->handle_limit || shared->opened - shared->closed < shared->handle_limit;
}

/* A new handle of an object that Java will get from the log; HPy_NULL if no slot is left, or there may be no
   more handles. */
HPy table_open(State *st, int32_t kind, int64_t length);

/* The context keeps the object of an open table handle for itself, besides whoever has the handle; and no longer. */
void table_keep(State *st, HPy h);
void table_forget(State *st, HPy h);

/* A duplicate of a handle that the context keeps; false if there may be no more handles. */
bool table_dup_known(State *st, HPy h);

/* Closes all handles of an object that will never be there. */
void table_lose(State *st, uint32_t index);

/* Makes room for capacity slots, all zero. False if there is no memory or the index would not fit. */
bool table_grow(State *st, int32_t capacity);

/* Frees the text of a slot. */
void table_drop_text(State *st, Slot *slot);

/* Frees the table and every text in it. */
void table_release(State *st);

#endif
