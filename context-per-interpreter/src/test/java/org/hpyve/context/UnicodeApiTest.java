package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Text made of bytes in every encoding that C has, and of wide characters. */
class UnicodeApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private void loadDecoders() {
        python.loadFunctions(
                "utf8:O utf8_null:NOARGS ascii:VARARGS latin1:VARARGS fs:O fs_size:VARARGS fs_null:NOARGS wide:VARARGS"
                        + " wide_null:VARARGS points:VARARGS object:VARARGS null_object:NOARGS",
                """
                #include <wchar.h>
                #define BYTES(h) HPyBytes_AsString(ctx, h)
                #define INDEX(h) HPyLong_AsSsize_t(ctx, h)
                static const char *or_null(HPyContext *ctx, HPy h)
                {
                    return HPy_Is(ctx, h, ctx->h_None) ? NULL : BYTES(h);
                }
                static HPy utf8_impl(HPyContext *ctx, HPy self, HPy arg) { return HPyUnicode_FromString(ctx, BYTES(arg)); }
                static HPy utf8_null_impl(HPyContext *ctx, HPy self) { return HPyUnicode_FromString(ctx, NULL); }
                static HPy ascii_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPyUnicode_DecodeASCII(ctx, or_null(ctx, args[0]), INDEX(args[1]), or_null(ctx, args[2]));
                }
                static HPy latin1_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPyUnicode_DecodeLatin1(ctx, or_null(ctx, args[0]), INDEX(args[1]), or_null(ctx, args[2]));
                }
                static HPy fs_impl(HPyContext *ctx, HPy self, HPy arg) { return HPyUnicode_DecodeFSDefault(ctx, BYTES(arg)); }
                static HPy fs_size_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPyUnicode_DecodeFSDefaultAndSize(ctx, or_null(ctx, args[0]), INDEX(args[1]));
                }
                static HPy fs_null_impl(HPyContext *ctx, HPy self) { return HPyUnicode_DecodeFSDefault(ctx, NULL); }
                static HPy wide_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    const wchar_t text[] = {'h', 0xf2, 0x20ac, 0x1f600, 0, 0x10ffff, 'z', 0};
                    return HPyUnicode_FromWideChar(ctx, text, INDEX(args[0]));
                }
                static HPy wide_null_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPyUnicode_FromWideChar(ctx, NULL, INDEX(args[0]));
                }
                /* The text of the code points that are the arguments; many of them go through memory of their own. */
                static HPy points_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    wchar_t text[1024];
                    for (size_t i = 0; i < nargs; i++)
                        text[i] = (wchar_t)HPyLong_AsUInt32_t(ctx, args[i]);
                    return HPyUnicode_FromWideChar(ctx, text, (HPy_ssize_t)nargs);
                }
                static HPy object_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPyUnicode_FromEncodedObject(ctx, args[0], or_null(ctx, args[1]), or_null(ctx, args[2]));
                }
                static HPy null_object_impl(HPyContext *ctx, HPy self)
                {
                    return HPyUnicode_FromEncodedObject(ctx, HPy_NULL, NULL, NULL);
                }
                """);
    }

    @Test
    void utf8OfOneToFourBytesIsDecoded() {
        loadDecoders();

        for (String text : new String[] {
            "u''",
            "u'a'",
            "u'\\x7f'",
            "u'\\x80'",
            "u'\\u07ff'",
            "u'\\u0800'",
            "u'\\ud7ff'",
            "u'\\ue000'",
            "u'\\uffff'",
            "u'\\U00010000'",
            "u'\\U0010ffff'",
            "u'a\\xe9\\u20ac\\U0001f600z'",
            "u'\\u20ac' * 5000"
        }) {
            assertThat(python.repr("m.utf8((%1$s).encode('utf-8')) == %1$s".formatted(text)))
                    .as(text)
                    .isEqualTo("True");
        }
        assertThat(python.repr("(m.utf8('abc'), type(m.utf8('abc')), len(m.utf8('\\xf0\\x9f\\x98\\x80')))"))
                .isEqualTo("(u'abc', <type 'unicode'>, 1)");
        assertThat(python.raised("m.utf8_null()")).startsWith("SystemError: ").contains("HPyUnicode_FromString");
    }

    @Test
    void wrongUtf8IsADecodeErrorWithThePositionsAndReasonOfPython3() {
        loadDecoders();
        python.exec("""
                def error(f, *args):
                    try: return f(*args)
                    except UnicodeDecodeError as e: return (e.encoding, e.object, e.start, e.end, e.reason)
                start, continuation, end = 'invalid start byte', 'invalid continuation byte', 'unexpected end of data'
                cases = [('\\x80', 0, 1, start), ('ab\\xff', 2, 3, start), ('\\xc0\\x80', 0, 1, start), ('\\xc1\\xbf', 0, 1, start),
                         ('\\xf5\\x80\\x80\\x80', 0, 1, start), ('\\xfe', 0, 1, start),
                         ('a\\xc3', 1, 2, end), ('\\xe2\\x82', 0, 2, end), ('\\xf0\\x9f\\x98', 0, 3, end), ('\\xf0', 0, 1, end),
                         ('\\xc3(', 0, 1, continuation), ('\\xe2(\\xa1', 0, 1, continuation), ('\\xe2\\x82(', 0, 2, continuation),
                         ('\\xf0\\x9f\\x98(', 0, 3, continuation), ('\\xe0\\x80\\x80', 0, 1, continuation),
                         ('\\xed\\xa0\\x80', 0, 1, continuation), ('\\xed\\xbf\\xbf', 0, 1, continuation), ('\\xed\\xa0', 0, 1, continuation),
                         ('\\xf0\\x80\\x80\\x80', 0, 1, continuation), ('\\xf4\\x90\\x80\\x80', 0, 1, continuation),
                         ('\\xe2\\x82\\xac\\xe2hello', 3, 4, continuation)]
                wrong = [(c, error(f, c[0])) for c in cases for f in (m.utf8, m.fs, lambda b: m.object(b, None, None))
                         if error(f, c[0]) != ('utf-8', c[0], c[1], c[2], c[3])]
                """);

        assertThat(python.repr("wrong")).isEqualTo("[]");
        assertThat(python.raised("m.utf8('ab\\xff')"))
                .isEqualTo(
                        "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 2: invalid start byte");
    }

    @Test
    void encodedObjectsAreDecodedAsStringsAre() {
        loadDecoders();
        python.exec("""
                import random
                source = random.Random(9)
                bytes_ = '\\x00aA\\x7f\\x80\\x8f\\x90\\x9f\\xa0\\xbf\\xc0\\xc2\\xdf\\xe0\\xe1\\xed\\xef\\xf0\\xf1\\xf4\\xf5\\xff'[1:]
                def outcome(f, *args):
                    try: return f(*args)
                    except UnicodeDecodeError as e: return (e.start, e.end, e.reason)
                wrong = []
                for i in range(5000):
                    b = ''.join(source.choice(bytes_) for j in range(source.randrange(1, 7)))
                    if outcome(m.utf8, b) != outcome(m.object, b, None, 'strict'):
                        wrong.append((b, outcome(m.utf8, b), outcome(m.object, b, None, 'strict')))
                """);

        assertThat(python.repr("wrong[:5]")).isEqualTo("[]");
    }

    @Test
    void sevenBitAndLatinBytesAreDecoded() {
        loadDecoders();

        for (String errors : new String[] {"None", "''", "'strict'", "'ignore'", "'replace'"}) {
            assertThat(python.repr("[m.ascii(x, len(x), %s) for x in ('', 'hello', 'a\\0b')]".formatted(errors)))
                    .isEqualTo("[u'', u'hello', u'a\\x00b']");
            assertThat(python.repr("m.ascii('x' * 1000, 1000, %s) == u'x' * 1000".formatted(errors)))
                    .isEqualTo("True");
            assertThat(python.repr(
                            "[m.latin1(x, len(x), %s) for x in ('', 'M\\xfcller', 'a\\0\\xff')]".formatted(errors)))
                    .isEqualTo("[u'', u'M\\xfcller', u'a\\x00\\xff']");
        }
        assertThat(python.repr("(m.ascii('hello', 2, None), m.latin1('hello', 2, None))"))
                .isEqualTo("(u'he', u'he')");
    }

    @Test
    void asciiHandlesOtherBytesAsErrorsSays() {
        loadDecoders();

        assertThat(python.repr("m.ascii('a\\xffb\\x80', 4, 'ignore')")).isEqualTo("u'ab'");
        assertThat(python.repr("m.ascii('a\\xffb\\x80', 4, 'replace')")).isEqualTo("u'a\\ufffdb\\ufffd'");
        for (String errors : new String[] {"None", "'strict'"}) {
            assertThat(python.raised("m.ascii('a\\xffb', 3, %s)".formatted(errors)))
                    .isEqualTo("UnicodeDecodeError: 'ascii' codec can't decode byte 0xff in position 1:"
                            + " ordinal not in range(128)");
        }
        assertThat(python.raised("m.ascii('x' * 500 + '\\x80', 501, None)")).contains("byte 0x80 in position 500");
        assertThat(python.raised("m.ascii('a\\xff', 2, 'no such handler')")).startsWith("LookupError: ");
    }

    @Test
    void missingBytesAndNegativeSizesAreRefused() {
        loadDecoders();

        for (String expression : new String[] {
            "m.ascii(None, 0, None)",
            "m.ascii('a', -1, None)",
            "m.latin1(None, 3, None)",
            "m.latin1('a', -1, None)",
            "m.fs_null()",
            "m.fs_size('a', -1)",
            "m.fs_size(None, 1)",
            "m.wide_null(-1)",
            "m.wide_null(2)",
            "m.wide(-2)"
        }) {
            assertThat(python.raised(expression)).as(expression).startsWith("SystemError: ");
        }
        assertThat(python.repr("m.wide_null(0)")).isEqualTo("u''");
    }

    @Test
    void fileNamesAreUtf8() {
        loadDecoders();

        assertThat(python.repr("(m.fs('ABC'), m.fs('\\xe2\\x82\\xac'), m.fs(''))"))
                .isEqualTo("(u'ABC', u'\\u20ac', u'')");
        assertThat(python.repr("(m.fs_size('ab\\0c', 4), m.fs_size('abc', 0), m.fs('ab\\0c'))"))
                .isEqualTo("(u'ab\\x00c', u'', u'ab')");
        assertThat(python.repr("m.fs_size('\\xf0\\x9f\\x98\\x80' * 300, 1200) == u'\\U0001f600' * 300"))
                .isEqualTo("True");
        assertThat(python.raised("m.fs('a\\xff')"))
                .startsWith("UnicodeDecodeError: ")
                .contains("invalid start byte");
    }

    @Test
    void wideCharactersAreCodePoints() {
        loadDecoders();

        assertThat(python.repr("m.wide(-1) == u'h\\xf2\\u20ac\\U0001f600'")).isEqualTo("True");
        assertThat(python.repr("[len(m.wide(n)) for n in (-1, 0, 1, 3, 4, 5, 7)]"))
                .isEqualTo("[4, 0, 1, 3, 4, 5, 7]");
        assertThat(python.repr("m.wide(7) == u'h\\xf2\\u20ac\\U0001f600\\0\\U0010ffffz'"))
                .isEqualTo("True");
        assertThat(python.repr("m.points(*[0x1f600] * 1000) == u'\\U0001f600' * 1000"))
                .isEqualTo("True");
        assertThat(python.repr("m.points(0xd7ff, 0xe000, 0xffff, 0x10000) == u'\\ud7ff\\ue000\\uffff\\U00010000'"))
                .isEqualTo("True");
    }

    @Test
    void wideCharactersThatAreNoTextAreValueErrors() {
        loadDecoders();

        for (String point : new String[] {"0xd800", "0xdbff", "0xdc00", "0xdfff"}) {
            assertThat(python.raised("m.points(97, %s)".formatted(point)))
                    .as(point)
                    .startsWith("ValueError: ")
                    .contains("surrogate");
        }
        for (String point : new String[] {"0x110000", "0x7fffffff", "0xffffffff"}) {
            assertThat(python.raised("m.points(97, %s)".formatted(point)))
                    .as(point)
                    .startsWith("ValueError: character ")
                    .contains("is not in range [U+0000; U+10ffff]");
        }
    }

    @Test
    void encodedObjectsTakeAnyEncodingAndErrorHandler() {
        loadDecoders();
        python.exec(
                "utf8 = 'hell\\xc3\\xb6'\nutf16 = '\\xff\\xfeh\\x00e\\x00l\\x00l\\x00\\xf6\\x00'\nhello = u'hell\\xf6'");

        for (String errors : new String[] {"None", "'strict'", "'ignore'", "'replace'"}) {
            assertThat(python.repr(
                            "[m.object(o, e, %s) for o, e in (('hello', 'ascii'), (utf8, 'utf8'), (utf8, 'UTF-8'), (utf8, None), (utf16, 'utf16'), ('', None))]"
                                    .formatted(errors)))
                    .isEqualTo("[u'hello', u'hell\\xf6', u'hell\\xf6', u'hell\\xf6', u'hell\\xf6', u'']");
        }
        for (String encoding : new String[] {"None", "'utf8'"}) {
            assertThat(python.raised("m.object(utf16, %s, None)".formatted(encoding)))
                    .startsWith("UnicodeDecodeError: ");
            assertThat(python.repr("m.object(utf16, %s, 'replace')".formatted(encoding)))
                    .isEqualTo("u'\\ufffd\\ufffdh\\x00e\\x00l\\x00l\\x00\\ufffd\\x00'");
            assertThat(python.repr("m.object(utf16, %s, 'ignore')".formatted(encoding)))
                    .isEqualTo("u'h\\x00e\\x00l\\x00l\\x00\\x00'");
        }
        assertThat(python.repr("m.object('\\xe2hello\\xed\\xa0\\x80', None, 'replace')"))
                .as("good characters are no part of a bad one")
                .isEqualTo("u'\\ufffdhello\\ufffd\\ufffd\\ufffd'");
        assertThat(python.repr("m.object('\\xf0\\x9f\\x98\\x80' * 5000, None, 'replace') == u'\\U0001f600' * 5000"))
                .isEqualTo("True");
        assertThat(python.repr("[m.object(o, None, None) for o in (bytearray(utf8), memoryview(utf8))]"))
                .isEqualTo("[u'hell\\xf6', u'hell\\xf6']");
    }

    @Test
    void anErrorHandlerOfPythonIsAsked() {
        loadDecoders();
        python.exec(
                "import codecs\ncodecs.register_error('hpyve.test', lambda e: (u'<%d-%d>' % (e.start, e.end), e.end))");

        assertThat(python.repr("m.object('a\\xffb\\xe2\\x82', None, 'hpyve.test')"))
                .isEqualTo("u'a<1-2>b<3-5>'");
    }

    @Test
    void whatCannotBeDecodedIsAnError() {
        loadDecoders();

        assertThat(python.raised("m.object('hello', 'qwertyasdf13', None)"))
                .startsWith("LookupError: unknown encoding");
        assertThat(python.raised("m.object(u'hello', None, None)"))
                .isEqualTo("TypeError: decoding str is not supported");
        assertThat(python.raised("m.object(123, None, None)"))
                .isEqualTo("TypeError: decoding to str: need a bytes-like object, int found");
        assertThat(python.raised("m.object('6162', 'hex', None)"))
                .startsWith("TypeError: decoder did not return a unicode");
        assertThat(python.raised("m.object('a\\xff', None, 'no such handler')")).startsWith("LookupError: ");
        assertThat(python.raised("m.null_object()")).startsWith("SystemError: ");
    }
}
