#include "shortest.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 Wide;

/* value = 0.d1d2d3... * 10**point; the digits are '0' to '9', the first and the last of them not '0'. */
typedef struct {
    char digits[20];
    int count;
    int point;
} Decimal;

static void add_digit(Decimal *decimal, unsigned digit)
{
    if (decimal->count == 0 && digit == 0) {
        decimal->point--; /* a zero behind the decimal point */
        return;
    }
    decimal->digits[decimal->count++] = (char)('0' + digit);
}

static void set_integer(Decimal *decimal, uint64_t integer)
{
    char reversed[20];
    int count = 0;
    for (; integer > 0; integer /= 10) {
        reversed[count++] = (char)('0' + integer % 10);
    }
    for (int i = 0; i < count; i++) {
        decimal->digits[i] = reversed[count - 1 - i];
    }
    decimal->count = count;
    decimal->point = count;
}

/*
 * Free-format digit generation (Steele and White) in exact integers: as many digits as it
 * takes to be nearer to this double than to its neighbours. Numbers are in units of 2**-shift.
 */
static void generate_fraction(Decimal *decimal, Wide fraction, unsigned shift, unsigned below_units,
                              bool even)
{
    Wide one = (Wide)1 << shift;
    Wide above = 2; /* half the distance to the next double */
    Wide below = below_units;
    for (;;) {
        fraction *= 10;
        above *= 10;
        below *= 10;
        unsigned digit = (unsigned)(fraction >> shift);
        fraction &= one - 1;
        /* Ties read back as the even one. */
        bool down = even ? fraction <= below : fraction < below;
        bool up = even ? fraction + above >= one : fraction + above > one;
        if (!down && !up) {
            add_digit(decimal, digit);
            continue;
        }
        if (down && up) {
            Wide twice = 2 * fraction;
            up = twice > one || (twice == one && digit % 2 == 1);
        }
        add_digit(decimal, up ? digit + 1 : digit);
        return;
    }
}

/* For 2**-68 <= value < 2**53, where 128 bits are enough. */
static void convert_exactly(Decimal *decimal, double value)
{
    const uint64_t hidden = UINT64_C(1) << 52;
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint64_t mantissa = (bits & (hidden - 1)) | hidden;
    unsigned shift = (unsigned)(1023 + 52 - (int)(bits >> 52)); /* value = mantissa * 2**-shift */

    /* In quarters of the last bit, because the neighbour below a power of two is nearer. */
    shift += 2;
    Wide scaled = (Wide)mantissa << 2;
    uint64_t integer = (uint64_t)(scaled >> shift);
    Wide fraction = scaled & (((Wide)1 << shift) - 1);
    set_integer(decimal, integer);
    if (fraction != 0) {
        generate_fraction(decimal, fraction, shift, mantissa == hidden ? 1 : 2, mantissa % 2 == 0);
    }
}

/* Does the text read back as the value, or its upper neighbour of the same length, which it then becomes? */
static bool reads_back(char *text, double value)
{
    if (strtod(text, NULL) == value) {
        return true;
    }
    /* Below a power of two doubles are denser: the nearest text may be below, and too far away. */
    char *last = strchr(text, 'e') - 1;
    if (*last == '9') {
        return false; /* a shorter text, which was tried before */
    }
    ++*last;
    if (strtod(text, NULL) == value) {
        return true;
    }
    --*last;
    return false;
}

/* Any value, by the C library; its decimal point, which depends on the locale, is passed over. */
static void convert_by_library(Decimal *decimal, double value)
{
    char text[40];
    int precision = 0;
    do {
        snprintf(text, sizeof text, "%.*e", precision, value);
    } while (!reads_back(text, value) && ++precision < 17);
    const char *exponent = strchr(text, 'e');
    for (const char *p = text; p < exponent; p++) {
        if (*p >= '0' && *p <= '9') {
            decimal->digits[decimal->count++] = *p;
        }
    }
    decimal->point = 1 + atoi(exponent + 1);
}

static char *put(char *out, const char *bytes, int size)
{
    memcpy(out, bytes, (size_t)size);
    return out + size;
}

static char *fill(char *out, int zeros)
{
    memset(out, '0', (size_t)zeros);
    return out + zeros;
}

static char *write_fixed(char *out, const Decimal *decimal)
{
    int whole = decimal->point;
    if (whole <= 0) {
        out = fill(put(out, "0.", 2), -whole);
        return put(out, decimal->digits, decimal->count);
    }
    if (decimal->count <= whole) {
        out = fill(put(out, decimal->digits, decimal->count), whole - decimal->count);
        return put(out, ".0", 2);
    }
    out = put(put(out, decimal->digits, whole), ".", 1);
    return put(out, decimal->digits + whole, decimal->count - whole);
}

static char *write_exponent(char *out, const Decimal *decimal)
{
    out = put(out, decimal->digits, 1);
    if (decimal->count > 1) {
        out = put(put(out, ".", 1), decimal->digits + 1, decimal->count - 1);
    }
    return out + sprintf(out, "e%+03d", decimal->point - 1);
}

size_t shortest_write(char *text, double value)
{
    char *out = text;
    if (signbit(value)) {
        *out++ = '-';
        value = -value;
    }
    if (value == 0) {
        return (size_t)(put(out, "0.0", 3) - text);
    }
    Decimal decimal = {.count = 0};
    if (value >= 0x1p-68 && value < 0x1p53) {
        convert_exactly(&decimal, value);
    } else {
        convert_by_library(&decimal, value);
    }
    while (decimal.count > 1 && decimal.digits[decimal.count - 1] == '0') {
        decimal.count--;
    }
    out = decimal.point > -4 && decimal.point <= 16 ? write_fixed(out, &decimal)
                                                     : write_exponent(out, &decimal);
    return (size_t)(out - text);
}
