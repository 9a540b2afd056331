#include "known.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    uint64_t words[KNOWN_BYTES / 8];
} Padded;

/* A size of 0 is none. */
struct Known {
    Padded text;
    uint32_t size;
    uint32_t candidate; /* hash of the text that was met last and is not the one here */
};

static uint64_t known_hash(const Padded *text)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < KNOWN_BYTES / 8; i++)
        hash = (hash ^ text->words[i]) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

KnownAnswer known_find(State *st, const uint8_t *utf8, size_t n, uint32_t *number)
{
    if (n > KNOWN_BYTES || n == 0)
        return KNOWN_NOT;
    if (!st->known && !(st->known = calloc(KNOWN_TEXTS, sizeof(Known))))
        return KNOWN_NOT;
    Padded text = {{0}};
    memcpy(&text, utf8, n);
    uint64_t hash = known_hash(&text);
    *number = (uint32_t)hash % KNOWN_TEXTS;
    Known *known = &st->known[*number];
    if (known->size == n && memcmp(&known->text, &text, sizeof text) == 0)
        return KNOWN;
    uint32_t candidate = (uint32_t)(hash >> 16) | 1;
    if (known->candidate != candidate) {
        known->candidate = candidate;
        return KNOWN_NOT;
    }
    *known = (Known){text, (uint32_t)n, 0};
    return KNOWN_NEW;
}

void known_forget(State *st, uint32_t number)
{
    st->known[number] = (Known){{{0}}, 0, 0};
}

void known_release(State *st)
{
    free(st->known);
    st->known = NULL;
}
