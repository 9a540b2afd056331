#include "area.h"

#include <limits.h>
#include <stdlib.h>

/* Not counted as native memory of objects: it belongs to the context as the State does. */
static bool area_resize(State *st, size_t capacity)
{
    uint8_t *area = realloc(st->area, capacity);
    if (!area)
        return false;
    st->area = area;
    st->shared->area_capacity = (int32_t)capacity;
    return true;
}

uint8_t *area_take(State *st, size_t bytes)
{
    size_t begin = (size_t)st->shared->area_used;
    if (bytes > INT_MAX - 16 - begin)
        return NULL;
    size_t end = (begin + bytes + 7) / 8 * 8;
    if (end > (size_t)st->shared->area_capacity || !st->area) {
        size_t capacity = end > AREA_BYTES ? end : AREA_BYTES;
        if (!area_resize(st, capacity))
            return NULL;
    }
    st->shared->area_used = (int32_t)end;
    return st->area + begin;
}

void area_shrink(State *st)
{
    if (st->shared->area_capacity > AREA_BYTES)
        area_resize(st, AREA_BYTES);
}

void area_release(State *st)
{
    free(st->area);
    st->area = NULL;
    st->shared->area_capacity = 0;
}
