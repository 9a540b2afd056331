/* The handle format and the handle table. */
#include "table.h"

#include <math.h>

#include "check.h"
#include "memory.h"

static void check_int(int64_t value)
{
    bool fits = value >= INT64_C(-140737488355328) && value <= INT64_C(140737488355327);
    CHECK(table_int_fits(value) == fits);
    if (!fits)
        return;
    HPy h = table_from_int(value);
    CHECK(table_to_int(h) == value);
    CHECK(table_is_int(h) && !table_is_double(h));
    CHECK((uint64_t)h._i >> 48 == 1);
}

static void ints_come_back_at_every_boundary(void)
{
    static const int64_t values[] = {INT64_MIN,         INT64_MAX,     INT32_MIN, INT32_MAX, UINT32_MAX, TABLE_INT_MIN,
                                     TABLE_INT_MIN - 1, TABLE_INT_MAX, 0,         1,         -1,         0x7fff,
                                     TABLE_INT_MAX + 1, 0xffff};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        check_int(values[i]);
    for (int bit = 0; bit < 63; bit++) {
        int64_t power = INT64_C(1) << bit;
        for (int64_t near = -2; near <= 2; near++) {
            check_int(power + near);
            check_int(-power + near);
        }
    }
    for (int i = 0; i < 1000000; i++)
        check_int((int64_t)check_random() >> (check_random() % 64));
}

static void check_double(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    HPy h = table_from_double(value);
    CHECK(table_is_double(h) && !table_is_int(h));
    double back = table_to_double(h);
    uint64_t back_bits;
    memcpy(&back_bits, &back, sizeof back_bits);
    if (isnan(value))
        CHECK(isnan(back));
    else
        CHECK(back_bits == bits);
}

static void doubles_come_back_bit_by_bit(void)
{
    static const uint64_t low[] = {0, 1, 0x800000000000, 0xffffffffffff};
    for (uint64_t top = 0; top <= 0xffff; top++) {
        for (size_t i = 0; i < sizeof low / sizeof low[0]; i++)
            check_double(top << 48 | low[i]);
    }
    for (int i = 0; i < 1000000; i++)
        check_double(check_random());
}

static void nans_of_any_sign_and_payload_stay_nans(void)
{
    for (int i = 0; i < 100000; i++) {
        uint64_t payload = check_random() & ((UINT64_C(1) << 52) - 1);
        check_double(UINT64_C(0x7ff) << 52 | payload);
        check_double(UINT64_C(0xfff) << 52 | payload);
    }
    CHECK(table_is_double((HPy){(intptr_t)UINT64_MAX}));
    HPy quiet = table_from_double(NAN);
    CHECK(quiet._i == table_from_double(-NAN)._i);
}

static void the_top_bits_tell_all_kinds_of_handles_apart(void)
{
    for (uint64_t top = 0; top <= 0xffff; top++) {
        HPy h = {(intptr_t)(top << 48 | 12345)};
        CHECK(table_is_int(h) == (top == 1));
        CHECK(table_is_double(h) == (top >= 7));
    }
    State *st = check_new_state(9);
    CHECK(table_kind(st, table_from_int(-3)) == (KIND_INT | KIND_EXACT));
    CHECK(table_kind(st, table_from_double(-3.5)) == (KIND_FLOAT | KIND_EXACT));
    CHECK(table_kind(st, HPy_NULL) == 0);
    CHECK(table_kind(st, (HPy){(intptr_t)(UINT64_C(3) << 48)}) == 0);
    check_free_state(st);
}

static void only_the_very_bits_of_an_open_handle_are_accepted(void)
{
    enum { OPEN = 6 };
    State *st = check_new_state(0xbeef);
    CHECK(table_grow(st, 256));
    HPy open[OPEN] = {
        check_open(st, 1, 0, KIND_LIST),      check_open(st, 2, 255, KIND_DICT), check_open(st, 17, 1, 0),
        check_open(st, 128, 0x7f, KIND_TYPE), check_open(st, 254, 0x80, 0),      check_open(st, 255, 42, KIND_UNICODE),
    };
    for (int i = 0; i < OPEN; i++)
        CHECK(table_slot(st, open[i]) == &st->slots[table_index(open[i])]);
    for (int i = 0; i < 10000000; i++) {
        uint64_t bits = check_random();
        switch (i % 5) {
        case 0: /* anything */
            break;
        case 1: /* a table handle of any context */
            bits &= UINT64_C(0xffffffffffff);
            break;
        case 2: /* any generation and index of this one */
            bits = (bits & 0xffffffff) | UINT64_C(0xbeef) << 32;
            break;
        case 3: /* an index inside the table */
            bits = (bits & 0xff0000ff) | UINT64_C(0xbeef) << 32;
            break;
        default: /* one bit wrong */
            bits = (uint64_t)open[bits % OPEN]._i ^ UINT64_C(1) << (bits >> 58);
        }
        HPy h = {(intptr_t)bits};
        bool expected = false;
        for (int j = 0; j < OPEN; j++)
            expected |= h._i == open[j]._i;
        CHECK((table_slot(st, h) != NULL) == expected);
    }
    table_release(st);
    check_free_state(st);
}

