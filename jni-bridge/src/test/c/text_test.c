/* The reader of UTF-8 against a slow one that knows nothing but how each code point is encoded. */
#include "text.h"

#include <string.h>

#include "check.h"

enum { MAX_BYTES = 64 };

/* For one to three bytes: do they start the encoding of some code point, and are they a whole one? */
static uint8_t *starts[4];
static uint8_t *whole[4];

static size_t encode(uint32_t point, uint8_t *bytes)
{
    if (point < 0x80) {
        bytes[0] = (uint8_t)point;
        return 1;
    }
    size_t n = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--) {
        bytes[i] = (uint8_t)(0x80 + point % 64);
        point /= 64;
    }
    bytes[0] = (uint8_t)(256 - (256 >> n) + point);
    return n;
}

static size_t number(const uint8_t *bytes, size_t n)
{
    size_t value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 256 + bytes[i];
    return value;
}

static bool is_surrogate(uint32_t point)
{
    return point / 0x800 == 0xd800 / 0x800;
}

static void reference_prepare(void)
{
    for (size_t n = 1; n <= 3; n++) {
        starts[n] = calloc((size_t)1 << 8 * n, 1);
        whole[n] = calloc((size_t)1 << 8 * n, 1);
        CHECK(starts[n] && whole[n]);
    }
    for (uint32_t point = 0; point <= 0x10ffff; point++) {
        uint8_t bytes[4];
        if (is_surrogate(point))
            continue;
        size_t n = encode(point, bytes);
        for (size_t k = 1; k <= n && k <= 3; k++)
            starts[k][number(bytes, k)] = 1;
        if (n <= 3)
            whole[n][number(bytes, n)] = 1;
    }
}

static void reference_release(void)
{
    for (size_t n = 1; n <= 3; n++) {
        free(starts[n]);
        free(whole[n]);
    }
}

/* The bytes of the code point at the start; if there is none, 0, and as many as could still become one. */
static size_t reference_length(const uint8_t *bytes, size_t n, size_t *good)
{
    *good = 0;
    for (size_t k = 1; k <= 3 && k <= n; k++) {
        if (!starts[k][number(bytes, k)])
            return 0;
        *good = k;
        if (whole[k][number(bytes, k)])
            return k;
    }
    return *good == 3 && n > 3 && bytes[3] / 64 == 2 ? 4 : 0;
}

static bool reference_scan(const uint8_t *bytes, size_t n, TextShape *shape, TextError *error)
{
    *shape = (TextShape){0, false};
    for (size_t at = 0; at < n;) {
        size_t good;
        size_t length = reference_length(bytes + at, n - at, &good);
        if (length == 0) {
            error->start = at;
            error->end = good == 0 ? at + 1 : at + good;
            error->reason = good == 0        ? "invalid start byte"
                            : at + good == n ? "unexpected end of data"
                                             : "invalid continuation byte";
            return false;
        }
        at += length;
        shape->points++;
        shape->astral |= length == 4;
    }
    return true;
}

/* The bytes end where their memory ends, so that the sanitizer sees one too many. */
static void check_scan(const uint8_t *bytes, size_t n)
{
    TextShape expected;
    TextShape shape = {SIZE_MAX, false};
    TextError expected_error;
    TextError error = {SIZE_MAX, SIZE_MAX, NULL};
    bool good = reference_scan(bytes, n, &expected, &expected_error);
    CHECK(text_scan(bytes, n, &shape, &error) == good);
    if (good) {
        CHECK(shape.points == expected.points && shape.astral == expected.astral);
    } else {
        CHECK(error.start == expected_error.start && error.end == expected_error.end);
        CHECK(strcmp(error.reason, expected_error.reason) == 0);
    }
    size_t ascii = text_ascii(bytes, n);
    for (size_t i = 0; i < ascii; i++)
        CHECK(bytes[i] < 0x80);
    CHECK(ascii == n || bytes[ascii] >= 0x80);
}

