#include "area.h"

#include <limits.h>
#include <stdlib.h>

/* Java counts bytes in an int. */
enum { AREA_MOST = INT_MAX - 16 };

/* Not counted as native memory of objects: it belongs to the context as the State does. */
static bool area_resize(State *st, size_t capacity)
{
    size_t used = (size_t)(st->at - st->area);
    uint8_t *area = realloc(st->area, capacity);
    if (!area)
        return false;
    st->area = area;
    st->at = area + used;
    st->shared->area_capacity = (int32_t)capacity;
    return true;
}

uint8_t *area_take(State *st, size_t bytes)
{
    size_t begin = (size_t)(st->at - st->area);
    if (bytes > AREA_MOST || begin > AREA_MOST - bytes)
        return NULL;
    size_t end = (begin + bytes + 7) / 8 * 8;
    if ((end > (size_t)st->shared->area_capacity || !st->area) &&
        !area_resize(st, end > AREA_BYTES ? end : AREA_BYTES))
        return NULL;
    st->at = st->area + end;
    return st->area + begin;
}

void area_shrink(State *st)
{
    if (st->shared->area_capacity > AREA_BYTES) {
        st->at = st->area;
        area_resize(st, AREA_BYTES);
    }
}

void area_release(State *st)
{
    free(st->area);
    st->area = NULL;
    st->at = NULL;
    st->shared->area_capacity = 0;
}
