#include "parser.h"

#include <string.h>

#include "number.h"
#include "text.h"

_Static_assert(PARSER_MAX_DEPTH == 1000, "the message in open_container names the limit");

/*
 * The parser does not recurse: open containers are on a stack of its own, so that the
 * nesting of the input cannot exhaust the C stack of whatever thread runs it. All
 * handles that are open between two steps are in this stack, and failing closes them
 * in one place.
 */
typedef struct {
    HPy container;
    HPy key; /* of the value being read; HPy_NULL in an array */
} Frame;

typedef struct {
    Decoder *decoder;
    size_t depth;
    Frame frames[PARSER_MAX_DEPTH];
} Parser;

const char *parser_skip_space(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) {
        p++;
    }
    return p;
}

/* The next byte that is not white space, with the cursor on it; NUL at the end, which
   is as good as any other byte that may not stand there. */
static char next_byte(Decoder *decoder)
{
    const char *p = parser_skip_space(decoder->cursor, decoder->end);
    decoder->cursor = p;
    return p < decoder->end ? *p : '\0';
}

static bool accept_word(Decoder *decoder, const char *word, size_t size)
{
    if ((size_t)(decoder->end - decoder->cursor) < size
        || memcmp(decoder->cursor, word, size) != 0) {
        decoder_fail(decoder, decoder->cursor, "Expecting a value");
        return false;
    }
    decoder->cursor += size;
    return true;
}

/* The value at the cursor, which does not stand on a bracket. */
static HPy read_scalar(Decoder *decoder, char first)
{
    HPyContext *ctx = decoder->ctx;
    switch (first) {
    case '"':
        return text_parse(decoder);
    case 't':
        return accept_word(decoder, "true", 4) ? HPy_Dup(ctx, ctx->h_True) : HPy_NULL;
    case 'f':
        return accept_word(decoder, "false", 5) ? HPy_Dup(ctx, ctx->h_False) : HPy_NULL;
    case 'n':
        return accept_word(decoder, "null", 4) ? HPy_Dup(ctx, ctx->h_None) : HPy_NULL;
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return number_parse(decoder);
    default:
        return decoder_fail(decoder, decoder->cursor, "Expecting a value");
    }
}

/* Reads `"key" :` into the innermost frame. */
static bool read_key(Parser *parser)
{
    Decoder *decoder = parser->decoder;
    if (next_byte(decoder) != '"') {
        decoder_fail(decoder, decoder->cursor, "Expecting a key in double quotes");
        return false;
    }
    HPy key = text_parse(decoder);
    if (HPy_IsNull(key)) {
        return false;
    }
    parser->frames[parser->depth - 1].key = key; /* the stack owns it now */
    if (next_byte(decoder) != ':') {
        decoder_fail(decoder, decoder->cursor, "Expecting ':' after a key");
        return false;
    }
    decoder->cursor++;
    return true;
}

static HPy pop_container(Parser *parser)
{
    return parser->frames[--parser->depth].container;
}

/*
 * Opens the container at the cursor. Stores its handle in `*value` if it closes at once,
 * else leaves it on the stack, with the cursor before its first value, and stores
 * HPy_NULL. Returns false with an exception set.
 */
static bool open_container(Parser *parser, bool is_object, HPy *value)
{
    Decoder *decoder = parser->decoder;
    HPyContext *ctx = decoder->ctx;
    if (parser->depth == PARSER_MAX_DEPTH) {
        decoder_fail(decoder, decoder->cursor,
                     "Nesting deeper than 1000");
        return false;
    }
    HPy container = is_object ? HPyDict_New(ctx) : HPyList_New(ctx, 0);
    if (HPy_IsNull(container)) {
        return false;
    }
    parser->frames[parser->depth++] = (Frame){container, HPy_NULL};
    decoder->cursor++;

    *value = HPy_NULL;
    if (next_byte(decoder) == (is_object ? '}' : ']')) {
        decoder->cursor++;
        *value = pop_container(parser);
        return true;
    }
    return !is_object || read_key(parser);
}

/*
 * Stores `value`, which it takes over, in the innermost container and reads what follows.
 * After a comma the cursor is before the next value and `*closed` is HPy_NULL; after a
 * closing bracket `*closed` is the container. Returns false with an exception set.
 */
static bool store_value(Parser *parser, HPy value, HPy *closed)
{
    Decoder *decoder = parser->decoder;
    HPyContext *ctx = decoder->ctx;
    Frame *frame = &parser->frames[parser->depth - 1];
    bool is_object = !HPy_IsNull(frame->key);

    int failed;
    if (is_object) {
        failed = HPy_SetItem(ctx, frame->container, frame->key, value);
        HPy_Close(ctx, frame->key);
        frame->key = HPy_NULL;
    } else {
        failed = HPyList_Append(ctx, frame->container, value);
    }
    HPy_Close(ctx, value);
    if (failed) {
        return false;
    }

    *closed = HPy_NULL;
    char next = next_byte(decoder);
    if (next == ',') {
        decoder->cursor++;
        return !is_object || read_key(parser);
    }
    if (next == (is_object ? '}' : ']')) {
        decoder->cursor++;
        *closed = pop_container(parser);
        return true;
    }
    decoder_fail(decoder, decoder->cursor,
                 is_object ? "Expecting ',' or '}'" : "Expecting ',' or ']'");
    return false;
}

/* One value; on failure the stack may still hold open containers. */
static HPy read_value(Parser *parser)
{
    Decoder *decoder = parser->decoder;
    for (;;) {
        HPy value;
        char first = next_byte(decoder);
        if (first == '[' || first == '{') {
            if (!open_container(parser, first == '{', &value)) {
                return HPy_NULL;
            }
            if (HPy_IsNull(value)) {
                continue;
            }
        } else {
            value = read_scalar(decoder, first);
            if (HPy_IsNull(value)) {
                return HPy_NULL;
            }
        }
        /* A complete value may complete the containers around it. */
        while (!HPy_IsNull(value)) {
            if (parser->depth == 0) {
                return value;
            }
            if (!store_value(parser, value, &value)) {
                return HPy_NULL;
            }
        }
    }
}

static void close_frames(Parser *parser)
{
    HPyContext *ctx = parser->decoder->ctx;
    while (parser->depth > 0) {
        Frame *frame = &parser->frames[--parser->depth];
        if (!HPy_IsNull(frame->key)) {
            HPy_Close(ctx, frame->key);
        }
        HPy_Close(ctx, frame->container);
    }
}

HPy parser_document(Decoder *decoder)
{
    Parser parser; /* 16 KB, most of it never touched */
    parser.decoder = decoder;
    parser.depth = 0;
    HPy value = read_value(&parser);
    if (HPy_IsNull(value)) {
        close_frames(&parser);
        return HPy_NULL;
    }
    next_byte(decoder);
    if (decoder->cursor != decoder->end) {
        HPy_Close(decoder->ctx, value);
        return decoder_fail(decoder, decoder->cursor, "Text after the value");
    }
    return value;
}
