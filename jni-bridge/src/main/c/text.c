#include "text.h"

#include <string.h>

/* Bytes that follow a lead byte; 0 if it cannot lead. The range of the second byte excludes overlong forms,
   surrogates and what lies beyond U+10FFFF. */
static int text_lead(uint8_t lead, uint8_t *low, uint8_t *high)
{
    *low = 0x80;
    *high = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf)
        return 1;
    if (lead >= 0xe0 && lead <= 0xef) {
        if (lead == 0xe0)
            *low = 0xa0;
        if (lead == 0xed)
            *high = 0x9f;
        return 2;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        if (lead == 0xf0)
            *low = 0x90;
        if (lead == 0xf4)
            *high = 0x8f;
        return 3;
    }
    return 0;
}

size_t text_ascii(const uint8_t *bytes, size_t n)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, sizeof word);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    while (i < n && bytes[i] < 0x80)
        i++;
    return i;
}

/* The bytes of the sequence at the start, whose lead byte is not 7-bit; 0, with the error set, if it is wrong. */
static size_t text_sequence(const uint8_t *bytes, size_t n, size_t at, TextError *error)
{
    uint8_t low, high;
    size_t follow = (size_t)text_lead(bytes[at], &low, &high);
    size_t seen = 0;
    while (seen < follow && at + 1 + seen < n) {
        uint8_t byte = bytes[at + 1 + seen];
        if (byte < low || byte > high)
            break;
        low = 0x80;
        high = 0xbf;
        seen++;
    }
    if (follow > 0 && seen == follow)
        return 1 + follow;
    bool cut = follow > 0 && at + 1 + seen == n;
    error->start = at;
    error->end = at + 1 + seen;
    error->reason = follow == 0 ? "invalid start byte" : cut ? "unexpected end of data" : "invalid continuation byte";
    return 0;
}

bool text_scan(const uint8_t *bytes, size_t n, TextShape *shape, TextError *error)
{
    size_t at = text_ascii(bytes, n);
    shape->points = at;
    shape->astral = false;
    while (at < n) {
        size_t length = bytes[at] < 0x80 ? 1 : text_sequence(bytes, n, at, error);
        if (length == 0)
            return false;
        shape->astral |= length == 4;
        shape->points++;
        at += length;
    }
    return true;
}

size_t text_encode(uint32_t point, uint8_t *out)
{
    if (point < 0x80) {
        out[0] = (uint8_t)point;
        return 1;
    }
    size_t length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, point >>= 6)
        out[i] = (uint8_t)(0x80 | (point & 0x3f));
    out[0] = (uint8_t)(0xf00 >> length | point);
    return length;
}