static void a_handle_of_another_context_is_refused(void)
{
    State *st = check_new_state(7);
    State *other = check_new_state(8);
    CHECK(table_grow(st, 16) && table_grow(other, 16));
    HPy mine = check_open(st, 3, 5, KIND_LIST);
    HPy theirs = check_open(other, 3, 5, KIND_LIST);
    CHECK(mine._i != theirs._i);
    CHECK(table_slot(st, mine) && !table_slot(other, mine));
    CHECK(!table_dup(other, mine) && !table_close(other, mine));
    CHECK(table_kind(other, mine) == 0);
    CHECK(other->shared->closed == 0 && other->slots[3].refs == 1);
    table_release(st);
    table_release(other);
    check_free_state(st);
    check_free_state(other);
}

static void a_stale_handle_is_refused_for_all_other_generations(void)
{
    State *st = check_new_state(1);
    CHECK(table_grow(st, 16));
    HPy handles[256];
    for (int generation = 0; generation < 256; generation++) {
        CHECK(st->slots[4].generation == generation);
        handles[generation] = check_open(st, 4, generation, 0);
        for (int i = 0; i < generation; i++)
            CHECK(!table_slot(st, handles[i]));
        CHECK(table_slot(st, handles[generation]));
        CHECK(table_close(st, handles[generation]));
        CHECK(!table_slot(st, handles[generation]));
        CHECK(!table_dup(st, handles[generation]) && !table_close(st, handles[generation]));
    }
    CHECK(st->slots[4].generation == 0);
    CHECK(st->shared->opened == 256 && st->shared->closed == 256);
    table_release(st);
    check_free_state(st);
}

static void duplicates_and_closes_are_counted(void)
{
    State *st = check_new_state(1);
    CHECK(table_grow(st, 16));
    HPy h = check_open(st, 1, 0, KIND_LIST);
    for (int i = 0; i < 9; i++)
        CHECK(table_dup(st, h));
    CHECK(st->slots[1].refs == 10);
    CHECK(st->shared->opened == 10 && st->shared->closed == 0 && st->shared->peak == 10);
    for (int i = 0; i < 9; i++)
        CHECK(table_close(st, h));
    CHECK(st->slots[1].refs == 1 && table_slot(st, h) && st->shared->released == 0);
    CHECK(table_dup(st, h) && table_close(st, h));
    CHECK(st->shared->peak == 10);
    CHECK(table_close(st, h));
    CHECK(!table_slot(st, h) && st->shared->released == 1);
    CHECK(st->shared->opened == 11 && st->shared->closed == 11);
    CHECK(!table_close(st, h));
    CHECK(st->shared->closed == 11);
    table_release(st);
    check_free_state(st);
}

static void no_handle_is_opened_beyond_the_limit(void)
{
    State *st = check_new_state(1);
    CHECK(table_grow(st, 16));
    HPy h = check_open(st, 1, 0, KIND_LIST);
    st->slots[2].next = 3;
    st->shared->free_head = 2;
    st->shared->handle_limit = 4;
    CHECK(table_dup(st, h) && table_dup(st, h));
    CHECK(!HPy_IsNull(table_open(st, KIND_LIST, 0)));
    CHECK(!table_dup(st, h) && st->slots[1].refs == 3 && table_slot(st, h));
    CHECK(st->shared->refused == REFUSED_HANDLE);
    CHECK(HPy_IsNull(table_open(st, KIND_LIST, 0)) && st->shared->free_head == 3);
    CHECK(st->shared->opened == 4 && st->shared->peak == 4);
    CHECK(table_close(st, h) && table_dup(st, h) && !table_dup(st, h));
    table_release(st);
    check_free_state(st);
}

static void no_memory_is_given_beyond_the_limit(void)
{
    State *st = check_new_state(1);
    st->shared->native_limit = 1000;
    char *block = memory_allocate(st, 600);
    CHECK(block && !memory_allocate(st, 401) && st->shared->refused == REFUSED_MEMORY);
    CHECK(!memory_take(st, 500) && !memory_resize(st, block, 1001) && !memory_allocate(st, SIZE_MAX));
    CHECK(st->shared->native_bytes == 600);
    char *larger = memory_resize(st, block, 1000);
    CHECK(larger && st->shared->refused == 0 && !memory_take(st, 1));
    st->shared->native_limit = 10;
    char *smaller = memory_resize(st, larger, 500);
    CHECK(smaller && st->shared->native_bytes == 500);
    memory_free(st, smaller);
    check_free_state(st);
}

