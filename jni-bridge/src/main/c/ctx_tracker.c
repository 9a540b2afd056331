#include "count.h"
#include "err.h"
#include "members.h"
#include "table.h"
#include "work.h"

static Work *tracker_find(HPyContext *ctx, HPyTracker ht)
{
    Work *work = work_find(state_of(ctx), WORK_TRACKER, ht._i);
    if (!work)
        err_set(ctx, CONSTANT_h_SystemError, "the tracker is not open");
    return work;
}

HPyTracker ctx_Tracker_New(HPyContext *ctx, HPy_ssize_t size)
{
    if (size < 0) {
        err_set(ctx, CONSTANT_h_ValueError, "HPyTracker size cannot be negative");
        return (HPyTracker){0};
    }
    intptr_t id = size == HPY_SSIZE_T_MAX ? 0 : work_open(state_of(ctx), WORK_TRACKER, 0, size + 1);
    if (id == 0)
        err_refused(ctx, NULL);
    else
        count_answered(ctx);
    return (HPyTracker){id};
}

/* HPy_NULL and values need no closing and are welcome. */
static bool tracker_takes(const State *st, HPy h)
{
    return HPy_IsNull(h) || table_is_int(h) || table_is_double(h) || table_slot(st, h);
}

/* There is always room for one more, so that a handle whose adding failed is tracked all the same: the caller then
   closes the tracker, and with it that handle. */
int ctx_Tracker_Add(HPyContext *ctx, HPyTracker ht, HPy h)
{
    Work *work = tracker_find(ctx, ht);
    if (!work)
        return -1;
    if (!tracker_takes(state_of(ctx), h)) {
        err_bad_handle(ctx, h, MEMBER_Tracker_Add);
        return -1;
    }
    if (work->size < work->capacity) {
        work->items[work->size++] = h;
        if (work_extend(state_of(ctx), ht._i, work)) {
            count_answered(ctx);
            return 0;
        }
    }
    err_refused(ctx, NULL);
    return -1;
}

void ctx_Tracker_ForgetAll(HPyContext *ctx, HPyTracker ht)
{
    Work *work = tracker_find(ctx, ht);
    if (!work)
        return;
    work->size = 0;
    count_answered(ctx);
}

void ctx_Tracker_Close(HPyContext *ctx, HPyTracker ht)
{
    State *st = state_of(ctx);
    Work *work = tracker_find(ctx, ht);
    if (!work)
        return;
    for (HPy_ssize_t i = 0; i < work->size; i++) {
        if (!table_close(st, work->items[i]))
            err_bad_handle(ctx, work->items[i], MEMBER_Tracker_Close);
    }
    work_close(st, ht._i, false);
    count_answered(ctx);
}
