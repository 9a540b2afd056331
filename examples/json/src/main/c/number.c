#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* strtod_l */
#endif

#include "number.h"

#include <float.h>
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>

/* value = mantissa * 10**exponent, if `exact`; else digits are missing at the end. */
typedef struct {
    uint64_t mantissa;
    int64_t exponent;
    int digits; /* in the mantissa, without leading zeros */
    bool exact;
} Decimal;

enum { MAX_MANTISSA_DIGITS = 19 }; /* all numbers of 19 digits fit in 64 bits */

static bool is_digit(const char *p, const char *end)
{
    return p < end && *p >= '0' && *p <= '9';
}

/* Adds the run of digits at p to the mantissa; returns its end. */
static const char *read_digits(Decimal *decimal, const char *p, const char *end)
{
    for (; is_digit(p, end); p++) {
        if (decimal->digits == MAX_MANTISSA_DIGITS) {
            decimal->exact = false;
            continue;
        }
        decimal->mantissa = decimal->mantissa * 10 + (uint64_t)(*p - '0');
        if (decimal->mantissa != 0) {
            decimal->digits++;
        }
    }
    return p;
}

static HPy make_int(Decoder *decoder, const Decimal *decimal, bool negative, const char *text,
                    size_t size)
{
    HPyContext *ctx = decoder->ctx;
    uint64_t magnitude = decimal->mantissa;
    if (decimal->exact) {
        if (magnitude <= INT64_MAX) {
            int64_t value = (int64_t)magnitude;
            return HPyLong_FromInt64_t(ctx, negative ? -value : value);
        }
        if (!negative) {
            return HPyLong_FromUInt64_t(ctx, magnitude);
        }
    }
    /* Of any size: int(text). There is no constructor from digits in the ABI. */
    HPy digits = HPyUnicode_DecodeASCII(ctx, text, (HPy_ssize_t)size, NULL);
    if (HPy_IsNull(digits)) {
        return HPy_NULL;
    }
    HPy result = HPy_Call(ctx, ctx->h_LongType, &digits, 1, HPy_NULL);
    HPy_Close(ctx, digits);
    return result;
}

/* Clinger's fast path: where the mantissa and the power of ten are both exact doubles,
   one multiplication or division rounds once, hence correctly. */
static bool convert_exactly(const Decimal *decimal, double *result)
{
#if FLT_EVAL_METHOD == 0
    static const double powers_of_ten[] = {
        1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    };
    const uint64_t largest_mantissa = UINT64_C(1) << DBL_MANT_DIG;

    if (!decimal->exact || decimal->mantissa > largest_mantissa) {
        return false;
    }
    double value = (double)decimal->mantissa;
    if (decimal->mantissa == 0) {
        *result = value;
    } else if (decimal->exponent >= 0 && decimal->exponent <= 22) {
        *result = value * powers_of_ten[decimal->exponent];
    } else if (decimal->exponent < 0 && decimal->exponent >= -22) {
        *result = value / powers_of_ten[-decimal->exponent];
    } else {
        return false;
    }
    return true;
#else
    (void)decimal; /* intermediate results have excess precision: would round twice */
    (void)result;
    return false;
#endif
}

/* Any number, by the C library: in the C locale, because the process's locale may write
   another decimal point, and from a copy, because strtod needs a NUL at the end. */
static bool convert_by_library(Decoder *decoder, const char *text, size_t size, double *result)
{
    decoder_scratch_clear(decoder);
    if (!decoder_scratch_append(decoder, text, size) || !decoder_scratch_append(decoder, "", 1)) {
        return false;
    }
    /* Cheap: the C library has this locale ready and hands out a pointer to it. */
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c_locale == (locale_t)0) {
        HPyErr_NoMemory(decoder->ctx);
        return false;
    }
    *result = strtod_l(decoder->scratch, NULL, c_locale);
    freelocale(c_locale);
    return true;
}

HPy number_parse(Decoder *decoder)
{
    const char *start = decoder->cursor;
    const char *end = decoder->end;
    const char *p = start;
    bool negative = *p == '-';
    if (negative) {
        p++;
    }
    const char *unsigned_start = p;

    Decimal decimal = {.exact = true};
    if (!is_digit(p, end)) {
        return decoder_fail(decoder, p, "Expecting a digit");
    }
    if (*p == '0' && is_digit(p + 1, end)) {
        return decoder_fail(decoder, p, "Number with a leading zero");
    }
    p = read_digits(&decimal, p, end);

    bool is_int = true;
    if (p < end && *p == '.') {
        is_int = false;
        const char *fraction = ++p;
        if (!is_digit(p, end)) {
            return decoder_fail(decoder, p, "Expecting a digit after the decimal point");
        }
        p = read_digits(&decimal, p, end);
        decimal.exponent = -(int64_t)(p - fraction);
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        is_int = false;
        p++;
        bool negative_exponent = p < end && *p == '-';
        if (p < end && (*p == '-' || *p == '+')) {
            p++;
        }
        if (!is_digit(p, end)) {
            return decoder_fail(decoder, p, "Expecting a digit in the exponent");
        }
        int64_t exponent = 0;
        for (; is_digit(p, end); p++) {
            /* Stops counting where no text is long enough to make up for it. */
            if (exponent < INT64_MAX / 100) {
                exponent = exponent * 10 + (*p - '0');
            }
        }
        decimal.exponent += negative_exponent ? -exponent : exponent;
    }
    decoder->cursor = p;

    if (is_int) {
        return make_int(decoder, &decimal, negative, start, (size_t)(p - start));
    }
    double value;
    if (!convert_exactly(&decimal, &value)
        && !convert_by_library(decoder, unsigned_start, (size_t)(p - unsigned_start), &value)) {
        return HPy_NULL;
    }
    return HPyFloat_FromDouble(decoder->ctx, negative ? -value : value);
}
