/* Steps with one call on a list, tuple, dict, slice or iterator, or on what behaves like one. */
#include "machine.h"

static HPy_ssize_t position(unsigned n)
{
    static const HPy_ssize_t positions[] = {0, 1, 0, -1, 0, 2, 0, 1, 3, -2, 0, 5, 100, -100, HPY_SSIZE_T_MAX};
    return positions[n % (sizeof positions / sizeof positions[0])];
}

/* A key that the number selects, where the register's object cannot be one. */
static HPy key(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    HPy h = in(f, s->b);
    if (number(s) % 16 == 15) {
        HPy text = HPyUnicode_FromString(ctx, text_name(number(s) / 16));
        HPy tuple = HPyTuple_Pack(ctx, 2, text, f->registers[0]);
        HPy_Close(ctx, text);
        return tuple;
    }
    return HPy_IsNull(h) || !stable(ctx, h) ? HPyLong_FromLong(ctx, number(s) % 8) : HPy_Dup(ctx, h);
}

static HPy from_array(Frame *f, const Step *s)
{
    static const HPy_ssize_t sizes[] = {0, 1, 2, 3, 3, 5, 30, 200, -1};
    HPy items[200];
    for (int i = 0; i < 200; i++)
        items[i] = in(f, i % 3 == 0 ? s->a : i % 3 == 1 ? s->b : s->c);
    return HPyTuple_FromArray(f->ctx, items, sizes[number(s) % 9]);
}

static void builder_new(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    static const HPy_ssize_t sizes[] = {0, 1, 2, 3, 8, 100, -1};
    HPy_ssize_t size = sizes[number(s) % 7];
    if (s->code == OP_LIST_BUILDER_NEW) {
        if (f->list_builder._lst)
            HPyListBuilder_Cancel(ctx, f->list_builder);
        f->list_builder = HPyListBuilder_New(ctx, size);
        note(f->list_builder._lst ? " ok" : " NULL");
    } else {
        if (f->tuple_builder._tup)
            HPyTupleBuilder_Cancel(ctx, f->tuple_builder);
        f->tuple_builder = HPyTupleBuilder_New(ctx, size);
        note(f->tuple_builder._tup ? " ok" : " NULL");
    }
}

static bool list_builder_step(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    HPyListBuilder builder = f->list_builder;
    switch (s->code) {
    case OP_LIST_BUILDER_SET:
        if (builder._lst)
            HPyListBuilder_Set(ctx, builder, number(s) % 3, in(f, s->a));
        break;
    case OP_LIST_BUILDER_BUILD:
        f->list_builder = (HPyListBuilder){0};
        if (builder._lst)
            put(f, s, HPyListBuilder_Build(ctx, builder));
        break;
    case OP_LIST_BUILDER_CANCEL:
        f->list_builder = (HPyListBuilder){0};
        if (builder._lst)
            HPyListBuilder_Cancel(ctx, builder);
        break;
    default: return false;
    }
    return true;
}

static bool tuple_builder_step(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    HPyTupleBuilder builder = f->tuple_builder;
    switch (s->code) {
    case OP_TUPLE_BUILDER_SET:
        if (builder._tup)
            HPyTupleBuilder_Set(ctx, builder, number(s) % 3, in(f, s->a));
        break;
    case OP_TUPLE_BUILDER_BUILD:
        f->tuple_builder = (HPyTupleBuilder){0};
        if (builder._tup)
            put(f, s, HPyTupleBuilder_Build(ctx, builder));
        break;
    case OP_TUPLE_BUILDER_CANCEL:
        f->tuple_builder = (HPyTupleBuilder){0};
        if (builder._tup)
            HPyTupleBuilder_Cancel(ctx, builder);
        break;
    default: return false;
    }
    return true;
}

