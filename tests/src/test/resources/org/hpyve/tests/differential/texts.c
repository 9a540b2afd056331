/* Steps with text and bytes, and the constants of all steps. */
#include "machine.h"

#include <wchar.h>

#define PICK(table, number) (table)[(number) % (sizeof(table) / sizeof((table)[0]))]
#define TEXT(literal) {literal, sizeof(literal) - 1}

static const Text texts[] = {
    TEXT("key"), TEXT(""), TEXT("a"), TEXT("value"), TEXT("mode"), TEXT("b"), TEXT("h\xc3\xa9llo"),
    TEXT("\xe6\x97\xa5\xe6\x9c\xac"), TEXT("\xf0\x9f\x98\x80"), TEXT("with\0nul"), TEXT("\0"), TEXT("\xff"),
    TEXT("cut \xe6\x97"), TEXT("overlong \xc0\x80"), TEXT("surrogate \xed\xa0\x80"), TEXT("beyond \xf4\x90\x80\x80"),
    TEXT("latin \xe9"), TEXT("0123456789abcdef0123456789abcdef"), TEXT("12"), TEXT("a b c"), TEXT("\xef\xbb\xbf" "bom"),
    TEXT("quote \" \\ \n"), TEXT("\x7f\xc2\x80"), TEXT("\xf4\x8f\xbf\xbf"),
};

static const wchar_t *const wides[] = {
    L"wide", L"", L"h\u00e9", L"\u65e5\u672c", L"\U0001f600", L"lone \xd800", L"pair \xd83d\xde00", L"low \xdc00 x",
    L"beyond \x110000", L"key",
};

static const char *const names[] = {
    "value", "mode", "key", "absent", "prop", "__class__", "count", "first", "h\xc3\xa9", "", "real", "__doc__",
    "bad \xff", "raising", "mutating", "again",
};

static const char *const methods[] = {
    "append", "pop", "get", "keys", "upper", "items", "method", "extend", "insert", "copy", "update", "index", "count",
    "reverse", "clear", "setdefault", "encode", "split", "join", "absent", "remove", "values", "replace", "again",
};

static const char *const errors[] = {NULL, "strict", "ignore", "replace", "bogus"};
static const char *const encodings[] = {"utf-8", "ascii", "latin-1", "utf-16", "bogus", NULL};

/* 10,000 or 100,000 bytes: of ASCII, with others among them, or wrong near the end. */
static Text longer(unsigned number)
{
    static char *made[6];
    unsigned which = number % 6;
    HPy_ssize_t size = which < 3 ? 10000 : 100000;
    if (!made[which]) {
        char *bytes = made[which] = malloc((size_t)size + 1);
        for (HPy_ssize_t i = 0; i < size; i++)
            bytes[i] = (char)('a' + i % 26);
        for (HPy_ssize_t i = 100; i < size - 100 && which % 3 == 1; i += 100)
            memcpy(bytes + i, "\xf0\x9f\x98\x80", 4);
        if (which % 3 == 2)
            bytes[size - 5] = (char)0xff;
        bytes[size] = 0;
    }
    return (Text){made[which], size};
}

/* One number in 32 selects a long text. */
Text text_any(unsigned number)
{
    return number % 32 == 31 ? longer(number / 32) : PICK(texts, number % 32);
}

const char *text_string(unsigned number)
{
    return text_any(number).bytes;
}

const char *text_name(unsigned number)
{
    return PICK(names, number);
}

const char *text_method(unsigned number)
{
    return PICK(methods, number);
}

static HPy decode(HPyContext *ctx, unsigned n)
{
    Text text = text_any(n / 6);
    switch (n % 6) {
    case 0: return HPyUnicode_DecodeASCII(ctx, text.bytes, text.size, PICK(errors, n / 200));
    case 1: return HPyUnicode_DecodeLatin1(ctx, text.bytes, text.size, PICK(errors, n / 200));
    case 2: return HPyUnicode_DecodeFSDefault(ctx, text.bytes);
    case 3: return HPyUnicode_DecodeFSDefaultAndSize(ctx, text.bytes, text.size);
    case 4: return HPyBytes_FromString(ctx, text.bytes);
    default: return HPyBytes_FromStringAndSize(ctx, text.bytes, n % 97 == 0 ? -1 : text.size);
    }
}

static HPy wide(HPyContext *ctx, unsigned n)
{
    const wchar_t *text = PICK(wides, n);
    HPy_ssize_t length = (HPy_ssize_t)wcslen(text);
    return HPyUnicode_FromWideChar(ctx, text, n & 256 ? -1 : n & 512 && length ? length - 1 : length);
}

static HPy encode(HPyContext *ctx, HPy text, unsigned n)
{
    switch (n % 4) {
    case 0: return HPyUnicode_AsASCIIString(ctx, text);
    case 1: return HPyUnicode_AsLatin1String(ctx, text);
    case 2: return HPyUnicode_AsUTF8String(ctx, text);
    default: return HPyUnicode_EncodeFSDefault(ctx, text);
    }
}

static void read_utf8(HPyContext *ctx, HPy h, unsigned n)
{
    HPy_ssize_t size = -7;
    const char *bytes = HPyUnicode_AsUTF8AndSize(ctx, h, n & 1 ? NULL : &size);
    note(bytes ? " ok" : " NULL");
    if (bytes)
        note_text(bytes, n & 1 ? (HPy_ssize_t)strlen(bytes) : size);
}

static void read_bytes(HPyContext *ctx, HPy h)
{
    const char *bytes = HPyBytes_AsString(ctx, h);
    note(bytes ? " ok" : " NULL");
    if (bytes)
        note_text(bytes, HPyBytes_Size(ctx, h));
}

bool texts_step(Frame *f, const Step *s)
{
    HPyContext *ctx = f->ctx;
    HPy a = in(f, s->a);
    unsigned n = number(s);
    int small = (int)(n % 8) - 2;
    switch (s->code) {
    case OP_UNICODE_FROM_STRING: put(f, s, HPyUnicode_FromString(ctx, text_string(n))); break;
    case OP_UNICODE_FROM_WIDE: put(f, s, wide(ctx, n)); break;
    case OP_DECODE: put(f, s, decode(ctx, n)); break;
    case OP_BYTES_FROM: put(f, s, decode(ctx, n - n % 6 + 4 + (n & 1))); break;
    case OP_FROM_ENCODED_OBJECT:
        put(f, s, HPyUnicode_FromEncodedObject(ctx, a, PICK(encodings, n), PICK(errors, n / 6)));
        break;
    case OP_ENCODE: put(f, s, encode(ctx, a, n)); break;
    case OP_AS_UTF8: read_utf8(ctx, a, n); break;
    case OP_AS_BYTES: read_bytes(ctx, a); break;
    case OP_BYTES_SIZE: note(" %ld", (long)HPyBytes_Size(ctx, a)); break;
    case OP_READ_CHAR: note(" %lx", (unsigned long)HPyUnicode_ReadChar(ctx, a, small)); break;
    case OP_SUBSTRING: put(f, s, HPyUnicode_Substring(ctx, a, small, (int)(n / 8 % 12) - 2)); break;
    default: return false;
    }
    return true;
}