static void null_and_values_need_no_counting(void)
{
    State *st = check_new_state(1);
    CHECK(table_grow(st, 16));
    HPy values[] = {HPy_NULL, table_from_int(0), table_from_int(-1), table_from_double(0.0), table_from_double(NAN)};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        CHECK(table_dup(st, values[i]) && table_close(st, values[i]) && table_close(st, values[i]));
        CHECK(!table_slot(st, values[i]));
    }
    CHECK(st->shared->opened == 0 && st->shared->closed == 0 && st->shared->peak == 0);
    for (uint64_t top = 2; top < 7; top++)
        CHECK(!table_dup(st, (HPy){(intptr_t)(top << 48)}) && !table_close(st, (HPy){(intptr_t)(top << 48)}));
    table_release(st);
    check_free_state(st);
}

static void a_constant_is_never_freed(void)
{
    State *st = check_new_state(1);
    CHECK(table_grow(st, 16));
    HPy h = check_open(st, 5, 0, KIND_TYPE | KIND_IMMORTAL);
    for (int i = 0; i < 1000; i++)
        CHECK(table_dup(st, h));
    for (int i = 0; i < 1000; i++)
        CHECK(table_close(st, h));
    CHECK(!table_close(st, h));
    CHECK(table_slot(st, h) && st->slots[5].refs == 1 && st->shared->released == 0);
    CHECK(st->shared->closed == 1000 && st->shared->opened == 1000);
    table_release(st);
    check_free_state(st);
}

static void freed_slots_wait_for_java_with_nothing_left_in_them(void)
{
    State *st = check_new_state(1);
    CHECK(table_grow(st, 16));
    int64_t empty = st->shared->native_bytes;
    HPy handles[6];
    for (int i = 1; i <= 5; i++) {
        handles[i] = check_open(st, i, 0, KIND_UNICODE);
        st->slots[i].text = memory_allocate(st, 100);
        st->slots[i].text_length = 99;
        st->slots[i].data = (char *)&handles[i];
    }
    CHECK(st->shared->native_bytes == empty + 500);
    static const int order[] = {2, 5, 1};
    for (int i = 0; i < 3; i++)
        CHECK(table_close(st, handles[order[i]]));
    CHECK(st->shared->native_bytes == empty + 200);
    int32_t index = st->shared->released;
    for (int i = 0; i < 3; i++) {
        CHECK(index == order[i]);
        const Slot *slot = &st->slots[index];
        CHECK(slot->refs == 0 && slot->kind == 0 && !slot->text && !slot->data && slot->generation == 1);
        index = slot->next;
    }
    CHECK(index == 0);
    CHECK(table_slot(st, handles[3]) && table_slot(st, handles[4]));
    table_release(st); /* frees the two texts that are left */
    check_free_state(st);
}

static void growth_keeps_what_is_there_and_adds_free_slots(void)
{
    State *st = check_new_state(3);
    HPy handles[1024];
    int32_t filled = 1;
    for (int32_t capacity = 4; capacity <= 1024; capacity *= 2) {
        CHECK(table_grow(st, capacity));
        CHECK(st->shared->capacity == capacity);
        for (int32_t i = filled; i < capacity; i++) {
            CHECK(st->slots[i].refs == 0 && st->slots[i].generation == 0 && !st->slots[i].text && !st->slots[i].data);
            handles[i] = check_open(st, i, i & 0xff, i);
            st->slots[i].data = (char *)handles + i;
        }
        filled = capacity;
        for (int32_t i = 1; i < filled; i++) {
            const Slot *slot = table_slot(st, handles[i]);
            CHECK(slot == &st->slots[i] && slot->kind == i && slot->data == (char *)handles + i);
        }
    }
    CHECK(!table_grow(st, (1 << TABLE_INDEX_BITS) + 1));
    CHECK(st->shared->capacity == 1024 && table_slot(st, handles[1023]));
    CHECK(st->shared->native_bytes == (int64_t)(1024 * sizeof(Slot)));
    table_release(st);
    CHECK(!table_slot(st, handles[1]));
    check_free_state(st);
}

int main(void)
{
    RUN(ints_come_back_at_every_boundary);
    RUN(doubles_come_back_bit_by_bit);
    RUN(nans_of_any_sign_and_payload_stay_nans);
    RUN(the_top_bits_tell_all_kinds_of_handles_apart);
    RUN(only_the_very_bits_of_an_open_handle_are_accepted);
    RUN(a_handle_of_another_context_is_refused);
    RUN(a_stale_handle_is_refused_for_all_other_generations);
    RUN(duplicates_and_closes_are_counted);
    RUN(no_handle_is_opened_beyond_the_limit);
    RUN(no_memory_is_given_beyond_the_limit);
    RUN(null_and_values_need_no_counting);
    RUN(a_constant_is_never_freed);
    RUN(freed_slots_wait_for_java_with_nothing_left_in_them);
    RUN(growth_keeps_what_is_there_and_adds_free_slots);
    return 0;
}
