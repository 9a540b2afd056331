#include "work.h"

#include <string.h>

#include "memory.h"
#include "table.h"

/* An id is a positive number: tag of the context, serial number, index. */
enum { WORK_INDEX_BITS = 20, WORK_SERIAL_BITS = 27, WORK_TAG_SHIFT = WORK_INDEX_BITS + WORK_SERIAL_BITS };

/* Items of an area that is kept for another one when it is closed. */
enum { WORK_SPARE_ITEMS = 16 };

static uint32_t work_index(intptr_t id)
{
    return (uint32_t)(id & ((1 << WORK_INDEX_BITS) - 1));
}

static intptr_t work_id(const State *st, const Work *work, uint32_t index)
{
    return ((intptr_t)st->shared->tag << WORK_TAG_SHIFT) | ((intptr_t)work->serial << WORK_INDEX_BITS) | index;
}

static bool work_free_index(State *st, uint32_t *index)
{
    for (uint32_t i = st->works_first_free; i < st->works_capacity; i++) {
        if (!st->works[i]) {
            *index = i;
            st->works_first_free = i + 1;
            return true;
        }
    }
    uint32_t capacity = st->works_capacity ? 2 * st->works_capacity : 16;
    if (capacity >= 1u << WORK_INDEX_BITS)
        return false;
    Work **works = memory_resize(st, st->works, capacity * sizeof(Work *));
    if (!works)
        return false;
    *index = st->works_capacity;
    st->works_first_free = *index + 1;
    st->works = works;
    st->works_capacity = capacity;
    return true;
}

static Work *work_resize(State *st, Work *work, HPy_ssize_t capacity)
{
    if (capacity < 0 || (size_t)capacity > (SIZE_MAX / 2 - sizeof(Work)) / sizeof(HPy))
        return NULL;
    work = memory_resize(st, work, sizeof(Work) + (size_t)capacity * sizeof(HPy));
    if (work)
        work->capacity = capacity;
    return work;
}

/* Every area has room for WORK_SPARE_ITEMS, so that a small one can serve again for any other small one. */
static Work *work_new(State *st, HPy_ssize_t capacity)
{
    if (capacity < 0 || capacity > WORK_SPARE_ITEMS)
        return work_resize(st, NULL, capacity);
    Work *work;
    if (st->works_spare_count > 0) {
        work = st->works_spare[--st->works_spare_count];
        memset(work, 0, sizeof(Work) + WORK_SPARE_ITEMS * sizeof(HPy));
    } else {
        work = work_resize(st, NULL, WORK_SPARE_ITEMS);
    }
    if (work)
        work->capacity = capacity;
    return work;
}

static void work_free(State *st, Work *work)
{
    if (work && work->capacity <= WORK_SPARE_ITEMS && st->works_spare_count < WORK_SPARES)
        st->works_spare[st->works_spare_count++] = work;
    else
        memory_free(st, work);
}

intptr_t work_open(State *st, WorkType type, HPy_ssize_t size, HPy_ssize_t capacity)
{
    uint32_t index;
    Work *work = work_new(st, capacity);
    if (!work || !work_free_index(st, &index)) {
        work_free(st, work);
        return 0;
    }
    work->serial = ++st->works_serial & ((1u << WORK_SERIAL_BITS) - 1);
    work->type = type;
    work->size = size;
    st->works[index] = work;
    return work_id(st, work, index);
}

Work *work_find(State *st, WorkType type, intptr_t id)
{
    uint32_t index = work_index(id);
    if (index >= st->works_capacity || !st->works[index])
        return NULL;
    Work *work = st->works[index];
    return work->type == type && work_id(st, work, index) == id ? work : NULL;
}

Work *work_extend(State *st, intptr_t id, Work *work)
{
    if (work->size < work->capacity)
        return work;
    work = work_resize(st, work, work->capacity < 8 ? 16 : 2 * work->capacity);
    if (work)
        st->works[work_index(id)] = work;
    return work;
}

void work_close(State *st, intptr_t id, bool close_items)
{
    uint32_t index = work_index(id);
    Work *work = st->works[index];
    if (close_items) {
        for (HPy_ssize_t i = 0; i < work->size; i++)
            table_close(st, work->items[i]);
    }
    work_free(st, work);
    st->works[index] = NULL;
    if (index < st->works_first_free)
        st->works_first_free = index;
}

int work_release(State *st)
{
    int left = 0;
    for (uint32_t i = 0; i < st->works_capacity; i++) {
        left += st->works[i] != NULL;
        memory_free(st, st->works[i]);
    }
    while (st->works_spare_count > 0)
        memory_free(st, st->works_spare[--st->works_spare_count]);
    memory_free(st, st->works);
    st->works = NULL;
    st->works_capacity = 0;
    st->works_first_free = 0;
    return left;
}
