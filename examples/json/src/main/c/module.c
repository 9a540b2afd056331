/*
 * The module hpyjson: a JSON decoder and encoder (RFC 8259) for HPy's universal ABI.
 */
#include "decoder.h"
#include "encoder.h"
#include "parser.h"

#include <string.h>

/* HPyDef_METH expands to casts of function pointers and to partial initializers. */
#pragma GCC diagnostic ignored "-Wcast-function-type"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* Borrows the UTF-8 of a unicode or bytes object, valid as long as the handle. The
   bytes are not validated here but where they are read. */
static bool borrow_text(HPyContext *ctx, HPy object, const char **text, size_t *size)
{
    HPy_ssize_t signed_size;
    if (HPyBytes_Check(ctx, object)) {
        *text = HPyBytes_AsString(ctx, object);
        signed_size = HPyBytes_Size(ctx, object);
    } else if (HPyUnicode_Check(ctx, object)) {
        *text = HPyUnicode_AsUTF8AndSize(ctx, object, &signed_size);
    } else {
        HPyErr_SetString(ctx, ctx->h_TypeError, "the JSON text must be unicode or UTF-8 bytes");
        return false;
    }
    if (*text == NULL || signed_size < 0) {
        return false;
    }
    *size = (size_t)signed_size;
    return true;
}

HPyDef_METH(loads, "loads", HPyFunc_O,
            .doc = "loads(text) -> value\n\n"
                   "Decode one JSON value from unicode or from UTF-8 bytes.\n"
                   "Raises ValueError, with line, column and index, if the text is not JSON.")
static HPy loads_impl(HPyContext *ctx, HPy self, HPy arg)
{
    (void)self;
    const char *text;
    size_t size;
    if (!borrow_text(ctx, arg, &text, &size)) {
        return HPy_NULL;
    }
    Decoder decoder;
    decoder_init(&decoder, ctx, text, size);
    HPy result = parser_document(&decoder);
    decoder_close(&decoder);
    return result;
}

/* The end of the line that begins at p: its line feed, or the end of the text. */
static const char *line_end(const char *p, const char *end)
{
    const char *feed = memchr(p, '\n', (size_t)(end - p));
    return feed != NULL ? feed : end;
}

/*
 * Finds the next line with anything but white space, from `*line` on; stores its
 * beginning and returns its end, or returns NULL if there is none.
 */
static const char *next_line(const char **line, const char *end)
{
    const char *p = *line;
    while (p < end) {
        const char *stop = line_end(p, end);
        if (parser_skip_space(p, stop) < stop) {
            *line = p;
            return stop;
        }
        p = stop < end ? stop + 1 : end;
    }
    return NULL;
}

static HPy_ssize_t count_lines(const char *text, const char *end)
{
    HPy_ssize_t count = 0;
    const char *line = text;
    const char *stop;
    while ((stop = next_line(&line, end)) != NULL) {
        count++;
        line = stop;
    }
    return count;
}

/* The lines of the decoder's text, of which `count` have a value, as a list. */
static HPy read_lines(Decoder *decoder, HPy_ssize_t count)
{
    HPyContext *ctx = decoder->ctx;
    const char *text_end = decoder->end;
    HPyListBuilder builder = HPyListBuilder_New(ctx, count);
    const char *line = decoder->begin;
    for (HPy_ssize_t i = 0; i < count; i++) {
        /* The decoder sees one line at a time, but counts positions from the beginning
           of the text: its errors name the line. */
        decoder->end = next_line(&line, text_end);
        decoder->cursor = line;
        HPy value = parser_document(decoder);
        if (HPy_IsNull(value)) {
            HPyListBuilder_Cancel(ctx, builder);
            return HPy_NULL;
        }
        HPyListBuilder_Set(ctx, builder, i, value);
        HPy_Close(ctx, value);
        line = decoder->end;
    }
    return HPyListBuilder_Build(ctx, builder);
}

HPyDef_METH(loads_lines, "loads_lines", HPyFunc_O,
            .doc = "loads_lines(text) -> list\n\n"
                   "Decode JSON lines: one value for each line that is not empty.\n"
                   "Raises ValueError as loads does; the line is that of the whole text.")
static HPy loads_lines_impl(HPyContext *ctx, HPy self, HPy arg)
{
    (void)self;
    const char *text;
    size_t size;
    if (!borrow_text(ctx, arg, &text, &size)) {
        return HPy_NULL;
    }
    Decoder decoder;
    decoder_init(&decoder, ctx, text, size);
    HPy result = read_lines(&decoder, count_lines(text, text + size));
    decoder_close(&decoder);
    return result;
}

/* HPy 0.9 makes text from UTF-8 up to a NUL; JSON has none, because they are escaped. */
static HPy make_text(Buffer *buffer)
{
    return buffer_append(buffer, "", 1) ? HPyUnicode_FromString(buffer->ctx, buffer->bytes) : HPy_NULL;
}

HPyDef_METH(dumps, "dumps", HPyFunc_O,
            .doc = "dumps(value) -> text\n\n"
                   "Encode None, bools, ints, floats, text, and dicts, lists and tuples of these, as JSON without\n"
                   "white space. Raises TypeError for other types, and ValueError for NaN, infinity and lone\n"
                   "surrogates, and for containers nested too deeply.")
static HPy dumps_impl(HPyContext *ctx, HPy self, HPy arg)
{
    (void)self;
    Buffer buffer;
    buffer_init(&buffer, ctx);
    HPy result = encoder_value(&buffer, arg) ? make_text(&buffer) : HPy_NULL;
    buffer_close(&buffer);
    return result;
}

static HPyDef *module_defines[] = {&loads, &loads_lines, &dumps, NULL};

static HPyModuleDef module_def = {
    .doc = "A JSON decoder and encoder written in C for HPy's universal ABI.",
    .defines = module_defines,
};

HPy_MODINIT(hpyjson, module_def)
