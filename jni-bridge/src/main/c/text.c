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

bool text_decode(const uint8_t *bytes, size_t n, uint16_t *out, size_t *units, TextError *error)
{
    size_t in = 0;
    size_t used = 0;
    while (in < n) {
        if (bytes[in] < 0x80) {
            out[used++] = bytes[in++];
            continue;
        }
        uint8_t low, high;
        int follow = text_lead(bytes[in], &low, &high);
        uint32_t point = bytes[in] & (0x3fu >> follow);
        int seen = 0;
        while (seen < follow && in + 1 + (size_t)seen < n) {
            uint8_t byte = bytes[in + 1 + (size_t)seen];
            if (byte < low || byte > high)
                break;
            point = point << 6 | (byte & 0x3f);
            low = 0x80;
            high = 0xbf;
            seen++;
        }
        if (follow == 0 || seen < follow) {
            bool cut = follow > 0 && in + 1 + (size_t)seen == n;
            error->start = in;
            error->end = in + 1 + (size_t)seen;
            error->reason = follow == 0 ? "invalid start byte"
                            : cut       ? "unexpected end of data"
                                        : "invalid continuation byte";
            return false;
        }
        in += 1 + (size_t)follow;
        if (point >= 0x10000) {
            point -= 0x10000;
            out[used++] = (uint16_t)(0xd800 | point >> 10);
            out[used++] = (uint16_t)(0xdc00 | (point & 0x3ff));
        } else {
            out[used++] = (uint16_t)point;
        }
    }
    *units = used;
    return true;
}
