package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What C reads out of text: bytes in every encoding, characters, parts. A 7-bit str is text too. */
class UnicodeContentTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private void loadReaders() {
        python.loadFunctions(
                "check:O utf8:O utf8_size:O size_of:O as_ascii:O as_latin1:O as_utf8:O as_fs:O read:VARARGS part:VARARGS"
                        + " pointers:O survives:O of_null:NOARGS read_null:NOARGS check_null:NOARGS",
                """
                #include <string.h>
                #define INDEX(h) HPyLong_AsSsize_t(ctx, h)
                static HPy check_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyLong_FromInt32_t(ctx, HPyUnicode_Check(ctx, arg));
                }
                static HPy utf8_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    const char *text = HPyUnicode_AsUTF8AndSize(ctx, arg, NULL);
                    return text ? HPyBytes_FromString(ctx, text) : HPy_NULL;
                }
                static HPy utf8_size_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_ssize_t size = -5;
                    const char *text = HPyUnicode_AsUTF8AndSize(ctx, arg, &size);
                    return text ? HPyBytes_FromStringAndSize(ctx, text, size) : HPy_NULL;
                }
                static HPy size_of_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_ssize_t size = -5;
                    const char *text = HPyUnicode_AsUTF8AndSize(ctx, arg, &size);
                    return HPyLong_FromSsize_t(ctx, text && text[size] == 0 ? size : -1);
                }
                static HPy as_ascii_impl(HPyContext *ctx, HPy self, HPy arg) { return HPyUnicode_AsASCIIString(ctx, arg); }
                static HPy as_latin1_impl(HPyContext *ctx, HPy self, HPy arg) { return HPyUnicode_AsLatin1String(ctx, arg); }
                static HPy as_utf8_impl(HPyContext *ctx, HPy self, HPy arg) { return HPyUnicode_AsUTF8String(ctx, arg); }
                static HPy as_fs_impl(HPyContext *ctx, HPy self, HPy arg) { return HPyUnicode_EncodeFSDefault(ctx, arg); }
                static HPy read_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy_UCS4 point = HPyUnicode_ReadChar(ctx, args[0], INDEX(args[1]));
                    return point == (HPy_UCS4)-1 ? HPy_NULL : HPyLong_FromUInt32_t(ctx, point);
                }
                static HPy part_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPyUnicode_Substring(ctx, args[0], INDEX(args[1]), INDEX(args[2]));
                }
                static HPy pointers_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_ssize_t size, again;
                    const char *first = HPyUnicode_AsUTF8AndSize(ctx, arg, &size);
                    HPy dup = HPy_Dup(ctx, arg);
                    bool same = first && first == HPyUnicode_AsUTF8AndSize(ctx, dup, &again) && size == again;
                    HPy_Close(ctx, dup);
                    return HPyBool_FromBool(ctx, same && first == HPyUnicode_AsUTF8AndSize(ctx, arg, NULL));
                }
                /* Enough new handles that the table grows; the pointer must not care. */
                static HPy survives_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    enum { MANY = 2000 };
                    static HPy many[MANY];
                    const char *before = HPyUnicode_AsUTF8AndSize(ctx, arg, NULL);
                    for (int i = 0; i < MANY; i++)
                        many[i] = HPyUnicode_FromString(ctx, "x");
                    bool same = before == HPyUnicode_AsUTF8AndSize(ctx, arg, NULL) && strcmp(before, "content") == 0;
                    for (int i = 0; i < MANY; i++)
                        HPy_Close(ctx, many[i]);
                    return HPyBool_FromBool(ctx, same);
                }
                static HPy check_null_impl(HPyContext *ctx, HPy self)
                {
                    return HPyUnicode_Check(ctx, HPy_NULL) ? HPy_Dup(ctx, self) : HPy_NULL;
                }
                static HPy of_null_impl(HPyContext *ctx, HPy self)
                {
                    HPyUnicode_AsUTF8AndSize(ctx, HPy_NULL, NULL);
                    return HPy_NULL;
                }
                static HPy read_null_impl(HPyContext *ctx, HPy self)
                {
                    HPyUnicode_ReadChar(ctx, HPy_NULL, 0);
                    return HPy_NULL;
                }
                """);
        python.exec(
                "class Sub(unicode): pass\nclass SubStr(str): pass\n"
                        + "texts = [u'', u'abc', u'a\\0b', u'\\x7f', u'\\x80', u'\\xff', u'\\u0100', u'\\u20ac', u'\\ud7ff', u'\\uffff',\n"
                        + "         u'\\U00010000', u'\\U0010ffff', u'a\\xe9\\u20ac\\U0001f600z', u'\\u20ac' * 1000, Sub(u'\\u20ac')]");
    }

    @Test
    void unicodeAndSevenBitStrAreText() {
        loadReaders();

        assertThat(python.repr("[m.check(x) for x in texts + ['', 'abc', 'a\\0b\\x7f', SubStr('abc')]]"))
                .isEqualTo("[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]");
        assertThat(
                        python.repr(
                                "[m.check(x) for x in ('\\x80', 'abc\\xff', SubStr('\\xff'), bytearray('a'), 5, 1.5, None, [], unicode)]"))
                .isEqualTo("[0, 0, 0, 0, 0, 0, 0, 0, 0]");
    }

    @Test
    void utf8OfATextIsItsEncoding() {
        loadReaders();

        assertThat(python.repr("[t for t in texts if m.utf8_size(t) != t.encode('utf-8')]"))
                .isEqualTo("[]");
        assertThat(python.repr("[t for t in texts if m.size_of(t) != len(t.encode('utf-8'))]"))
                .as("sizes are bytes, and a NUL follows")
                .isEqualTo("[]");
        assertThat(python.repr("(m.utf8(u'a\\0b'), m.utf8_size(u'a\\0b'), m.utf8('abc'), m.utf8(SubStr('abc')))"))
                .isEqualTo("('a', 'a\\x00b', 'abc', 'abc')");
    }

    @Test
    void thePointerHoldsAsLongAsTheHandle() {
        loadReaders();

        assertThat(python.repr("[t for t in texts + ['abc'] if m.pointers(t) is not True]"))
                .isEqualTo("[]");
        assertThat(python.repr("(m.survives(u'content'), m.survives('content'))"))
                .isEqualTo("(True, True)");
    }

    @Test
    void encodersGiveStr() {
        loadReaders();

        for (String[] pair : new String[][] {{"as_utf8", "utf-8"}, {"as_fs", "utf-8"}}) {
            assertThat(python.repr(
                            "[t for t in texts + ['abc'] if m.%s(t) != t.encode('%s')]".formatted(pair[0], pair[1])))
                    .as(pair[0])
                    .isEqualTo("[]");
        }
        assertThat(python.repr("[m.as_ascii(t) for t in (u'', u'world', u'a\\0\\x7f', 'abc', Sub(u's'))]"))
                .isEqualTo("['', 'world', 'a\\x00\\x7f', 'abc', 's']");
        assertThat(python.repr("[m.as_latin1(t) for t in (u'', u'M\\xfcller', u'\\xff', 'abc')]"))
                .isEqualTo("['', 'M\\xfcller', '\\xff', 'abc']");
    }

    @Test
    void whatAnEncodingLacksIsAnEncodeErrorWithItsPosition() {
        loadReaders();
        python.exec("""
                def error(f, text):
                    try: return f(text)
                    except UnicodeEncodeError as e: return (e.encoding, e.object == text, e.start, e.end, e.reason)
                """);

        assertThat(python.raised("m.as_ascii(u'a\\xe9b')"))
                .isEqualTo("UnicodeEncodeError: 'ascii' codec can't encode character u'\\xe9' in position 1:"
                        + " ordinal not in range(128)");
        assertThat(python.repr("error(m.as_ascii, u'ab\\xe9\\u20acc')"))
                .isEqualTo("('ascii', True, 2, 4, 'ordinal not in range(128)')");
        assertThat(python.repr("error(m.as_latin1, u'\\xff\\u0100')"))
                .isEqualTo("('latin-1', True, 1, 2, 'ordinal not in range(256)')");
        assertThat(python.repr("error(m.as_ascii, u'\\U0001f600')"))
                .isEqualTo("('ascii', True, 0, 1, 'ordinal not in range(128)')");
    }

    @Test
    void charactersAreCodePoints() {
        loadReaders();
        python.exec("mixed = u'a\\xe9\\U0001f600\\u20ac\\U0010ffffz'");

        assertThat(python.repr("[m.read(mixed, i) for i in range(len(mixed))] == [ord(c) for c in mixed]"))
                .isEqualTo("True");
        assertThat(python.repr("(m.read('ABC', 1), m.read(u'\\xe9', 0), m.read(u'a\\0', 1), m.read(Sub(u'xy'), 1))"))
                .isEqualTo("(66, 233, 0, 121)");
        for (String expression : new String[] {
            "m.read(u'', 0)", "m.read(u'abc', 3)", "m.read(u'abc', -1)", "m.read(mixed, 6)", "m.read(u'abc', 2**40)"
        }) {
            assertThat(python.raised(expression)).as(expression).isEqualTo("IndexError: string index out of range");
        }
    }

    @Test
    void substringsCountCodePoints() {
        loadReaders();
        python.exec("""
                mixed = u'a\\xe9\\U0001f600\\u20ac\\U0010ffffz'
                plain = u'hello'
                indexes = (0, 1, 2, 3, 4, 5, 6, 7, 1000, 2**40)
                wrong = [(t, i, j) for t in (mixed, plain, u'') for i in indexes for j in indexes
                         if m.part(t, i, j) != t[i:j]]
                """);

        assertThat(python.repr("wrong")).isEqualTo("[]");
        assertThat(python.repr("(m.part('hello', 1, 3), type(m.part(Sub(u'abc'), 0, 3)))"))
                .isEqualTo("(u'el', <type 'unicode'>)");
        assertThat(python.raised("m.part(u'hello', -2, 5)")).isEqualTo("IndexError: string index out of range");
        assertThat(python.raised("m.part(u'hello', 2, -1)")).isEqualTo("IndexError: string index out of range");
    }

    @Test
    void whatIsNoTextIsATypeError() {
        loadReaders();

        for (String function : new String[] {"utf8", "as_ascii", "as_latin1", "as_utf8", "as_fs"}) {
            for (String[] pair : new String[][] {
                {"'\\xff'", "str"},
                {"5", "int"},
                {"1.5", "float"},
                {"None", "NoneType"},
                {"bytearray('a')", "bytearray"}
            }) {
                assertThat(python.raised("m.%s(%s)".formatted(function, pair[0])))
                        .as("%s of %s", function, pair[0])
                        .startsWith("TypeError: HPyUnicode_")
                        .endsWith(": expected unicode, %s found".formatted(pair[1]));
            }
        }
        assertThat(python.raised("m.read(5, 0)"))
                .isEqualTo("TypeError: HPyUnicode_ReadChar: expected unicode, int found");
        assertThat(python.raised("m.part('\\xff', 0, 1)"))
                .isEqualTo("TypeError: HPyUnicode_Substring: expected unicode, str found");
        assertThat(python.raised("m.of_null()")).startsWith("SystemError: ").contains("HPyUnicode_AsUTF8AndSize");
        assertThat(python.raised("m.check_null()")).startsWith("SystemError: ").contains("HPyUnicode_Check");
        assertThat(python.raised("m.read_null()")).startsWith("SystemError: ").contains("HPyUnicode_ReadChar");
    }
}
