package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bytes, which are Python 2.7's str: any byte, any length, and a pointer that holds as long as the handle. */
class BytesApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void load() {
        python.loadFunctions(
                "check:O size:O size_macro:O copy:O copy_macro:O c_string:O part:VARARGS null_part:O null_string:NOARGS"
                        + " literal:NOARGS pointers:O after_text:O text_after:O terminated:O survives:O of_null:NOARGS check_null:NOARGS",
                """
                #include <string.h>
                static HPy check_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyLong_FromInt32_t(ctx, HPyBytes_Check(ctx, arg));
                }
                static HPy number(HPyContext *ctx, HPy_ssize_t n)
                {
                    return n == -1 && HPyErr_Occurred(ctx) ? HPy_NULL : HPyLong_FromSsize_t(ctx, n);
                }
                static HPy size_impl(HPyContext *ctx, HPy self, HPy arg) { return number(ctx, HPyBytes_Size(ctx, arg)); }
                static HPy size_macro_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return number(ctx, HPyBytes_GET_SIZE(ctx, arg));
                }
                static HPy copy_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    const char *content = HPyBytes_AsString(ctx, arg);
                    return content ? HPyBytes_FromStringAndSize(ctx, content, HPyBytes_Size(ctx, arg)) : HPy_NULL;
                }
                static HPy copy_macro_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    const char *content = HPyBytes_AS_STRING(ctx, arg);
                    return content ? HPyBytes_FromStringAndSize(ctx, content, HPyBytes_GET_SIZE(ctx, arg)) : HPy_NULL;
                }
                static HPy c_string_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyBytes_FromString(ctx, HPyBytes_AsString(ctx, arg));
                }
                static HPy part_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPyBytes_FromStringAndSize(ctx, HPyBytes_AsString(ctx, args[0]),
                                                      HPyLong_AsSsize_t(ctx, args[1]));
                }
                static HPy null_part_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyBytes_FromStringAndSize(ctx, NULL, HPyLong_AsSsize_t(ctx, arg));
                }
                static HPy null_string_impl(HPyContext *ctx, HPy self) { return HPyBytes_FromString(ctx, NULL); }
                static HPy literal_impl(HPyContext *ctx, HPy self) { return HPyBytes_FromString(ctx, "a\\xff\\0b"); }
                static HPy pointers_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    const char *first = HPyBytes_AsString(ctx, arg);
                    HPy other = HPyBytes_FromStringAndSize(ctx, first, HPyBytes_Size(ctx, arg));
                    HPy dup = HPy_Dup(ctx, arg);
                    const char *theirs = HPyBytes_AsString(ctx, other);
                    bool same = first == HPyBytes_AS_STRING(ctx, arg) && first == HPyBytes_AsString(ctx, dup)
                                && first != theirs && memcmp(first, theirs, (size_t)HPyBytes_Size(ctx, arg)) == 0;
                    HPy_Close(ctx, dup);
                    HPy_Close(ctx, other);
                    return HPyBool_FromBool(ctx, same && first == HPyBytes_AsString(ctx, arg));
                }
                /* What one reader left in the handle must not be given to the other. */
                static HPy after_text_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    if (!HPyUnicode_AsUTF8AndSize(ctx, arg, NULL))
                        return HPy_NULL;
                    const char *content = HPyBytes_AsString(ctx, arg);
                    return content ? HPyBytes_FromString(ctx, content) : HPy_NULL;
                }
                static HPy text_after_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    const char *content = HPyBytes_AsString(ctx, arg);
                    if (!content)
                        return HPy_NULL;
                    const char *text = HPyUnicode_AsUTF8AndSize(ctx, arg, NULL);
                    return text ? HPyBool_FromBool(ctx, text == content) : HPy_NULL;
                }
                static HPy terminated_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyLong_FromInt32_t(ctx, HPyBytes_AsString(ctx, arg)[HPyBytes_Size(ctx, arg)]);
                }
                /* Enough new handles that the table grows; the pointer must not care. */
                static HPy survives_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    enum { MANY = 2000 };
                    static HPy many[MANY];
                    const char *before = HPyBytes_AsString(ctx, arg);
                    for (int i = 0; i < MANY; i++)
                        many[i] = HPyBytes_FromString(ctx, "x");
                    bool same = before == HPyBytes_AsString(ctx, arg);
                    HPy copy = HPyBytes_FromString(ctx, before);
                    for (int i = 0; i < MANY; i++)
                        HPy_Close(ctx, many[i]);
                    if (same)
                        return copy;
                    HPy_Close(ctx, copy);
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPy check_null_impl(HPyContext *ctx, HPy self)
                {
                    return HPyBytes_Check(ctx, HPy_NULL) ? HPy_Dup(ctx, self) : HPy_NULL;
                }
                static HPy of_null_impl(HPyContext *ctx, HPy self)
                {
                    HPyBytes_AsString(ctx, HPy_NULL);
                    return HPy_NULL;
                }
                """);
        python.exec("class Sub(str): pass\nevery = ''.join(chr(i) for i in range(256))");
    }

    @Test
    void strAndItsSubclassesAreBytes() {
        assertThat(python.repr("[m.check(x) for x in ('a', '', '\\xff', Sub('a'))]"))
                .isEqualTo("[1, 1, 1, 1]");
        assertThat(python.repr("[m.check(x) for x in (u'a', bytearray('a'), 1, 1.5, None, [], str)]"))
                .isEqualTo("[0, 0, 0, 0, 0, 0, 0]");
    }

    @Test
    void sizesCountBytes() {
        for (String size : new String[] {"size", "size_macro"}) {
            assertThat(python.repr("[m.%s(x) for x in ('', 'hello', 'a\\0b', every, Sub('abc'), 'x' * 100000)]"
                            .formatted(size)))
                    .isEqualTo("[0, 5, 3, 256, 3, 100000]");
        }
    }

    @Test
    void everyByteSurvivesTheWayToCAndBack() {
        for (String copy : new String[] {"copy", "copy_macro"}) {
            assertThat(python.repr(
                            "all(m.%s(x) == x for x in ('', 'a', '\\0', 'a\\0b\\0', every, Sub(every), 'x' * 100000))"
                                    .formatted(copy)))
                    .isEqualTo("True");
            assertThat(python.repr("type(m.%s(Sub('a')))".formatted(copy))).isEqualTo("<type 'str'>");
        }
        assertThat(python.repr("m.copy('\\xe9')")).isEqualTo("'\\xe9'");
    }

    @Test
    void aCStringEndsAtItsNul() {
        assertThat(python.repr("m.literal()")).isEqualTo("'a\\xff'");
        assertThat(python.repr("m.c_string('ab\\0cd')")).isEqualTo("'ab'");
        assertThat(python.repr("m.c_string('')")).isEqualTo("''");
        assertThat(python.repr("[m.terminated(x) for x in ('', 'a', every)]")).isEqualTo("[0, 0, 0]");
    }

    @Test
    void aSizeSaysHowManyBytesAreTaken() {
        assertThat(python.repr("[m.part('abc', n) for n in (0, 2, 3)]")).isEqualTo("['', 'ab', 'abc']");
        assertThat(python.repr("m.part('a\\0c', 3)")).isEqualTo("'a\\x00c'");
        assertThat(python.raised("m.part('abc', -1)"))
                .isEqualTo("SystemError: negative size passed to HPyBytes_FromStringAndSize");
        for (int size = -1; size <= 1; size++) {
            assertThat(python.raised("m.null_part(%d)".formatted(size)))
                    .isEqualTo("ValueError: NULL char * passed to HPyBytes_FromStringAndSize");
        }
        assertThat(python.raised("m.null_string()")).startsWith("ValueError: NULL char * passed to HPyBytes_From");
    }

    @Test
    void thePointerHoldsAsLongAsTheHandle() {
        assertThat(python.repr("[m.pointers(x) for x in ('', 'abc', every, Sub('abc'))]"))
                .isEqualTo("[True, True, True, True]");
        assertThat(python.repr("m.survives('content')")).isEqualTo("'content'");
    }

    @Test
    void whatIsNoStrIsATypeError() {
        for (String function : new String[] {"size", "size_macro", "copy", "copy_macro"}) {
            assertThat(python.raised("m.%s(u'abc')".formatted(function)))
                    .as(function)
                    .isEqualTo("TypeError: expected bytes, unicode found");
            assertThat(python.raised("m.%s(12)".formatted(function)))
                    .as(function)
                    .isEqualTo("TypeError: expected bytes, int found");
            assertThat(python.raised("m.%s(1.5)".formatted(function)))
                    .as(function)
                    .isEqualTo("TypeError: expected bytes, float found");
            assertThat(python.raised("m.%s(None)".formatted(function)))
                    .as(function)
                    .isEqualTo("TypeError: expected bytes, NoneType found");
            assertThat(python.raised("m.%s(bytearray('abc'))".formatted(function)))
                    .as(function)
                    .isEqualTo("TypeError: expected bytes, bytearray found");
        }
        assertThat(python.raised("m.of_null()")).startsWith("SystemError: ").contains("HPy_NULL");
        assertThat(python.raised("m.check_null()")).startsWith("SystemError: ").contains("HPyBytes_Check");
    }

    @Test
    void textThatWasReadIsNotGivenAsBytesNorBytesAsText() {
        assertThat(python.raised("m.after_text(u'abc')")).isEqualTo("TypeError: expected bytes, unicode found");
        assertThat(python.raised("m.text_after('\\xff')"))
                .startsWith("TypeError: ")
                .contains("expected unicode");
        assertThat(python.repr("m.after_text('abc')")).isEqualTo("'abc'");
        assertThat(python.repr("m.text_after('abc')")).isEqualTo("True");
    }
}
