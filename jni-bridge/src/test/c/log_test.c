/* The area, the operation log in it, and known texts, with a Java that is played. */
#include "log.h"

#include <limits.h>

#include "area.h"
#include "check.h"
#include "known.h"
#include "memory.h"
#include "table.h"
#include "thread.h"

static int flushes;
static bool java_fails;

void up_Log_Flush(HPyContext *ctx)
{
    State *st = state_of(ctx);
    flushes++;
    if (!java_fails)
        st->at = st->area;
}

static State *new_state(int32_t capacity)
{
    State *st = check_new_state(7);
    CHECK(table_grow(st, capacity));
    for (int32_t i = 1; i < capacity; i++)
        st->slots[i].next = i + 1 < capacity ? i + 1 : 0;
    st->shared->free_head = 1;
    st->shared->free_tail = capacity - 1;
    st->shared->batched = 1;
    st->env = (JNIEnv *)st; /* never called */
    st->thread = thread_self();
    flushes = 0;
    java_fails = false;
    return st;
}

static void end_state(State *st)
{
    CHECK(st->shared->opened == st->shared->closed);
    known_release(st);
    table_release(st);
    area_release(st);
    check_free_state(st);
}

static HPy make_text(State *st, size_t n)
{
    static const uint8_t bytes[AREA_BYTES];
    return log_text(st, bytes, n, &(TextShape){.points = n});
}

static void the_log_never_gets_longer_than_its_size(void)
{
    State *st = new_state(20000);
    for (size_t n = AREA_BYTES / 2 - 40; n <= AREA_BYTES / 2 + 1; n++) {
        for (int i = 0; i < 5; i++) {
            HPy made = make_text(st, n);
            CHECK(HPy_IsNull(made) == (n > AREA_BYTES / 2));
            CHECK(table_close(st, made));
            CHECK(st->at <= st->area + AREA_BYTES && st->shared->area_capacity == AREA_BYTES);
        }
    }
    CHECK(flushes > 0);
    end_state(st);
}

static void nothing_is_recorded_while_java_cannot_carry_out(void)
{
    State *st = new_state(20000);
    java_fails = true;
    HPy made;
    int recorded = 0;
    while (!HPy_IsNull(made = make_text(st, 1000))) {
        recorded++;
        CHECK(table_close(st, made));
    }
    CHECK(recorded > 60 && flushes == 1 && st->at <= st->area + AREA_BYTES);
    java_fails = false;
    made = make_text(st, 1000);
    CHECK(table_close(st, made) && flushes == 2);
    end_state(st);
}

static void what_is_abandoned_is_closed_and_what_was_carried_out_stays(void)
{
    State *st = new_state(20000);
    static HPy many[5000];
    HPy early = make_text(st, 3);
    area_end_log(st);
    int32_t from = st->shared->log_used;
    HPy handles[] = {make_text(st, 1), make_text(st, 8), make_text(st, 9), log_bytes(st, "12345", 5),
                     log_long(st, UINT64_MAX, false), log_dict(st), log_list(st, 3), HPy_NULL, HPy_NULL, HPy_NULL};
    enum { COUNT = sizeof handles / sizeof handles[0] };
    CHECK(log_dict_set(st, handles[5], handles[0], early));
    CHECK(log_dict_set(st, handles[5], table_from_int(5), early));
    CHECK(log_list_append(st, handles[6], early) && log_list_set(st, handles[6], 1, handles[1]));
    handles[7] = log_list_of(st, (HPy[]){early, early, early}, 3);
    for (int i = 0; i < 5000; i++)
        many[i] = early;
    handles[8] = log_tuple_of(st, many, 5000);
    KnownPlace *place;
    CHECK(HPy_IsNull(known_text(st, (const uint8_t *)"key", 3, &place)) && !place);
    CHECK(HPy_IsNull(known_text(st, (const uint8_t *)"key", 3, &place)) && place);
    handles[9] = make_text(st, 3);
    known_learn(st, place, (const uint8_t *)"key", 3, handles[9]);
    CHECK(known_text(st, (const uint8_t *)"key", 3, &place)._i == handles[9]._i);
    CHECK(flushes == 0);
    for (int i = 0; i < COUNT; i++)
        CHECK(table_slot(st, handles[i]));
    area_end_log(st);
    log_abandon(st, from);
    for (int i = 0; i < COUNT; i++)
        CHECK(!table_slot(st, handles[i]));
    CHECK(HPy_IsNull(known_text(st, (const uint8_t *)"key", 3, &place)));
    CHECK(st->shared->opened - st->shared->closed == 1 && table_close(st, early));
    end_state(st);
}

static void a_known_text_that_is_forgotten_stays_open_for_who_has_it(void)
{
    State *st = new_state(100);
    KnownPlace *place;
    known_text(st, (const uint8_t *)"a", 1, &place);
    known_text(st, (const uint8_t *)"a", 1, &place);
    HPy text = make_text(st, 1);
    known_learn(st, place, (const uint8_t *)"a", 1, text);
    Slot *slot = table_slot(st, text);
    slot->text = memory_allocate(st, 2);
    known_forget(st);
    CHECK(table_slot(st, text) && table_slot(st, text)->text && !(slot->kind & KIND_KNOWN));
    CHECK(table_close(st, text) && !table_slot(st, text) && st->shared->native_bytes == 100 * (int64_t)sizeof(Slot));
    end_state(st);
}

static void while_leaks_are_traced_no_text_is_known_and_slots_tell_when_they_were_opened(void)
{
    State *st = new_state(100);
    KnownPlace *place;
    known_text(st, (const uint8_t *)"a", 1, &place);
    known_text(st, (const uint8_t *)"a", 1, &place);
    HPy text = make_text(st, 1);
    known_learn(st, place, (const uint8_t *)"a", 1, text);
    st->shared->tracing = 1;
    CHECK(HPy_IsNull(known_text(st, (const uint8_t *)"a", 1, &place)) && !place);
    HPy own = make_text(st, 1);
    CHECK(table_slot(st, text)->origin >> TABLE_MODULE_BITS == 1);
    CHECK(table_slot(st, own)->origin >> TABLE_MODULE_BITS == 2 && st->shared->opened == 2);
    st->shared->tracing = 0;
    CHECK(known_text(st, (const uint8_t *)"a", 1, &place)._i == text._i);
    CHECK(table_slot(st, text)->origin >> TABLE_MODULE_BITS == 1);
    CHECK(table_close(st, own) && table_close(st, text) && table_close(st, text));
    end_state(st);
}

static void an_area_has_no_more_bytes_than_java_can_count(void)
{
    State *st = new_state(10);
    CHECK(!area_take(st, (size_t)INT_MAX - 15) && !area_take(st, SIZE_MAX));
    if (area_take(st, INT_MAX - 64)) {
        for (int i = 0; i < 8; i++)
            area_take(st, 47);
        CHECK(!area_take(st, 100) && st->shared->area_capacity > 0 && st->at - st->area <= INT_MAX);
    }
    area_shrink(st);
    CHECK(st->shared->area_capacity == AREA_BYTES);
    end_state(st);
}

int main(void)
{
    RUN(the_log_never_gets_longer_than_its_size);
    RUN(nothing_is_recorded_while_java_cannot_carry_out);
    RUN(what_is_abandoned_is_closed_and_what_was_carried_out_stays);
    RUN(a_known_text_that_is_forgotten_stays_open_for_who_has_it);
    RUN(while_leaks_are_traced_no_text_is_known_and_slots_tell_when_they_were_opened);
    RUN(an_area_has_no_more_bytes_than_java_can_count);
    return 0;
}
