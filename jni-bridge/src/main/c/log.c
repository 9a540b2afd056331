#include "log.h"

#include <string.h>

#include "area.h"
#include "count.h"
#include "known.h"
#include "thread.h"
#include "up.h"

/* Items of one operation; a longer list is made in several. */
enum { LOG_ITEMS = AREA_BYTES / 8 / 4 };

static inline bool log_on(const State *st)
{
    return st->shared->batched && thread_inside(st);
}

/* Makes room by having Java carry out what is there. */
static uint8_t *log_flush(State *st, size_t bytes)
{
    if (st->at > st->area) {
        up_Log_Flush(&st->ctx);
        if (st->at > st->area)
            return NULL;
    }
    return area_take(st, bytes);
}

/* An operation with bytes behind its first word; NULL if there is no memory, or if Java could not carry out what is
   there. */
static inline uint64_t *log_operation(State *st, int op, uint32_t index, size_t count, size_t bytes)
{
    size_t whole = (bytes + 15) / 8 * 8;
    uint8_t *at = st->at;
    if (__builtin_expect(whole > (size_t)(st->area + AREA_BYTES - at) || !at, 0))
        at = log_flush(st, whole);
    else
        st->at = at + whole;
    uint64_t *words = (uint64_t *)(void *)at;
    if (!words)
        return NULL;
    words[0] = (uint64_t)count << 32 | (uint64_t)index << 8 | (uint64_t)op;
    count_deferred(st);
    return words;
}

/* A slot for what the next operation makes. */
static HPy log_open(State *st, int32_t kind, int64_t length)
{
    if (!log_on(st))
        return HPy_NULL;
    HPy h = table_open(st, kind, length);
    if (HPy_IsNull(h)) {
        up_Log_Flush(&st->ctx);
        h = table_open(st, kind, length);
    }
    return h;
}

/* h, or HPy_NULL and its slot back if there was no room for the operation that makes its object. */
static HPy log_made(State *st, HPy h, const uint64_t *words)
{
    if (words)
        return h;
    table_close(st, h);
    return HPy_NULL;
}

static HPy log_make(State *st, int op, int32_t kind, int64_t length, size_t count, const void *data, size_t bytes)
{
    HPy h = log_open(st, kind | KIND_EXACT, length);
    if (HPy_IsNull(h))
        return h;
    uint64_t *words = log_operation(st, op, table_index(h), count, bytes);
    if (words && bytes > 0)
        memcpy(words + 1, data, bytes);
    return log_made(st, h, words);
}

HPy log_text(State *st, const uint8_t *utf8, size_t n, const TextShape *shape)
{
    int op = shape->points == n ? OP_ASCII_TEXT : shape->astral ? OP_WIDE_TEXT : OP_TEXT;
    return n > AREA_BYTES / 2 ? HPy_NULL : log_make(st, op, KIND_UNICODE, (int64_t)shape->points, n, utf8, n);
}

HPy log_bytes(State *st, const void *bytes, size_t n)
{
    return n > AREA_BYTES / 2 ? HPy_NULL : log_make(st, OP_BYTES, KIND_BYTES, (int64_t)n, n, bytes, n);
}

HPy log_long(State *st, uint64_t value, bool has_sign)
{
    bool word = has_sign || value <= INT64_MAX;
    return log_make(st, OP_LONG, word ? KIND_INT | KIND_WORD : KIND_INT, word ? (int64_t)value : -1, has_sign ? 0 : 1,
                    &value, sizeof value);
}

HPy log_dict(State *st)
{
    return log_make(st, OP_DICT, KIND_DICT | KIND_PRIVATE, -1, 0, NULL, 0);
}

/* How to set an item: 0 if hash and comparison of the key could run Python code. */
static int log_dict_operation(const State *st, HPy key)
{
    if (table_is_int(key) || table_is_double(key))
        return OP_DICT_SET_VALUE;
    const Slot *slot = table_slot(st, key);
    if (!slot || !(slot->kind & KIND_EXACT) || !(slot->kind & (KIND_UNICODE | KIND_BYTES)))
        return 0;
    return slot->kind & KIND_KNOWN ? OP_DICT_SET_KNOWN : OP_DICT_SET;
}

static bool log_private(const State *st, HPy h, int32_t kind)
{
    const Slot *slot = table_slot(st, h);
    return slot && (slot->kind & KIND_PRIVATE) && (slot->kind & kind) && log_on(st);
}

bool log_dict_set(State *st, HPy dict, HPy key, HPy value)
{
    int op = log_dict_operation(st, key);
    if (op == 0 || !log_private(st, dict, KIND_DICT) || !table_valid(st, value))
        return false;
    bool value_key = op == OP_DICT_SET_VALUE;
    uint64_t *words = log_operation(st, op, table_index(dict), value_key ? 0 : table_index(key), value_key ? 16 : 8);
    if (!words)
        return false;
    words[1] = (uint64_t)(value_key ? key : value)._i;
    if (value_key)
        words[2] = (uint64_t)value._i;
    table_escape(st, value);
    return true;
}

HPy log_list(State *st, HPy_ssize_t n)
{
    return n < 0 || n > INT32_MAX - 8 ? HPy_NULL
                                      : log_make(st, OP_LIST, KIND_LIST | KIND_PRIVATE, n, (size_t)n, NULL, 0);
}

