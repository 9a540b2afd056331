package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Strict text: only unicode is text, and a str is bytes whatever it holds. */
class UnicodeApiStrictTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension(true);

    @BeforeEach
    void load() {
        python.loadFunctions(
                "check:O utf8:O utf8_after_bytes:O as_ascii:O as_latin1:O as_utf8:O as_fs:O read:O part:O decode:O"
                        + " object:O repr:O str_:O attr:VARARGS",
                """
                static HPy check_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyLong_FromInt32_t(ctx, HPyUnicode_Check(ctx, arg) + 2 * HPyBytes_Check(ctx, arg));
                }
                static HPy utf8_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    const char *text = HPyUnicode_AsUTF8AndSize(ctx, arg, NULL);
                    return text ? HPyBytes_FromString(ctx, text) : HPy_NULL;
                }
                static HPy utf8_after_bytes_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyBytes_AsString(ctx, arg) ? utf8_impl(ctx, self, arg) : HPy_NULL;
                }
                static HPy as_ascii_impl(HPyContext *ctx, HPy self, HPy arg) { return HPyUnicode_AsASCIIString(ctx, arg); }
                static HPy as_latin1_impl(HPyContext *ctx, HPy self, HPy arg) { return HPyUnicode_AsLatin1String(ctx, arg); }
                static HPy as_utf8_impl(HPyContext *ctx, HPy self, HPy arg) { return HPyUnicode_AsUTF8String(ctx, arg); }
                static HPy as_fs_impl(HPyContext *ctx, HPy self, HPy arg) { return HPyUnicode_EncodeFSDefault(ctx, arg); }
                static HPy read_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_UCS4 point = HPyUnicode_ReadChar(ctx, arg, 0);
                    return point == (HPy_UCS4)-1 ? HPy_NULL : HPyLong_FromUInt32_t(ctx, point);
                }
                static HPy part_impl(HPyContext *ctx, HPy self, HPy arg) { return HPyUnicode_Substring(ctx, arg, 0, 1); }
                static HPy decode_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyUnicode_FromString(ctx, HPyBytes_AsString(ctx, arg));
                }
                static HPy object_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyUnicode_FromEncodedObject(ctx, arg, NULL, NULL);
                }
                static HPy repr_impl(HPyContext *ctx, HPy self, HPy arg) { return HPy_Repr(ctx, arg); }
                static HPy str__impl(HPyContext *ctx, HPy self, HPy arg) { return HPy_Str(ctx, arg); }
                static HPy attr_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPy_GetAttr(ctx, args[0], args[1]);
                }
                """);
        python.exec("class Sub(unicode): pass\nclass SubStr(str): pass");
    }

    @Test
    void onlyUnicodeIsText() {
        assertThat(
                        python.repr(
                                "[m.check(x) for x in (u'', u'a', u'\\u20ac', Sub(u'a'), '', 'a', '\\xff', SubStr('a'), 5, None)]"))
                .isEqualTo("[1, 1, 1, 1, 2, 2, 2, 2, 0, 0]");
    }

    @Test
    void aStrIsRefusedWhereTextIsRead() {
        for (String function :
                new String[] {"utf8", "utf8_after_bytes", "as_ascii", "as_latin1", "as_utf8", "as_fs", "read", "part"
                }) {
            for (String value : new String[] {"''", "'abc'", "'\\xff'"}) {
                assertThat(python.raised("m.%s(%s)".formatted(function, value)))
                        .as("%s of %s", function, value)
                        .startsWith("TypeError: HPyUnicode_")
                        .endsWith(": expected unicode, str found");
            }
        }
    }

    @Test
    void unicodeIsReadAsEver() {
        assertThat(python.repr(
                        "(m.utf8(u'\\u20ac'), m.as_ascii(u'a'), m.as_latin1(u'\\xe9'), m.as_utf8(u'\\xe9'), m.as_fs(u'b'),"
                                + " m.read(u'\\U0001f600'), m.part(u'\\U0001f600b'), m.utf8(Sub(u'x')))"))
                .isEqualTo("('\\xe2\\x82\\xac', 'a', '\\xe9', '\\xc3\\xa9', 'b', 128512, u'\\U0001f600', 'x')");
    }

    @Test
    void strCanStillBeDecodedAndNamesAttributes() {
        assertThat(python.repr("(m.decode('\\xc3\\xa9'), m.object('abc'), m.object('\\xc3\\xa9'))"))
                .isEqualTo("(u'\\xe9', u'abc', u'\\xe9')");
        assertThat(python.repr("(m.attr(m, '__name__'), m.attr(m, u'__name__'))"))
                .isEqualTo("('m', 'm')");
        assertThat(python.repr("(m.repr('a'), m.str_('a'))")).isEqualTo("(u\"'a'\", u'a')");
    }
}