static bool item_step(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    HPy a = in(f, s->a), c = in(f, s->c);
    unsigned n = number(s);
    HPy k = key(f, s);
    /* Every second one is the key that the first dicts have. */
    const char *name = n & 1 ? "key" : text_name(n / 2);
    bool mine = true;
    switch (s->code) {
    case OP_GET_ITEM: put(f, s, HPy_GetItem(ctx, a, k)); break;
    case OP_GET_ITEM_I: put(f, s, HPy_GetItem_i(ctx, a, position(n))); break;
    case OP_GET_ITEM_S: put(f, s, HPy_GetItem_s(ctx, a, name)); break;
    case OP_SET_ITEM: note(" %d", HPy_SetItem(ctx, a, k, c)); break;
    case OP_SET_ITEM_I: note(" %d", HPy_SetItem_i(ctx, a, position(n), c)); break;
    case OP_SET_ITEM_S: note(" %d", HPy_SetItem_s(ctx, a, name, c)); break;
    case OP_DEL_ITEM: note(" %d", HPy_DelItem(ctx, a, k)); break;
    case OP_DEL_ITEM_I: note(" %d", HPy_DelItem_i(ctx, a, position(n))); break;
    case OP_DEL_ITEM_S: note(" %d", HPy_DelItem_s(ctx, a, name)); break;
    case OP_CONTAINS: note(" %d", HPy_Contains(ctx, a, k)); break;
    default: mine = false;
    }
    HPy_Close(ctx, k);
    return mine;
}

static void unpack(HPyContext *ctx, HPy slice)
{
    HPy_ssize_t start = 7, stop = 7, step = 7;
    int status = HPySlice_Unpack(ctx, slice, &start, &stop, &step);
    note(" %d", status);
    if (status == 0)
        note(" %ld %ld %ld", (long)start, (long)stop, (long)step);
}

bool containers_step(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    HPy a = in(f, s->a), b = in(f, s->b), c = in(f, s->c);
    unsigned n = number(s);
    HPy_ssize_t start = position(n), end = position(n / 16);
    switch (s->code) {
    case OP_LIST_NEW: put(f, s, HPyList_New(ctx, n % 16 == 15 ? -1 : n % 4 ? 0 : (HPy_ssize_t)n % 9)); break;
    case OP_LIST_APPEND: note(" %d", HPyList_Append(ctx, a, b)); break;
    case OP_LIST_INSERT: note(" %d", HPyList_Insert(ctx, a, start, b)); break;
    case OP_LIST_BUILDER_NEW:
    case OP_TUPLE_BUILDER_NEW: builder_new(f, s); break;
    case OP_TUPLE_FROM_ARRAY: put(f, s, from_array(f, s)); break;
    case OP_TUPLE_PACK: put(f, s, n & 1 ? HPyTuple_Pack(ctx, 1, a) : HPyTuple_Pack(ctx, 3, a, b, c)); break;
    case OP_DICT_NEW: put(f, s, HPyDict_New(ctx)); break;
    case OP_DICT_KEYS: put(f, s, HPyDict_Keys(ctx, a)); break;
    case OP_DICT_COPY: put(f, s, HPyDict_Copy(ctx, a)); break;
    case OP_LENGTH: note(" %ld", (long)HPy_Length(ctx, a)); break;
    case OP_SLICE_NEW: put(f, s, HPySlice_New(ctx, a, b, c)); break;
    case OP_SLICE_UNPACK: unpack(ctx, a); break;
    case OP_GET_SLICE: put(f, s, HPy_GetSlice(ctx, a, start, end)); break;
    case OP_SET_SLICE:
        if (growth_by(ctx, b))
            note(" %d", HPy_SetSlice(ctx, a, start, end, b));
        break;
    case OP_DEL_SLICE: note(" %d", HPy_DelSlice(ctx, a, start, end)); break;
    case OP_GET_ITER: put(f, s, HPy_GetIter(ctx, a)); break;
    case OP_ITER_NEXT: put(f, s, HPyIter_Next(ctx, a)); break;
    case OP_ITER_CHECK: note(" %d", HPyIter_Check(ctx, a)); break;
    default: return list_builder_step(f, s) || tuple_builder_step(f, s) || item_step(f, s);
    }
    return true;
}
