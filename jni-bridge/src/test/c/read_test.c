/* Blocks of items that were read ahead, with a Java that is played. */
#include "read.h"

#include "check.h"
#include "content.h"
#include "memory.h"
#include "table.h"
#include "thread.h"

enum { LIST = 1, ITEMS = 10, CAPACITY = 3000 };

/* How many items the played Java has, how many of them it fills in before it fails, and whether the table grows. */
static HPy_ssize_t length;
static HPy_ssize_t fails_after;
static bool grows;

static int32_t next_slot;

/* The block as read.c and Java know it: handles, places of texts, and 8 bytes of the texts for each. */
HPy_ssize_t up_Read_Items(HPyContext *ctx, HPy h, HPy dict, HPy_ssize_t start, HPy_ssize_t n, void *block)
{
    State *st = state_of(ctx);
    HPy *handles = block;
    uint64_t *places = (uint64_t *)(handles + n);
    char *texts = (char *)(places + n);
    (void)h;
    (void)dict;
    if (grows) {
        /* To another place, for certain. */
        Slot *slots = memory_allocate(st, (size_t)st->shared->capacity * sizeof(Slot));
        CHECK(slots);
        memcpy(slots, st->slots, (size_t)st->shared->capacity * sizeof(Slot));
        memory_free(st, st->slots);
        st->slots = slots;
    }
    HPy_ssize_t count = length - start < n ? length - start : n;
    for (HPy_ssize_t i = 0; i < count; i++) {
        if (start + i == fails_after)
            return -1;
        handles[i] = check_open(st, next_slot++, 0, KIND_UNICODE | KIND_EXACT);
        memcpy(texts + 8 * i, "text", 5);
        places[i] = (uint64_t)(8 * i) << 32 | (uint64_t)CONTENT_UNICODE << 16 | 4;
    }
    for (HPy_ssize_t i = count; i < n; i++) {
        handles[i] = HPy_NULL;
        places[i] = 0;
    }
    return length << 32 | count;
}

static State *new_state(HPy *list)
{
    State *st = check_new_state(7);
    CHECK(table_grow(st, CAPACITY));
    st->shared->batched = 1;
    st->env = (JNIEnv *)st; /* never called */
    st->thread = thread_self();
    next_slot = ITEMS;
    fails_after = -1;
    grows = false;
    *list = check_open(st, LIST, 0, KIND_LIST | KIND_EXACT);
    return st;
}

/* Nothing is open any more, and no byte is held. */
static void end_state(State *st)
{
    CHECK(st->reads_open == 0);
    CHECK(st->shared->opened == st->shared->closed);
    table_release(st);
    read_release(st);
    check_free_state(st);
}

static void items_outlive_their_list_and_their_block(void)
{
    HPy list;
    State *st = new_state(&list);
    length = 100;
    HPy items[100];
    for (int i = 0; i < 100; i++) {
        items[i] = read_item(st, list, i);
        CHECK(table_slot(st, items[i]));
    }
    /* The first texts are asked for while their block is there, or was dropped already. */
    HPy_ssize_t size;
    const char *last = content_of(&st->ctx, items[99], CONTENT_UNICODE, &size);
    CHECK(size == 4 && memcmp(last, "text", 5) == 0);
    CHECK(table_close(st, list));
    CHECK(st->reads_open == 0);
    CHECK(content_of(&st->ctx, items[99], CONTENT_UNICODE, &size) == last && memcmp(last, "text", 5) == 0);
    for (int i = 0; i < 99; i++)
        CHECK(!table_slot(st, items[i])->text);
    for (int i = 0; i < 100; i++)
        CHECK(table_close(st, items[i]));
    end_state(st);
}

static void a_handle_that_is_closed_too_often_takes_only_itself_along(void)
{
    HPy list;
    State *st = new_state(&list);
    length = 4;
    HPy first = read_item(st, list, 0);
    HPy second = read_item(st, list, 1);
    CHECK(table_close(st, first) && table_close(st, first) && !table_close(st, first));
    HPy reused = table_open(st, KIND_DICT, -1);
    CHECK(table_slot(st, reused) && table_index(reused) == table_index(first));
    read_drop(st);
    CHECK(table_slot(st, reused) && table_slot(st, second) && !table_slot(st, first));
    CHECK(table_close(st, reused) && table_close(st, second) && table_close(st, list));
    end_state(st);
}

