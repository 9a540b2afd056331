package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Members: fields of the C struct which Python reads and writes as attributes. */
class MemberTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    /** Every type of member twice, once to be written and once read-only, with a guard behind each field. */
    private static final String MEMBERS = """
            #include <string.h>
            #define FIELDS(FIELD)                                                                           \\
                FIELD(SHORT, short, ) FIELD(INT, int, ) FIELD(LONG, long, ) FIELD(FLOAT, float, )           \\
                FIELD(DOUBLE, double, ) FIELD(STRING, const char *, ) FIELD(OBJECT, HPyField, )             \\
                FIELD(CHAR, char, ) FIELD(BYTE, signed char, ) FIELD(UBYTE, unsigned char, )                \\
                FIELD(USHORT, unsigned short, ) FIELD(UINT, unsigned int, ) FIELD(ULONG, unsigned long, )   \\
                FIELD(STRING_INPLACE, char, [12]) FIELD(BOOL, char, ) FIELD(OBJECT_EX, HPyField, )          \\
                FIELD(LONGLONG, long long, ) FIELD(ULONGLONG, unsigned long long, )                         \\
                FIELD(HPYSSIZET, HPy_ssize_t, ) FIELD(NONE, char, )

            #define DECLARE(TYPE, CTYPE, ARRAY) CTYPE f_##TYPE ARRAY; unsigned char guard_##TYPE;
            typedef struct { FIELDS(DECLARE) } All;
            HPyType_HELPERS(All)

            #define MEMBER(TYPE, CTYPE, ARRAY)                                                              \\
                HPyDef_MEMBER(w_##TYPE, #TYPE, HPyMember_##TYPE, offsetof(All, f_##TYPE), .doc = "A " #TYPE)  \\
                HPyDef_MEMBER(r_##TYPE, "r_" #TYPE, HPyMember_##TYPE, offsetof(All, f_##TYPE), .readonly = 1)
            FIELDS(MEMBER)

            #define GUARD(TYPE, CTYPE, ARRAY) all->guard_##TYPE = 0xa5;
            HPyDef_SLOT(All_new, HPy_tp_new)
            static HPy All_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw)
            {
                All *all;
                HPy self = HPy_New(ctx, cls, &all);
                if (!HPy_IsNull(self)) {
                    FIELDS(GUARD)
                }
                return self;
            }
            #define CHECK(TYPE, CTYPE, ARRAY) if (all->guard_##TYPE != 0xa5) return HPyUnicode_FromString(ctx, #TYPE);
            HPyDef_METH(broken, "broken", HPyFunc_NOARGS)
            static HPy broken_impl(HPyContext *ctx, HPy self)
            {
                All *all = All_AsStruct(ctx, self);
                FIELDS(CHECK)
                return HPy_Dup(ctx, ctx->h_None);
            }
            HPyDef_METH(texts, "texts", HPyFunc_O)
            static HPy texts_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                static const char *texts[] = {"", "Hello", "\\xe2\\x82\\xac", "a\\xff"};
                const char *text = texts[HPyLong_AsLong(ctx, arg)];
                All *all = All_AsStruct(ctx, self);
                all->f_STRING = text;
                strcpy(all->f_STRING_INPLACE, text);
                all->f_CHAR = text[1];
                return HPy_Dup(ctx, ctx->h_None);
            }
            HPyDef_METH(object, "object", HPyFunc_O)
            static HPy object_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                All *all = All_AsStruct(ctx, self);
                HPy old = HPyField_IsNull(all->f_OBJECT) ? HPy_Dup(ctx, ctx->h_Ellipsis)
                                                         : HPyField_Load(ctx, self, all->f_OBJECT);
                HPyField_Store(ctx, self, &all->f_OBJECT, arg);
                HPyField_Store(ctx, self, &all->f_OBJECT_EX, HPy_NULL);
                return old;
            }
            #define LIST(TYPE, CTYPE, ARRAY) &w_##TYPE, &r_##TYPE,
            SPEC(All, HPy_TPFLAGS_BASETYPE, &All_new, &broken, &texts, &object, FIELDS(LIST) NULL)

            typedef struct { All all; short own; } Sub;
            HPyType_HELPERS(Sub)
            HPyDef_MEMBER(Sub_own, "own", HPyMember_SHORT, offsetof(Sub, own))
            SPEC(Sub, HPy_TPFLAGS_BASETYPE, &Sub_own, NULL)
            """;

    @BeforeEach
    void loadMembers() {
        python.loadTypes("All Sub:All", "", MEMBERS);
        python.exec("""
                import warnings
                o = All()
                integers = [('BYTE', 8, 1), ('UBYTE', 8, 0), ('SHORT', 16, 1), ('USHORT', 16, 0), ('INT', 32, 1),
                            ('UINT', 32, 0), ('LONG', 64, 1), ('ULONG', 64, 0), ('LONGLONG', 64, 1), ('ULONGLONG', 64, 0),
                            ('HPYSSIZET', 64, 1)]
                def limits(bits, signed):
                    return (-2 ** (bits - 1), 2 ** (bits - 1) - 1) if signed else (0, 2 ** bits - 1)
                def raised(name, value):
                    try: setattr(o, name, value)
                    except Exception as e: return type(e).__name__
                def removed(name):
                    try: delattr(o, name)
                    except Exception as e: return type(e).__name__
                def warned(name, value):
                    with warnings.catch_warnings(record=True) as log:
                        warnings.simplefilter('always')
                        setattr(o, name, value)
                    return getattr(o, name), [(w.category.__name__, str(w.message)) for w in log]
                """);
    }

    @Test
    void integersKeepAllValuesBetweenTheirLimits() {
        python.exec("""
                wrong = []
                for name, bits, signed in integers:
                    least, most = limits(bits, signed)
                    for value in (least, most, 0, 1, 100, most // 3, True):
                        got = warned(name, value)
                        if got != (value, []) or getattr(o, 'r_' + name) != value or type(got[0]) not in (int, long):
                            wrong.append((name, value, got))
                """);

        assertThat(python.repr("wrong")).isEqualTo("[]");
        assertThat(python.repr("o.broken()")).as("a field beside was written").isEqualTo("None");
    }

    @Test
    void integersBeyondTheLimitsAreCutOffWithAWarning() {
        assertThat(python.repr(
                        "[warned(n, v) for n, v in (('BYTE', 128), ('BYTE', -129), ('UBYTE', 256), ('UBYTE', -1))]"))
                .isEqualTo("[(-128, [('RuntimeWarning', 'Truncation of value to char')]),"
                        + " (127, [('RuntimeWarning', 'Truncation of value to char')]),"
                        + " (0, [('RuntimeWarning', 'Truncation of value to unsigned char')]),"
                        + " (255, [('RuntimeWarning', 'Truncation of value to unsigned char')])]");
        assertThat(python.repr("[warned(n, v) for n, v in (('SHORT', 2**15), ('USHORT', 2**16 + 3), ('INT', 2**31),"
                        + " ('UINT', 2**32 + 5))]"))
                .isEqualTo("[(-32768, [('RuntimeWarning', 'Truncation of value to short')]),"
                        + " (3, [('RuntimeWarning', 'Truncation of value to unsigned short')]),"
                        + " (-2147483648, [('RuntimeWarning', 'Truncation of value to int')]),"
                        + " (5, [('RuntimeWarning', 'Truncation of value to unsigned int')])]");
        assertThat(python.repr("o.broken()")).as("a field beside was written").isEqualTo("None");
    }

    @Test
    void negativeValuesOfUnsignedFieldsAreWarnedOf() {
        python.exec("u, l = warned('UINT', -1), warned('ULONG', -2)");

        assertThat(python.repr("u[0] == 2 ** 32 - 1, l[0] == 2 ** 64 - 2")).isEqualTo("(True, True)");
        assertThat(python.repr("u[1][0] == l[1][0], l[1]"))
                .isEqualTo("(True, [('RuntimeWarning', 'Writing negative value into unsigned field')])");
    }

    @Test
    void aWarningMayBeAnError() {
        python.exec("""
                def strict(name, value):
                    with warnings.catch_warnings():
                        warnings.simplefilter('error')
                        setattr(o, name, value)
                """);

        assertThat(python.raised("strict('SHORT', 40000)")).isEqualTo("RuntimeWarning: Truncation of value to short");
    }

    @Test
    void integersThatNoCTypeHoldsAreOverflows() {
        python.exec("for name, bits, signed in integers: setattr(o, name, 42)");

        assertThat(python.repr(
                        "set(raised(name, v) for name, bits, signed in integers for v in (2**200, -2**200, 2**64))"))
                .isEqualTo("set(['OverflowError'])");
        assertThat(python.repr("[raised(n, 2**63) for n in ('LONG', 'LONGLONG', 'HPYSSIZET', 'BYTE', 'INT')]"))
                .isEqualTo("['OverflowError', 'OverflowError', 'OverflowError', 'OverflowError', 'OverflowError']");
        assertThat(python.repr("set(getattr(o, name) for name, bits, signed in integers)"))
                .isEqualTo("set([42])");
    }

    @Test
    void integersTakeNothingElse() {
        python.exec("for name, bits, signed in integers: setattr(o, name, 42)\n"
                + "class Index(object):\n    def __index__(self): return 7\n"
                + "class Int(int): pass\n"
                + "o.SHORT = Index(); o.LONG = Index(); o.UBYTE = Int(8)");

        assertThat(python.repr("o.SHORT, o.LONG, o.UBYTE, type(o.UBYTE)")).isEqualTo("(7, 7, 8, <type 'int'>)");
        assertThat(python.repr("set(raised(n, v) for n, b, s in integers for v in (None, '5', u'5', 1.5, [], 1j))"))
                .isEqualTo("set(['TypeError'])");
        assertThat(python.repr("set(removed(n) for n, b, s in integers), o.INT, o.ULONGLONG"))
                .isEqualTo("(set(['TypeError']), 42, 42)");
    }

    @Test
    void floatsHaveThePrecisionOfTheirCType() {
        python.exec("o.FLOAT = 0.1; o.DOUBLE = 0.1; first = o.FLOAT, o.DOUBLE; o.FLOAT = 3; o.DOUBLE = 2 ** 60");

        assertThat(python.repr(
                        "first[0] == 0.1, abs(first[0] - 0.1) < 1e-8, first[1] == 0.1, o.FLOAT, o.DOUBLE == 2.0 ** 60"))
                .isEqualTo("(False, True, True, 3.0, True)");
        python.exec("o.FLOAT = float('-inf'); o.DOUBLE = float('nan')");
        assertThat(python.repr("o.FLOAT, o.DOUBLE != o.DOUBLE, type(o.FLOAT)"))
                .isEqualTo("(-inf, True, <type 'float'>)");
        python.exec("o.FLOAT = 1e300");
        assertThat(python.repr("o.FLOAT, o.broken()")).isEqualTo("(inf, None)");
        assertThat(python.repr("set(raised(n, v) for n in ('FLOAT', 'DOUBLE') for v in (None, '1.5', [], 1j))"))
                .isEqualTo("set(['TypeError'])");
        assertThat(python.repr("raised('DOUBLE', 2 ** 5000), removed('FLOAT'), removed('DOUBLE')"))
                .isEqualTo("('OverflowError', 'TypeError', 'TypeError')");
    }

    @Test
    void aBoolIsTrueOrFalseAndNothingElse() {
        python.exec("before = o.BOOL; o.BOOL = True");

        assertThat(python.repr("before, o.BOOL, o.r_BOOL, o.BOOL is True")).isEqualTo("(False, True, True, True)");
        assertThat(python.raised("setattr(o, 'BOOL', 0)")).isEqualTo("TypeError: attribute value type must be bool");
        assertThat(python.repr("raised('BOOL', None), raised('BOOL', 'x'), removed('BOOL'), o.BOOL, o.broken()"))
                .isEqualTo("('TypeError', 'TypeError', 'TypeError', True, None)");
    }

    @Test
    void aCharIsATextOfOneCharacter() {
        python.exec("zero = o.CHAR; o.CHAR = 'B'; first = o.CHAR; o.CHAR = u'C'");

        assertThat(python.repr("zero, first, o.CHAR, o.r_CHAR")).isEqualTo("(u'\\x00', u'B', u'C', u'C')");
        assertThat(python.repr("set(raised('CHAR', v) for v in ('', 'AB', u'\\xe9', u'\\u20ac', 65, None, ['A']))"))
                .isEqualTo("set(['TypeError'])");
        assertThat(python.repr("removed('CHAR'), o.CHAR, o.broken()")).isEqualTo("('TypeError', u'C', None)");
    }

    @Test
    void textsOfCAreReadAsUnicodeAndNeverWritten() {
        assertThat(python.repr("o.STRING, o.STRING_INPLACE")).isEqualTo("(None, u'')");
        python.exec("""
                seen = []
                for i in range(3):
                    o.texts(i)
                    seen.append((o.STRING, o.STRING_INPLACE, o.r_STRING, o.r_STRING_INPLACE))
                """);

        assertThat(python.repr("seen == [(t, t, t, t) for t in (u'', u'Hello', u'\\u20ac')]"))
                .isEqualTo("True");
        assertThat(python.repr("[raised(n, 'world') for n in ('STRING', 'STRING_INPLACE')]"))
                .isEqualTo("['TypeError', 'TypeError']");
        assertThat(python.repr("[removed(n) for n in ('STRING', 'STRING_INPLACE')], o.STRING == u'\\u20ac'"))
                .isEqualTo("(['TypeError', 'TypeError'], True)");
    }

    @Test
    void bytesThatAreNoUtf8CannotBeRead() {
        python.exec("o.texts(3)");

        for (String name : new String[] {"STRING", "STRING_INPLACE", "CHAR"}) {
            assertThat(python.raised("o." + name)).as(name).startsWith("UnicodeDecodeError: ");
        }
    }

    @Test
    void noneIsAlwaysNone() {
        assertThat(python.repr(
                        "o.NONE, o.r_NONE, removed('NONE'), raised('NONE', None) in ('SystemError', 'TypeError')"))
                .isEqualTo("(None, None, 'TypeError', True)");
    }

    @Test
    void objectsAreTheSameForPythonAndForC() {
        python.exec("""
                class Mine(object): pass
                a, b = Mine(), Mine()
                empty = o.OBJECT, o.r_OBJECT
                o.OBJECT = a
                same = o.OBJECT is a, o.r_OBJECT is a, o.object(b) is a, o.OBJECT is b
                o.OBJECT = o
                cycle = o.OBJECT is o
                del o.OBJECT
                """);

        assertThat(python.repr("empty, same, cycle, o.OBJECT, o.object(1), o.OBJECT"))
                .isEqualTo("((None, None), (True, True, True, True), True, None, Ellipsis, 1)");
        python.exec("del o.OBJECT; o.OBJECT = None");
        assertThat(python.repr("o.OBJECT, o.object(2), removed('OBJECT'), removed('OBJECT'), o.OBJECT"))
                .as("an empty one may be deleted, as in CPython")
                .isEqualTo("(None, None, None, None, None)");
    }

    @Test
    void anEmptyObjectExIsNoAttribute() {
        assertThat(python.raised("o.OBJECT_EX")).startsWith("AttributeError: ").contains("OBJECT_EX");
        assertThat(python.raised("o.r_OBJECT_EX")).startsWith("AttributeError: ");
        python.exec(
                "o.OBJECT_EX = [1]; o.OBJECT_EX.append(2); kept = o.OBJECT_EX; o.OBJECT_EX = None; none = o.OBJECT_EX\n"
                        + "del o.OBJECT_EX");
        assertThat(python.repr("kept, none, hasattr(o, 'OBJECT_EX'), o.broken()"))
                .isEqualTo("([1, 2], None, False, None)");
    }

    @Test
    void readOnlyMembersAreNeitherWrittenNorDeleted() {
        python.exec("""
                o.texts(1)
                names = [n for n in dir(All) if n.startswith('r_')]
                before = [getattr(o, n, 'none') for n in names]
                """);

        assertThat(python.repr("len(names), set(raised(n, v) for n in names for v in (43, True, 'A', None, 0.5))"))
                .isEqualTo("(20, set(['AttributeError']))");
        assertThat(python.repr("set(removed(n) for n in names), [getattr(o, n, 'none') for n in names] == before"))
                .isEqualTo("(set(['AttributeError']), True)");
    }

    @Test
    void aMemberIsAnAttributeOfTheTypeWithNameAndDoc() {
        assertThat(python.repr("All.SHORT.__name__, All.SHORT.__doc__, All.r_SHORT.__doc__, 'LONG' in dir(o)"))
                .isEqualTo("('SHORT', 'A SHORT', None, True)");
        assertThat(python.repr("'SHORT' in repr(All.SHORT), 'm.All' in repr(All.SHORT)"))
                .isEqualTo("(True, True)");
    }

    @Test
    void subclassesHaveTheMembersOfTheirBases() {
        python.exec("""
                class P(All):
                    def __init__(self): self.SHORT = 3
                class Q(Sub):
                    @property
                    def LONG(self): return 'mine'
                p, s, q = P(), Sub(), Q()
                s.SHORT = 5; s.own = 6; s.ULONG = 2 ** 64 - 1
                q.own = 7; q.INT = 8
                """);

        assertThat(python.repr("p.SHORT, s.SHORT, s.own, s.ULONG == 2 ** 64 - 1, q.own, q.INT, q.LONG, q.SHORT"))
                .isEqualTo("(3, 5, 6, True, 7, 8, 'mine', 0)");
        assertThat(python.repr("p.broken(), s.broken(), q.broken(), hasattr(o, 'own')"))
                .isEqualTo("(None, None, None, False)");
    }

    @Test
    void aMemberIsReadOfItsOwnInstancesOnly() {
        python.exec("class Thief(object):\n    LONG = All.LONG\n    OBJECT = All.OBJECT\n    own = Sub.own\n"
                + "class Late(All):\n    own = Sub.own\nthief = Thief()");

        for (String access : new String[] {
            "thief.LONG", "thief.OBJECT", "Late().own", "setattr(thief, 'LONG', 5)", "delattr(thief, 'OBJECT')"
        }) {
            assertThat(python.raised(access)).as(access).startsWith("TypeError: descriptor '");
        }
    }

    @Test
    void membersLieWithinTheStruct() {
        python.loadFunctions("make:VARARGS", """
                HPyDef_MEMBER(moving, "moving", HPyMember_INT, 0)
                static HPyDef *moving_defines[] = {&moving, NULL};
                static HPy make_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPyType_Spec spec = {.name = "m.T", .basicsize = HPyLong_AsLong(ctx, args[0]),
                                         .flags = HPy_TPFLAGS_DEFAULT, .defines = moving_defines};
                    moving.member.type = HPyLong_AsLong(ctx, args[1]);
                    moving.member.offset = HPyLong_AsLong(ctx, args[2]);
                    return HPyType_FromSpec(ctx, &spec, NULL);
                }
                """);
        python.exec(
                "sizes = {0: 2, 1: 4, 2: 8, 3: 4, 4: 8, 5: 8, 6: 8, 7: 1, 8: 1, 9: 1, 10: 2, 11: 4, 12: 8, 14: 1, 16: 8,"
                        + " 17: 8, 18: 8, 19: 8}\n"
                        + "def made(*args):\n    try: return m.make(*args).__name__\n    except ValueError as e: return 'no'");

        assertThat(python.repr("set((made(32, t, 32 - n), made(32, t, 0)) for t, n in sizes.items())"))
                .isEqualTo("set([('T', 'T')])");
        assertThat(
                        python.repr(
                                "set(made(32, t, at) for t, n in sizes.items() for at in (33 - n, -1, -n, 32, 2**31, -2**63, 2**63-1))"))
                .isEqualTo("set(['no'])");
        assertThat(python.raised("m.make(32, 1, 30)"))
                .isEqualTo("ValueError: m.T: member 'moving' at offset 30 is not within the struct of 32 bytes");
        assertThat(python.raised("m.make(0, 1, 0)"))
                .startsWith("TypeError: ")
                .contains("Type claims to have basicsize==0 but defines members");
        for (String type : new String[] {"15", "21", "-1", "1000"}) {
            assertThat(python.raised("m.make(32, %s, 0)".formatted(type)))
                    .as(type)
                    .startsWith("SystemError: ");
        }
    }
}