static bool log_list_item(State *st, int op, HPy list, HPy_ssize_t index, HPy item)
{
    uint64_t *words = log_operation(st, op, table_index(list), (size_t)index, 8);
    if (words)
        words[1] = (uint64_t)item._i;
    return words != NULL;
}

bool log_list_append(State *st, HPy list, HPy item)
{
    if (!log_private(st, list, KIND_LIST) || !table_valid(st, item) || !log_list_item(st, OP_LIST_APPEND, list, 0, item))
        return false;
    table_slot(st, list)->length++;
    table_escape(st, item);
    return true;
}

bool log_list_set(State *st, HPy list, HPy_ssize_t index, HPy item)
{
    if (!log_private(st, list, KIND_LIST) || !table_valid(st, item) || index < 0 ||
        index >= table_slot(st, list)->length || !log_list_item(st, OP_LIST_SET, list, index, item))
        return false;
    table_escape(st, item);
    return true;
}

/* In parts, so that the log can be flushed between them. */
static HPy log_long_sequence(State *st, int op, HPy h, const HPy *items, size_t n)
{
    uint64_t *words = log_operation(st, OP_ARRAY, 0, n, 0);
    for (size_t at = 0; words && at < n; at += LOG_ITEMS) {
        size_t part = n - at < LOG_ITEMS ? n - at : LOG_ITEMS;
        words = log_operation(st, OP_ARRAY_FILL, 0, part, part * sizeof(HPy));
        if (words)
            memcpy(words + 1, items + at, part * sizeof(HPy));
    }
    if (words)
        words = log_operation(st, op, table_index(h), 0, 0);
    return log_made(st, h, words);
}

static HPy log_sequence(State *st, int op, int long_op, int32_t kind, const HPy *items, HPy_ssize_t n)
{
    HPy made;
    if (n <= LOG_ITEMS) {
        made = log_make(st, op, kind, n, (size_t)n, items, (size_t)n * sizeof(HPy));
    } else {
        HPy h = log_open(st, kind | KIND_EXACT, n);
        made = HPy_IsNull(h) ? h : log_long_sequence(st, long_op, h, items, (size_t)n);
    }
    if (!HPy_IsNull(made)) {
        for (HPy_ssize_t i = 0; i < n; i++)
            table_escape(st, items[i]);
    }
    return made;
}

HPy log_list_of(State *st, const HPy *items, HPy_ssize_t n)
{
    return log_sequence(st, OP_LIST_OF, OP_ARRAY_LIST, KIND_LIST | KIND_PRIVATE, items, n);
}

HPy log_tuple_of(State *st, const HPy *items, HPy_ssize_t n)
{
    return log_sequence(st, OP_TUPLE_OF, OP_ARRAY_TUPLE, KIND_TUPLE, items, n);
}

HPy log_new(State *st, HPy type, void **data)
{
    const Slot *slot = table_slot(st, type);
    if (!slot || !(slot->kind & KIND_POOL))
        return HPy_NULL;
    Pool *pool = (Pool *)(intptr_t)-slot->length;
    if (pool->left == 0)
        return HPy_NULL;
    HPy h = log_open(st, 0, -1);
    if (HPy_IsNull(h))
        return h;
    uint64_t *words = log_operation(st, OP_NEW, table_index(h), table_index(type), 8);
    if (!words)
        return log_made(st, h, words);
    *data = pool->next;
    words[1] = (uint64_t)(uintptr_t)*data;
    table_slot(st, h)->data = *data;
    pool->next = (char *)pool->next + pool->room;
    pool->left--;
    return h;
}

/* Bytes behind the first word. */
static size_t log_bytes_of(unsigned op, size_t count)
{
    switch (op) {
    case OP_TEXT:
    case OP_WIDE_TEXT:
    case OP_ASCII_TEXT:
    case OP_BYTES:
        return (count + 7) / 8 * 8;
    case OP_LONG:
    case OP_DICT_SET:
    case OP_DICT_SET_KNOWN:
    case OP_LIST_APPEND:
    case OP_LIST_SET:
    case OP_NEW:
        return 8;
    case OP_DICT_SET_VALUE:
        return 16;
    case OP_LIST_OF:
    case OP_TUPLE_OF:
    case OP_ARRAY_FILL:
        return 8 * count;
    default:
        return 0;
    }
}

static bool log_makes(unsigned op)
{
    switch (op) {
    case OP_DICT_SET:
    case OP_DICT_SET_KNOWN:
    case OP_DICT_SET_VALUE:
    case OP_LIST_APPEND:
    case OP_LIST_SET:
    case OP_ARRAY:
    case OP_ARRAY_FILL:
        return false;
    default:
        return true;
    }
}

void log_abandon(State *st, int32_t from)
{
    known_forget(st);
    const uint8_t *at = st->area + from;
    while (at < st->area + st->shared->log_used) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        unsigned op = (unsigned)(word & 0xff);
        if (log_makes(op))
            table_lose(st, (uint32_t)word >> 8);
        at += sizeof word + log_bytes_of(op, (size_t)(word >> 32));
    }
    st->shared->log_used = 0;
    st->shared->area_used = 0;
}
