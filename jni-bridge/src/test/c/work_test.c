/* Work areas: ids, items, growth, and what is left at the end. */
#include "work.h"

#include <string.h>

#include "check.h"
#include "memory.h"
#include "table.h"

static void an_area_is_found_by_its_id_and_type_only(void)
{
    State *st = check_new_state(1);
    intptr_t list = work_open(st, WORK_LIST, 3, 3);
    intptr_t tuple = work_open(st, WORK_TUPLE, 0, 0);
    intptr_t tracker = work_open(st, WORK_TRACKER, 0, 5);
    CHECK(list && tuple && tracker && list != tuple && tuple != tracker && list != tracker);
    const Work *work = work_find(st, WORK_LIST, list);
    CHECK(work && work->size == 3 && work->capacity == 3 && work->type == WORK_LIST);
    for (int i = 0; i < 3; i++)
        CHECK(HPy_IsNull(work->items[i]));
    CHECK(work_find(st, WORK_TUPLE, tuple) && work_find(st, WORK_TRACKER, tracker));
    CHECK(!work_find(st, WORK_TUPLE, list) && !work_find(st, WORK_TRACKER, list));
    CHECK(!work_find(st, WORK_LIST, tuple) && !work_find(st, WORK_LIST, tracker));
    CHECK(work_release(st) == 3);
    check_free_state(st);
}

static void a_wrong_id_finds_nothing(void)
{
    State *st = check_new_state(1);
    CHECK(!work_find(st, WORK_LIST, 0));
    intptr_t ids[4];
    for (int i = 0; i < 4; i++)
        ids[i] = work_open(st, WORK_LIST, 0, 1);
    static const intptr_t wrong[] = {0, 1, -1, INTPTR_MIN, INTPTR_MAX, 0xffffff, 0x1000000};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        bool known = false;
        for (int j = 0; j < 4; j++)
            known |= wrong[i] == ids[j];
        CHECK(known || !work_find(st, WORK_LIST, wrong[i]));
    }
    for (int i = 0; i < 1000000; i++) {
        uint64_t bits = check_random();
        intptr_t id = i % 2 ? (intptr_t)bits : (intptr_t)((uint64_t)ids[bits % 4] ^ UINT64_C(1) << (bits >> 58));
        bool known = false;
        for (int j = 0; j < 4; j++)
            known |= id == ids[j];
        CHECK((work_find(st, WORK_LIST, id) != NULL) == known);
    }
    CHECK(work_release(st) == 4);
    check_free_state(st);
}

static void a_closed_area_is_gone_and_its_id_does_not_come_back(void)
{
    enum { TURNS = 1000 };
    State *st = check_new_state(1);
    intptr_t old[TURNS];
    for (int i = 0; i < TURNS; i++) {
        old[i] = work_open(st, WORK_TRACKER, 0, 4);
        CHECK(work_find(st, WORK_TRACKER, old[i]));
        for (int j = 0; j < i; j += 1 + i / 16) {
            CHECK(old[j] != old[i]);
            CHECK(!work_find(st, WORK_TRACKER, old[j]));
        }
        work_close(st, old[i], false);
        CHECK(!work_find(st, WORK_TRACKER, old[i])); /* so that a caller finds out a second close */
    }
    CHECK(st->works_capacity == 16);
    CHECK(work_release(st) == 0);
    check_free_state(st);
}

static void many_areas_are_open_at_once(void)
{
    enum { MANY = 1000 };
    State *st = check_new_state(1);
    intptr_t ids[MANY];
    for (int i = 0; i < MANY; i++) {
        ids[i] = work_open(st, WORK_LIST, 1, 1);
        work_find(st, WORK_LIST, ids[i])->items[0] = table_from_int(i);
    }
    for (int i = 0; i < MANY; i += 2)
        work_close(st, ids[i], true);
    for (int i = 0; i < MANY; i++) {
        const Work *work = work_find(st, WORK_LIST, ids[i]);
        CHECK((work != NULL) == (i % 2 == 1));
        CHECK(!work || table_to_int(work->items[0]) == i);
    }
    CHECK(work_release(st) == MANY / 2);
    CHECK(st->works == NULL && st->works_capacity == 0);
    check_free_state(st);
}

static void extension_keeps_the_items_and_the_id(void)
{
    enum { ITEMS = 10000 };
    State *st = check_new_state(1);
    for (HPy_ssize_t capacity = 0; capacity <= 9; capacity += 3) {
        intptr_t id = work_open(st, WORK_TRACKER, 0, capacity);
        for (int i = 0; i < ITEMS; i++) {
            Work *work = work_extend(st, id, work_find(st, WORK_TRACKER, id));
            CHECK(work && work == work_find(st, WORK_TRACKER, id));
            CHECK(work->size == i && work->capacity > i);
            CHECK(HPy_IsNull(work->items[i]));
            work->items[work->size++] = table_from_int(i);
        }
        const Work *work = work_find(st, WORK_TRACKER, id);
        for (int i = 0; i < ITEMS; i++)
            CHECK(table_to_int(work->items[i]) == i);
        CHECK(work->capacity < 4 * ITEMS);
        work_close(st, id, true);
    }
    CHECK(work_release(st) == 0);
    check_free_state(st);
}