static void what_a_failed_crossing_has_opened_is_closed(void)
{
    HPy list;
    State *st = new_state(&list);
    length = 100;
    fails_after = 2;
    CHECK(HPy_IsNull(read_item(st, list, 0)));
    CHECK(st->shared->opened - st->shared->closed == 1);
    fails_after = 10;
    HPy item = read_item(st, list, 0);
    CHECK(table_slot(st, item) && table_close(st, item));
    for (int i = 1; i < 4; i++)
        table_close(st, read_item(st, list, i));
    CHECK(HPy_IsNull(read_item(st, list, 4)));
    CHECK(st->shared->opened - st->shared->closed == 1);
    CHECK(table_close(st, list));
    end_state(st);
}

static void the_table_may_move_while_a_block_is_fetched(void)
{
    HPy list;
    State *st = new_state(&list);
    length = 2000;
    grows = true;
    for (int i = 0; i < 2000; i++) {
        HPy item = read_item(st, list, i);
        CHECK(table_slot(st, item) && table_close(st, item));
    }
    CHECK(HPy_IsNull(read_item(st, list, 2000)));
    CHECK(table_close(st, list));
    end_state(st);
}

static void a_text_that_was_asked_for_stays_where_it_is_when_its_block_is_dropped(void)
{
    HPy list;
    State *st = new_state(&list);
    length = 4;
    HPy asked = read_item(st, list, 0), other = read_item(st, list, 1), closed = read_item(st, list, 2);
    HPy_ssize_t size;
    const char *text = content_of(&st->ctx, asked, CONTENT_UNICODE, &size);
    CHECK(content_of(&st->ctx, closed, CONTENT_UNICODE, &size) && table_close(st, closed));
    read_drop(st);
    CHECK(st->shared->native_bytes > (int64_t)(CAPACITY * sizeof(Slot)));
    CHECK(!table_slot(st, other)->text);
    /* Another block must not be given the memory. */
    CHECK(table_close(st, read_item(st, list, 0)));
    read_drop(st);
    CHECK(content_of(&st->ctx, asked, CONTENT_UNICODE, &size) == text && memcmp(text, "text", 5) == 0);
    CHECK(table_close(st, asked) && table_close(st, other) && table_close(st, list));
    CHECK(st->shared->native_bytes == (int64_t)(CAPACITY * sizeof(Slot)));
    end_state(st);
}

static void what_is_read_on_from_the_middle_is_read_ahead(void)
{
    HPy list;
    State *st = new_state(&list);
    length = 100;
    CHECK(HPy_IsNull(read_item(st, list, 50)) && HPy_IsNull(read_item(st, list, 60)));
    for (int i = 61; i < 100; i++) {
        HPy item = read_item(st, list, i);
        CHECK(table_slot(st, item) && table_close(st, item));
    }
    CHECK(HPy_IsNull(read_item(st, list, 7)) && HPy_IsNull(read_item(st, list, -1)));
    CHECK(table_close(st, list));
    end_state(st);
}

static void lists_that_share_a_place_are_not_taken_for_each_other(void)
{
    HPy first;
    State *st = new_state(&first);
    next_slot = LIST + READ_PLACES + 1;
    HPy second = check_open(st, LIST + READ_PLACES, 0, KIND_LIST | KIND_EXACT);
    length = 8;
    HPy of_first = read_item(st, first, 0), of_second = read_item(st, second, 0);
    CHECK(of_first._i != of_second._i);
    CHECK(HPy_IsNull(read_item(st, first, 1)));
    HPy next = read_item(st, first, 2);
    CHECK(table_slot(st, next) && next._i != of_second._i);
    CHECK(table_close(st, of_first) && table_close(st, of_second) && table_close(st, next));
    CHECK(table_close(st, first) && table_close(st, second));
    end_state(st);
}

