/*
 * Work areas: builders and trackers. Each is an array of handles that C fills without crossing.
 *
 * An extension holds an id, not a pointer: index plus a serial number, so that a builder that was built twice, or
 * a tracker of another context, is found out instead of being followed.
 */
#ifndef HPYVE_WORK_H
#define HPYVE_WORK_H

#include "state.h"

typedef enum { WORK_LIST = 1, WORK_TUPLE, WORK_TRACKER } WorkType;

struct Work {
    uint32_t serial;
    WorkType type;
    bool refused; /* an item could not be kept, for want of handles */
    HPy_ssize_t size; /* items in use */
    HPy_ssize_t capacity;
    HPy items[];
};

/* The id of a new area, or 0 if there is no memory. */
intptr_t work_open(State *st, WorkType type, HPy_ssize_t size, HPy_ssize_t capacity);

/* NULL if id is not an open area of this type in this context. */
Work *work_find(State *st, WorkType type, intptr_t id);

/* Makes room for one more item; the area may move. NULL if there is no memory. */
Work *work_extend(State *st, intptr_t id, Work *work);

/* Closes the items if asked to, and frees the area. */
void work_close(State *st, intptr_t id, bool close_items);

/* Frees all areas that were left open; their number. */
int work_release(State *st);

#endif
