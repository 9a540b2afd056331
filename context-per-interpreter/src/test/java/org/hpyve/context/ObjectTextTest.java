package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Text forms, bytes and the dump of objects. */
class ObjectTextTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void load() {
        python.loadFunctions("repr:O str_:O ascii:O bytes_:O of_null:NOARGS dump:O", """
                #define STRING(h) HPyBytes_AsString(ctx, h)
                #define INDEX(h) HPyLong_AsSsize_t(ctx, h)
                #define FUNCTION(name, result)                                                              \\
                    static HPy name##_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)        \\
                    {                                                                                       \\
                        return result;                                                                      \\
                    }
                #define FUNCTION_O(name, result) \\
                    static HPy name##_impl(HPyContext *ctx, HPy self, HPy arg) { return result; }

                FUNCTION_O(repr, HPy_Repr(ctx, arg))
                FUNCTION_O(str_, HPy_Str(ctx, arg))
                FUNCTION_O(ascii, HPy_ASCII(ctx, arg))
                FUNCTION_O(bytes_, HPy_Bytes(ctx, arg))
                static HPy of_null_impl(HPyContext *ctx, HPy self)
                {
                    HPy items[] = {HPy_Repr(ctx, HPy_NULL), HPy_Str(ctx, HPy_NULL), HPy_ASCII(ctx, HPy_NULL),
                                   HPy_Bytes(ctx, HPy_NULL)};
                    HPy tuple = HPyTuple_FromArray(ctx, items, 4);
                    for (int i = 0; i < 4; i++)
                        HPy_Close(ctx, items[i]);
                    return tuple;
                }
                static HPy dump_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    _HPy_Dump(ctx, arg);
                    return HPy_Dup(ctx, ctx->h_None);
                }
                """);
        python.exec("""
                class Plain(object): pass
                """);
    }

    @Test
    void textFormsAreUnicode() {
        python.exec("""
                class Named(object):
                    def __repr__(self): return 'repr'
                    def __str__(self): return 'str'
                class Wide(object):
                    def __repr__(self): return u'<\\xe9>\\u20ac\\U0001f600'
                    def __unicode__(self): return u'\\u20ac'
                class SubUnicode(unicode): pass
                class OldNamed:
                    def __repr__(self): return 'old'
                """);

        assertThat(python.repr("[m.repr(x) for x in (1, 5L, 1.5, 'a', u'\\u20ac', None, [1], Named(), OldNamed())]"))
                .isEqualTo("[u'1', u'5L', u'1.5', u\"'a'\", u\"u'\\\\u20ac'\", u'None', u'[1]', u'repr', u'old']");
        assertThat(python.repr(
                        "[m.str_(x) for x in (1, 5L, 1.5, 'a', u'\\u20ac', None, [1], Named(), Wide(), OldNamed())]"))
                .isEqualTo("[u'1', u'5', u'1.5', u'a', u'\\u20ac', u'None', u'[1]', u'str', u'\\u20ac', u'old']");
        assertThat(python.repr("[m.ascii(x) for x in (1, 'a', u'\\u20ac', Named())]"))
                .isEqualTo("[u'1', u\"'a'\", u\"u'\\\\u20ac'\", u'repr']");
        assertThat(python.repr("m.repr(Wide())")).isEqualTo("u'<\\xe9>\\u20ac\\U0001f600'");
        assertThat(python.repr("m.ascii(Wide())")).isEqualTo("u'<\\\\xe9>\\\\u20ac\\\\U0001f600'");
        assertThat(python.repr("(m.str_(SubUnicode(u'x')), type(m.str_(SubUnicode(u'x'))))"))
                .isEqualTo("(u'x', <type 'unicode'>)");
        assertThat(python.repr("m.of_null()")).isEqualTo("(u'<NULL>', u'<NULL>', u'<NULL>', '<NULL>')");
    }

    @Test
    void errorsOfTextFormsArePassedOn() {
        python.exec("""
                class Wrong(object):
                    def __repr__(self): return 5
                    def __str__(self): return None
                class Fails(object):
                    def __repr__(self): raise KeyError('r')
                    def __str__(self): raise KeyError('s')
                """);

        assertThat(python.raised("m.repr(Wrong())")).startsWith("TypeError: __repr__ returned non-string");
        assertThat(python.raised("m.ascii(Wrong())")).startsWith("TypeError: __repr__ returned non-string");
        assertThat(python.raised("m.str_(Wrong())")).startsWith("TypeError: __str__ ");
        assertThat(python.raised("m.repr(Fails())")).isEqualTo("KeyError: 'r'");
        assertThat(python.raised("m.ascii(Fails())")).isEqualTo("KeyError: 'r'");
        assertThat(python.raised("m.str_(Fails())")).isEqualTo("KeyError: 's'");
        assertThat(python.raised("m.str_('\\xff')"))
                .startsWith("UnicodeDecodeError: 'ascii' codec can't decode byte 0xff");
    }

    @Test
    void bytesAreMadeAsBytesOfPython3Does() {
        python.exec("""
                from array import array
                class Own(object):
                    def __bytes__(self): return 'own'
                class OldOwn:
                    def __bytes__(self): return 'old'
                class Wrong(object):
                    def __bytes__(self): return u'text'
                class Fails(object):
                    def __bytes__(self): raise KeyError('b')
                class Index(object):
                    def __index__(self): return 67
                class FailingIter(object):
                    def __iter__(self): raise KeyError('i')
                class Sub(str): pass
                s = 'abc'
                """);

        assertThat(
                        python.repr(
                                "[m.bytes_(x) for x in ('a\\0\\xff', Sub('s'), Own(), OldOwn(), bytearray('ab\\xff'), memoryview('mv'),"
                                        + " array('B', [65, 66]), [65, 66L, True, Index()], (0, 255), set([65]), {66: 1}, xrange(65, 68), [])]"))
                .isEqualTo(
                        "['a\\x00\\xff', 's', 'own', 'old', 'ab\\xff', 'mv', 'AB', 'AB\\x01C', '\\x00\\xff', 'A', 'B',"
                                + " 'ABC', '']");
        assertThat(python.repr("(m.bytes_(s) is s, type(m.bytes_(Sub('s'))))")).isEqualTo("(True, <type 'str'>)");
        for (String[] pair : new String[][] {
            {"5", "int"},
            {"2**100", "long"},
            {"1.5", "float"},
            {"u'abc'", "unicode"},
            {"None", "NoneType"},
            {"Plain()", "Plain"}
        }) {
            assertThat(python.raised("m.bytes_(%s)".formatted(pair[0])))
                    .isEqualTo("TypeError: cannot convert '%s' object to bytes".formatted(pair[1]));
        }
        assertThat(python.raised("m.bytes_([256])")).isEqualTo("ValueError: bytes must be in range(0, 256)");
        assertThat(python.raised("m.bytes_([-1])")).isEqualTo("ValueError: bytes must be in range(0, 256)");
        assertThat(python.raised("m.bytes_(['a'])"))
                .isEqualTo("TypeError: 'str' object cannot be interpreted as an integer");
        assertThat(python.raised("m.bytes_(Wrong())"))
                .isEqualTo("TypeError: __bytes__ returned non-bytes (type unicode)");
        assertThat(python.raised("m.bytes_(Fails())")).isEqualTo("KeyError: 'b'");
        assertThat(python.raised("m.bytes_(FailingIter())")).isEqualTo("KeyError: 'i'");
    }

    @Test
    void aDumpRaisesNothing() {
        assertThat(python.repr("[m.dump(x) for x in ('hello', 5, None)]")).isEqualTo("[None, None, None]");
    }
}