/* One key and its value; what Java has is a list of them. */
HPy up_Read_Keys(HPyContext *ctx, HPy dict, HPy_ssize_t n, void *block, void *counts)
{
    State *st = state_of(ctx);
    HPy *handles = block;
    (void)dict;
    handles[0] = check_open(st, next_slot++, 0, KIND_UNICODE | KIND_EXACT);
    handles[n] = table_from_int(next_slot);
    handles[2 * n] = HPy_NULL;
    *(HPy_ssize_t *)counts = INT64_C(1) << 32 | 1;
    return check_open(st, next_slot++, 0, KIND_LIST | KIND_EXACT);
}

static void values_are_not_those_of_a_dict_that_had_the_slot_before(void)
{
    HPy list, keys, more;
    State *st = new_state(&list);
    HPy dict = check_open(st, 2, 0, KIND_DICT | KIND_EXACT);
    CHECK(read_keys(st, dict, &keys) && read_keys(st, dict, &more));
    HPy key = read_item(st, keys, 0), same = read_item(st, more, 0);
    CHECK(table_is_int(read_value(st, dict, key)) || table_is_int(read_value(st, dict, same)));
    CHECK(table_close(st, dict));
    dict = check_open(st, 2, 1, KIND_DICT | KIND_EXACT);
    CHECK(HPy_IsNull(read_value(st, dict, key)) && HPy_IsNull(read_value(st, dict, same)));
    CHECK(table_close(st, key) && table_close(st, same) && table_close(st, keys) && table_close(st, more));
    CHECK(table_close(st, dict) && table_close(st, list));
    end_state(st);
}

static void nobody_but_the_thread_inside_reads_ahead(void)
{
    HPy list;
    State *st = new_state(&list);
    length = 4;
    HPy item = read_item(st, list, 0);
    st->thread++;
    CHECK(HPy_IsNull(read_item(st, list, 1)) && read_length(st, list) == -1);
    st->thread--;
    JNIEnv *env = st->env;
    st->env = NULL;
    CHECK(HPy_IsNull(read_item(st, list, 1)) && read_length(st, list) == -1);
    st->env = env;
    CHECK(read_length(st, list) == 4);
    CHECK(table_close(st, item) && table_close(st, list));
    end_state(st);
}

static void items_of_a_tuple_that_is_a_constant_need_no_block(void)
{
    HPy list;
    State *st = new_state(&list);
    HPy items[2] = {check_open(st, 2, 0, KIND_UNICODE | KIND_IMMORTAL), check_open(st, 3, 0, KIND_UNICODE | KIND_IMMORTAL)};
    HPy tuple = check_open(st, 4, 0, KIND_TUPLE | KIND_EXACT | KIND_IMMORTAL);
    st->slots[4].data = (char *)items;
    st->slots[4].length = 2;
    fails_after = 0; /* Java is not asked */
    st->slots[2].text = memory_take(st, 5);
    for (int i = 0; i < 100; i++) {
        CHECK(read_item(st, tuple, 1)._i == items[1]._i && read_item(st, tuple, 0)._i == items[0]._i);
        CHECK(table_close(st, items[0]) && table_close(st, items[1]));
        CHECK(st->slots[2].text);
    }
    CHECK(!table_close(st, items[0]) && !table_close(st, items[1]));
    CHECK(st->reads_open == 0);
    length = 2;
    CHECK(HPy_IsNull(read_item(st, tuple, -1)) && HPy_IsNull(read_item(st, tuple, 2)));
    read_drop(st);
    CHECK(table_close(st, list));
    end_state(st);
}

int main(void)
{
    RUN(items_of_a_tuple_that_is_a_constant_need_no_block);
    RUN(items_outlive_their_list_and_their_block);
    RUN(a_handle_that_is_closed_too_often_takes_only_itself_along);
    RUN(what_a_failed_crossing_has_opened_is_closed);
    RUN(the_table_may_move_while_a_block_is_fetched);
    RUN(a_text_that_was_asked_for_stays_where_it_is_when_its_block_is_dropped);
    RUN(what_is_read_on_from_the_middle_is_read_ahead);
    RUN(lists_that_share_a_place_are_not_taken_for_each_other);
    RUN(values_are_not_those_of_a_dict_that_had_the_slot_before);
    RUN(nobody_but_the_thread_inside_reads_ahead);
    return 0;
}