static void check_all_of_length(size_t n)
{
    uint8_t *bytes = malloc(n);
    CHECK(bytes);
    for (uint32_t value = 0; value < 1u << 8 * n; value++) {
        for (size_t i = 0; i < n; i++)
            bytes[i] = (uint8_t)(value >> 8 * (n - 1 - i));
        check_scan(bytes, n);
    }
    free(bytes);
}

static void all_sequences_of_one_byte(void)
{
    check_all_of_length(1);
}

static void all_sequences_of_two_bytes(void)
{
    check_all_of_length(2);
}

static void all_sequences_of_three_bytes(void)
{
    check_all_of_length(3);
}

/* Bytes at the limits of what may follow what. */
static uint8_t random_byte(void)
{
    static const uint8_t limits[] = {0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0,
                                     0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0,
                                     0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xfe, 0xff, 0x85};
    uint64_t bits = check_random();
    return bits & 1 ? limits[(bits >> 8) % sizeof limits] : (uint8_t)(bits >> 8);
}

static void random_sequences_of_four_bytes(void)
{
    uint8_t *bytes = malloc(4);
    CHECK(bytes);
    for (int i = 0; i < 2000000; i++) {
        for (int j = 0; j < 4; j++)
            bytes[j] = random_byte();
        if (i % 2)
            bytes[0] = (uint8_t)(0xf0 + i / 2 % 6);
        check_scan(bytes, 4);
    }
    free(bytes);
}

/* Good text with, in every other one, a byte changed. */
static void random_texts(void)
{
    for (int i = 0; i < 100000; i++) {
        uint8_t text[MAX_BYTES];
        size_t n = 0;
        size_t wanted = check_random() % (MAX_BYTES - 4);
        while (n < wanted) {
            uint32_t point = (uint32_t)(check_random() % 0x110000) >> check_random() % 16;
            if (!is_surrogate(point))
                n += encode(point, text + n);
        }
        if (n > 0 && i % 2)
            text[check_random() % n] = random_byte();
        uint8_t *bytes = malloc(n + 1);
        CHECK(bytes);
        memcpy(bytes + 1, text, n);
        check_scan(bytes + 1, n);
        free(bytes);
    }
}

static void every_code_point_is_one_and_encoded_as_it_should_be(void)
{
    for (uint32_t point = 0; point <= 0x10ffff; point++) {
        uint8_t bytes[4];
        uint8_t written[4];
        TextShape shape;
        TextError error;
        if (is_surrogate(point))
            continue;
        size_t n = encode(point, bytes);
        CHECK(text_scan(bytes, n, &shape, &error) && shape.points == 1 && shape.astral == (point > 0xffff));
        CHECK(text_encode(point, written) == n && memcmp(written, bytes, n) == 0);
    }
}

static void known_texts(void)
{
    TextShape shape;
    TextError error;
    CHECK(text_scan((const uint8_t *)"", 0, &shape, &error) && shape.points == 0);
    CHECK(text_scan((const uint8_t *)"a\0b", 3, &shape, &error) && shape.points == 3 && !shape.astral);
    CHECK(text_scan((const uint8_t *)"\xe2\x82\xac\xf0\x9f\x98\x80", 7, &shape, &error));
    CHECK(shape.points == 2 && shape.astral);
    CHECK(!text_scan((const uint8_t *)"ab\xed\xa0\x80", 5, &shape, &error));
    CHECK(error.start == 2 && error.end == 3 && strcmp(error.reason, "invalid continuation byte") == 0);
}

int main(void)
{
    reference_prepare();
    RUN(known_texts);
    RUN(every_code_point_is_one_and_encoded_as_it_should_be);
    RUN(all_sequences_of_one_byte);
    RUN(all_sequences_of_two_bytes);
    RUN(all_sequences_of_three_bytes);
    RUN(random_sequences_of_four_bytes);
    RUN(random_texts);
    reference_release();
    return 0;
}