static void closing_closes_the_items_if_it_is_told_to(void)
{
    State *st = check_new_state(1);
    CHECK(table_grow(st, 16));
    HPy h = check_open(st, 1, 0, KIND_LIST);
    for (int i = 0; i < 4; i++)
        CHECK(table_dup(st, h));
    for (int close_items = 0; close_items <= 1; close_items++) {
        intptr_t id = work_open(st, WORK_TRACKER, 2, 4);
        Work *work = work_find(st, WORK_TRACKER, id);
        for (int i = 0; i < 4; i++)
            work->items[i] = h;
        work_close(st, id, close_items);
        CHECK(st->slots[1].refs == (close_items ? 3 : 5));
    }
    CHECK(st->shared->closed == 2); /* items beyond the size are not in use */
    CHECK(work_release(st) == 0);
    table_release(st);
    check_free_state(st);
}

static void impossible_sizes_are_no_memory(void)
{
    State *st = check_new_state(1);
    CHECK(work_open(st, WORK_LIST, 0, -1) == 0);
    CHECK(work_open(st, WORK_LIST, 0, PTRDIFF_MAX) == 0);
    CHECK(work_open(st, WORK_LIST, 0, PTRDIFF_MAX / (HPy_ssize_t)sizeof(HPy)) == 0);
    CHECK(work_release(st) == 0);
    check_free_state(st);
}

/* Wherever the serial number wraps, the ids around it are ids. */
static void serial_numbers_may_wrap(void)
{
    for (int bits = 16; bits <= 32; bits++) {
        State *st = check_new_state(0xffff);
        st->works_serial = (uint32_t)((UINT64_C(1) << bits) - 3);
        intptr_t ids[6];
        for (int i = 0; i < 6; i++) {
            ids[i] = work_open(st, WORK_LIST, i, i);
            CHECK(ids[i] > 0);
            for (int j = 0; j <= i; j++)
                CHECK(work_find(st, WORK_LIST, ids[j])->size == j);
        }
        CHECK(work_release(st) == 6);
        check_free_state(st);
    }
}

static void an_area_of_another_context_is_not_found(void)
{
    State *st = check_new_state(1);
    State *other = check_new_state(2);
    for (int i = 0; i < 20; i++) {
        intptr_t mine = work_open(st, WORK_TRACKER, 0, 1);
        intptr_t theirs = work_open(other, WORK_TRACKER, 0, 1);
        CHECK(mine != theirs);
        CHECK(!work_find(st, WORK_TRACKER, theirs) && !work_find(other, WORK_TRACKER, mine));
    }
    CHECK(work_release(st) == 20 && work_release(other) == 20);
    check_free_state(st);
    check_free_state(other);
}

static void memory_is_zeroed_and_counted(void)
{
    State *st = check_new_state(1);
    unsigned char *block = memory_allocate(st, 10);
    for (int i = 0; i < 10; i++)
        CHECK(block[i] == 0);
    CHECK((uintptr_t)block % _Alignof(max_align_t) == 0 && st->shared->native_bytes == 10);
    memset(block, 0xee, 10);
    block = memory_resize(st, block, 5000);
    CHECK(st->shared->native_bytes == 5000);
    for (int i = 0; i < 5000; i++)
        CHECK(block[i] == (i < 10 ? 0xee : 0));
    block = memory_resize(st, block, 5);
    CHECK(st->shared->native_bytes == 5 && block[4] == 0xee);
    CHECK(memory_resize(st, block, SIZE_MAX) == NULL);
    CHECK(st->shared->native_bytes == 5 && block[4] == 0xee);
    memory_free(st, block);
    memory_free(st, NULL);
    check_free_state(st);
}

/* Small areas serve again, more of them than are kept, and larger ones between them. */
static void an_area_that_is_used_again_is_empty(void)
{
    State *st = check_new_state(1);
    for (int turn = 0; turn < 5; turn++) {
        intptr_t ids[20];
        for (HPy_ssize_t i = 0; i < 20; i++) {
            ids[i] = work_open(st, WORK_TRACKER, i, i);
            Work *work = work_find(st, WORK_TRACKER, ids[i]);
            CHECK(work->size == i && work->capacity == i);
            for (HPy_ssize_t j = 0; j < i; j++)
                CHECK(HPy_IsNull(work->items[j]));
            for (int more = 0; more < turn * 5; more++) {
                work = work_extend(st, ids[i], work);
                CHECK(work && HPy_IsNull(work->items[work->size]));
                work->items[work->size++] = table_from_int(more);
            }
            for (HPy_ssize_t j = 0; j < i; j++)
                work->items[j] = table_from_int(j);
        }
        for (int i = 0; i < 20; i++)
            work_close(st, ids[i], true);
    }
    CHECK(work_release(st) == 0);
    check_free_state(st);
}

int main(void)
{
    RUN(an_area_that_is_used_again_is_empty);
    RUN(memory_is_zeroed_and_counted);
    RUN(an_area_is_found_by_its_id_and_type_only);
    RUN(a_wrong_id_finds_nothing);
    RUN(a_closed_area_is_gone_and_its_id_does_not_come_back);
    RUN(many_areas_are_open_at_once);
    RUN(extension_keeps_the_items_and_the_id);
    RUN(closing_closes_the_items_if_it_is_told_to);
    RUN(impossible_sizes_are_no_memory);
    RUN(serial_numbers_may_wrap);
    RUN(an_area_of_another_context_is_not_found);
    return 0;
}
