#include "known.h"

#include <stdlib.h>
#include <string.h>

#include "table.h"

enum { KNOWN_PLACES = 1024, KNOWN_BYTES = 24 };

/* A text of known size, each byte in one of the words at least. */
typedef struct {
    uint64_t words[KNOWN_BYTES / 8];
} Packed;

struct KnownPlace {
    Packed text;
    HPy handle; /* HPy_NULL if the place is free */
    uint32_t size;
    uint32_t candidate; /* hash of the text that was met last and is not the one here */
};

static uint64_t known_load(const uint8_t *bytes, size_t n)
{
    uint64_t word = 0;
    memcpy(&word, bytes, n);
    return word;
}

static Packed known_pack(const uint8_t *utf8, size_t n)
{
    if (n >= 8)
        return (Packed){{known_load(utf8, 8), known_load(utf8 + n - 8, 8), n > 16 ? known_load(utf8 + 8, 8) : 0}};
    if (n >= 4)
        return (Packed){{known_load(utf8, 4), known_load(utf8 + n - 4, 4), 0}};
    return (Packed){{(uint64_t)utf8[0] << 16 | (uint64_t)utf8[n / 2] << 8 | utf8[n - 1], 0, 0}};
}

static uint64_t known_hash(const Packed *text, size_t n)
{
    uint64_t hash = (text->words[0] + n) * UINT64_C(0x9e3779b97f4a7c15);
    hash ^= text->words[1] * UINT64_C(0xc2b2ae3d27d4eb4f);
    hash ^= text->words[2] * UINT64_C(0x165667b19e3779f9);
    return hash ^ hash >> 29;
}

HPy known_text(State *st, const uint8_t *utf8, size_t n, KnownPlace **place)
{
    *place = NULL;
    if (n > KNOWN_BYTES || n == 0 || (!st->known && !(st->known = calloc(KNOWN_PLACES, sizeof(KnownPlace)))))
        return HPy_NULL;
    Packed text = known_pack(utf8, n);
    uint64_t hash = known_hash(&text, n);
    KnownPlace *found = &st->known[(hash >> 20) % KNOWN_PLACES];
    if (found->size == n && memcmp(&found->text, &text, sizeof text) == 0) {
        table_dup_known(st, found->handle);
        return found->handle;
    }
    uint32_t candidate = (uint32_t)(hash >> 32) | 1;
    if (found->candidate == candidate)
        *place = found;
    else
        found->candidate = candidate;
    return HPy_NULL;
}

void known_learn(State *st, KnownPlace *place, const uint8_t *utf8, size_t n, HPy text)
{
    if (place->size > 0)
        table_forget(st, place->handle);
    table_keep(st, text);
    *place = (KnownPlace){known_pack(utf8, n), text, (uint32_t)n, 0};
}

void known_release(State *st)
{
    free(st->known);
    st->known = NULL;
}
