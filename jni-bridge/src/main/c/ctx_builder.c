#include <limits.h>

#include "count.h"
#include "err.h"
#include "log.h"
#include "members.h"
#include "read.h"
#include "table.h"
#include "work.h"

/* A failure is remembered as id 0 and reported by Build, as the API has it. Java's arrays end below INT_MAX. */
static intptr_t builder_new(HPyContext *ctx, WorkType type, HPy_ssize_t size)
{
    count_answered(ctx);
    return size < 0 || size > INT_MAX - 8 ? 0 : work_open(state_of(ctx), type, size, size);
}

static void builder_set(HPyContext *ctx, WorkType type, intptr_t id, HPy_ssize_t index, HPy item, int member)
{
    State *st = state_of(ctx);
    Work *work = work_find(st, type, id);
    if (!work) {
        if (id != 0)
            err_set(ctx, CONSTANT_h_SystemError, "item set in a builder that is not open");
    } else if (index < 0 || index >= work->size) {
        err_set(ctx, CONSTANT_h_SystemError, "index out of range of the builder");
    } else if (HPy_IsNull(item)) {
        err_bad_handle(ctx, item, member);
    } else if (!read_dup_first(st, item)) {
        work->refused = table_slot(st, item) != NULL;
        err_dup(ctx, item, member);
    } else {
        table_close(st, work->items[index]);
        work->items[index] = item;
        count_answered(ctx);
    }
}

static HPy builder_build(HPyContext *ctx, WorkType type, intptr_t id)
{
    State *st = state_of(ctx);
    Work *work = work_find(st, type, id);
    if (!work) {
        if (id == 0)
            err_refused(ctx, NULL);
        else
            err_set(ctx, CONSTANT_h_SystemError, "a builder that is not open cannot be built");
        return HPy_NULL;
    }
    if (work->refused) {
        if (!st->shared->error)
            err_set(ctx, CONSTANT_h_MemoryError, NULL);
        work_close(st, id, true);
        return HPy_NULL;
    }
    for (HPy_ssize_t i = 0; i < work->size; i++) {
        if (!table_valid(st, work->items[i])) {
            err_bad_handle(ctx, work->items[i], type == WORK_LIST ? MEMBER_ListBuilder_Build : MEMBER_TupleBuilder_Build);
            work_close(st, id, true);
            return HPy_NULL;
        }
    }
    HPy result = type == WORK_LIST ? log_list_of(st, work->items, work->size)
                                   : log_tuple_of(st, work->items, work->size);
    if (HPy_IsNull(result))
        result = type == WORK_LIST ? up_List_FromArray(ctx, work->items, work->size)
                                   : up_Tuple_FromArray(ctx, work->items, work->size);
    work_close(st, id, true);
    return result;
}

static void builder_cancel(HPyContext *ctx, WorkType type, intptr_t id)
{
    State *st = state_of(ctx);
    if (work_find(st, type, id))
        work_close(st, id, true);
    else if (id != 0)
        err_set(ctx, CONSTANT_h_SystemError, "a builder that is not open cannot be cancelled");
    count_answered(ctx);
}

HPyListBuilder ctx_ListBuilder_New(HPyContext *ctx, HPy_ssize_t size)
{
    return (HPyListBuilder){builder_new(ctx, WORK_LIST, size)};
}

void ctx_ListBuilder_Set(HPyContext *ctx, HPyListBuilder builder, HPy_ssize_t index, HPy h_item)
{
    builder_set(ctx, WORK_LIST, builder._lst, index, h_item, MEMBER_ListBuilder_Set);
}

HPy ctx_ListBuilder_Build(HPyContext *ctx, HPyListBuilder builder)
{
    return builder_build(ctx, WORK_LIST, builder._lst);
}

void ctx_ListBuilder_Cancel(HPyContext *ctx, HPyListBuilder builder)
{
    builder_cancel(ctx, WORK_LIST, builder._lst);
}

HPyTupleBuilder ctx_TupleBuilder_New(HPyContext *ctx, HPy_ssize_t size)
{
    return (HPyTupleBuilder){builder_new(ctx, WORK_TUPLE, size)};
}

void ctx_TupleBuilder_Set(HPyContext *ctx, HPyTupleBuilder builder, HPy_ssize_t index, HPy h_item)
{
    builder_set(ctx, WORK_TUPLE, builder._tup, index, h_item, MEMBER_TupleBuilder_Set);
}

HPy ctx_TupleBuilder_Build(HPyContext *ctx, HPyTupleBuilder builder)
{
    return builder_build(ctx, WORK_TUPLE, builder._tup);
}

void ctx_TupleBuilder_Cancel(HPyContext *ctx, HPyTupleBuilder builder)
{
    builder_cancel(ctx, WORK_TUPLE, builder._tup);
}
