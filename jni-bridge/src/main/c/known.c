#include "known.h"

#include <stddef.h>
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
    HPy handle;
    uint32_t size; /* 0 if the place is free */
};

/* Most texts are not known: their hashes, close together, tell so. */
struct Known {
    uint32_t hashes[KNOWN_PLACES]; /* of the text here; 0 if there is none */
    uint32_t candidates[KNOWN_PLACES]; /* of the text that was met last and is not the one here */
    KnownPlace places[KNOWN_PLACES];
};

static inline uint64_t known_load8(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

static inline uint64_t known_load4(const uint8_t *bytes)
{
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

static inline Packed known_pack(const uint8_t *utf8, size_t n)
{
    if (n >= 8)
        return (Packed){{known_load8(utf8), known_load8(utf8 + n - 8), n > 16 ? known_load8(utf8 + 8) : 0}};
    if (n >= 4)
        return (Packed){{known_load4(utf8), known_load4(utf8 + n - 4), 0}};
    return (Packed){{(uint64_t)utf8[0] << 16 | (uint64_t)utf8[n / 2] << 8 | utf8[n - 1], 0, 0}};
}

static inline bool known_equal(const Packed *a, const Packed *b)
{
    return ((a->words[0] ^ b->words[0]) | (a->words[1] ^ b->words[1]) | (a->words[2] ^ b->words[2])) == 0;
}

/* Never 0. The place is in the lower bits. */
static inline uint32_t known_hash(const Packed *text, size_t n)
{
    uint64_t hash = (text->words[0] + n) * UINT64_C(0x9e3779b97f4a7c15);
    hash ^= text->words[1] * UINT64_C(0xc2b2ae3d27d4eb4f);
    hash ^= text->words[2] * UINT64_C(0x165667b19e3779f9);
    return (uint32_t)(hash >> 32 ^ hash >> 16) | UINT32_C(1) << 31;
}

HPy known_text(State *st, const uint8_t *utf8, size_t n, KnownPlace **place)
{
    *place = NULL;
    if (n > KNOWN_BYTES || n == 0 || st->shared->tracing || (!st->known && !(st->known = calloc(1, sizeof(Known)))))
        return HPy_NULL;
    Known *known = st->known;
    Packed text = known_pack(utf8, n);
    uint32_t hash = known_hash(&text, n);
    uint32_t index = hash % KNOWN_PLACES;
    KnownPlace *found = &known->places[index];
    if (known->hashes[index] == hash && found->size == n && known_equal(&found->text, &text)) {
        return table_dup_known(st, found->handle) ? found->handle : HPy_NULL;
    }
    if (known->candidates[index] == hash)
        *place = found;
    else
        known->candidates[index] = hash;
    return HPy_NULL;
}

void known_learn(State *st, KnownPlace *place, const uint8_t *utf8, size_t n, HPy text)
{
    Known *known = st->known;
    if (place->size > 0)
        table_forget(st, place->handle);
    table_keep(st, text);
    *place = (KnownPlace){known_pack(utf8, n), text, (uint32_t)n};
    ptrdiff_t index = place - known->places;
    known->hashes[index] = known_hash(&place->text, n);
    known->candidates[index] = 0;
}

void known_forget(State *st)
{
    for (int i = 0; st->known && i < KNOWN_PLACES; i++) {
        if (st->known->places[i].size > 0)
            table_forget(st, st->known->places[i].handle);
    }
    known_release(st);
}

void known_release(State *st)
{
    free(st->known);
    st->known = NULL;
}
