package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyObject;

/** Wrong handles: of another interpreter, closed, made up, HPy_NULL. Never another object, never a crash. */
class HandleTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    /** Functions that take a handle, with HPy_NULL no exception to the rule that it must be an open one. */
    private static final String[] CALLS = {
        "H HPy_Add(ctx, h, one)",
        "H HPy_Add(ctx, one, h)",
        "H HPy_Multiply(ctx, h, h)",
        "H HPy_Negative(ctx, h)",
        "H HPy_Power(ctx, h, one, ctx->h_None)",
        "H HPy_InPlaceOr(ctx, h, one)",
        "H HPy_Index(ctx, h)",
        "H HPy_Long(ctx, h)",
        "H HPy_Float(ctx, h)",
        "V HPyNumber_Check(ctx, h)",
        "V HPyLong_AsInt32_t(ctx, h)",
        "V HPyLong_AsUInt32_t(ctx, h)",
        "V HPyLong_AsUInt32_tMask(ctx, h)",
        "V HPyLong_AsInt64_t(ctx, h)",
        "V HPyLong_AsUInt64_t(ctx, h)",
        "V HPyLong_AsUInt64_tMask(ctx, h)",
        "V HPyLong_AsVoidPtr(ctx, h)",
        "V HPyLong_AsDouble(ctx, h)",
        "V HPyFloat_AsDouble(ctx, h)",
        "V HPy_Length(ctx, h)",
        "V HPy_IsTrue(ctx, h)",
        "H HPy_GetAttr_s(ctx, h, \"x\")",
        "H HPy_GetAttr(ctx, h, one)",
        "H HPy_GetAttr(ctx, list, h)",
        "V HPy_HasAttr(ctx, h, one)",
        "V HPy_HasAttr_s(ctx, h, \"x\")",
        "V HPy_SetAttr_s(ctx, h, \"x\", one)",
        "V HPy_SetAttr(ctx, list, h, one)",
        "H HPy_GetItem(ctx, h, one)",
        "H HPy_GetItem(ctx, list, h)",
        "H HPy_GetItem_i(ctx, h, 0)",
        "H HPy_GetItem_s(ctx, h, \"x\")",
        "V HPy_SetItem(ctx, h, one, one)",
        "V HPy_SetItem(ctx, list, h, one)",
        "V HPy_SetItem(ctx, list, one, h)",
        "V HPy_SetItem_i(ctx, list, 0, h)",
        "V HPy_DelItem(ctx, h, one)",
        "V HPy_DelItem_i(ctx, h, 0)",
        "V HPy_DelItem_s(ctx, h, \"x\")",
        "V HPy_Contains(ctx, h, one)",
        "V HPy_Contains(ctx, list, h)",
        "H HPy_GetSlice(ctx, h, 0, 1)",
        "V HPy_SetSlice(ctx, list, 0, 1, h)",
        "V HPy_DelSlice(ctx, h, 0, 1)",
        "V HPy_Hash(ctx, h)",
        "H HPy_RichCompare(ctx, h, one, HPy_EQ)",
        "V HPy_RichCompareBool(ctx, one, h, HPy_LT)",
        "H HPy_Type(ctx, h)",
        "V HPy_TypeCheck(ctx, h, ctx->h_LongType)",
        "V HPy_TypeCheck(ctx, list, h)",
        "V HPyType_IsSubtype(ctx, h, ctx->h_LongType)",
        "V HPyType_IsSubtype(ctx, ctx->h_LongType, h)",
        "V HPyType_GetName(ctx, h)",
        "V _HPyType_GetBuiltinShape(ctx, h)",
        "V HPy_Is(ctx, h, list)",
        "V HPy_Is(ctx, list, h)",
        "V _HPy_AsStruct_Object(ctx, h)",
        "V _HPy_AsStruct_List(ctx, h)",
        "H _HPy_New(ctx, h, &pointer)",
        "H HPyType_GenericNew(ctx, h, NULL, 0, HPy_NULL)",
        "V HPyBytes_Size(ctx, h)",
        "V HPyBytes_AsString(ctx, h)",
        "H HPyUnicode_AsUTF8String(ctx, h)",
        "V HPyUnicode_AsUTF8AndSize(ctx, h, NULL)",
        "V HPyUnicode_ReadChar(ctx, h, 0)",
        "H HPyUnicode_EncodeFSDefault(ctx, h)",
        "H HPyUnicode_Substring(ctx, h, 0, 1)",
        "H HPyUnicode_FromEncodedObject(ctx, h, NULL, NULL)",
        "V HPyList_Check(ctx, h)",
        "V HPyList_Append(ctx, h, one)",
        "V HPyList_Append(ctx, list, h)",
        "V HPyList_Insert(ctx, h, 0, one)",
        "V HPyDict_Check(ctx, h)",
        "H HPyDict_Keys(ctx, h)",
        "H HPyDict_Copy(ctx, h)",
        "V HPyTuple_Check(ctx, h)",
        "H HPyTuple_FromArray(ctx, &h, 1)",
        "V HPySlice_Unpack(ctx, h, &n, &n, &n)",
        "H HPy_GetIter(ctx, h)",
        "H HPyIter_Next(ctx, h)",
        "V HPyIter_Check(ctx, h)",
        "V HPyCallable_Check(ctx, h)",
        "H HPy_Call(ctx, h, NULL, 0, HPy_NULL)",
        "H HPy_Call(ctx, ctx->h_ListType, &h, 1, HPy_NULL)",
        "H HPy_CallTupleDict(ctx, h, HPy_NULL, HPy_NULL)",
        "H HPy_CallMethod(ctx, h, &list, 1, HPy_NULL)",
        "H HPy_CallMethod(ctx, name, &h, 1, HPy_NULL)",
        "H HPy_EvalCode(ctx, h, list, list)",
        "V HPyErr_SetString(ctx, h, \"x\")",
        "V HPyErr_SetObject(ctx, h, one)",
        "V HPyErr_SetFromErrnoWithFilename(ctx, h, \"x\")",
        "V HPyErr_ExceptionMatches(ctx, h)",
        "V HPyField_Store(ctx, h, &field, list)",
        "H HPyField_Load(ctx, h, field)",
        "V _HPy_Dump(ctx, h)",
        "V HPyListBuilder_Set(ctx, builder, 0, h)",
    };

    /** Functions that also take HPy_NULL. */
    private static final String[] CALLS_WITH_NULL = {
        "H HPy_Dup(ctx, h)",
        "V HPy_Close(ctx, h)",
        "H HPy_Repr(ctx, h)",
        "H HPy_Str(ctx, h)",
        "H HPy_ASCII(ctx, h)",
        "H HPy_Bytes(ctx, h)",
        "V HPy_SetAttr_s(ctx, list, \"x\", h)",
        "H HPySlice_New(ctx, h, one, one)",
        "V HPyTracker_Add(ctx, tracker, h)",
        "H HPy_Call(ctx, ctx->h_ListType, NULL, 0, h)",
        "H HPy_CallTupleDict(ctx, ctx->h_ListType, h, HPy_NULL)",
        "V HPyErr_SetObject(ctx, ctx->h_ValueError, h)",
        "H HPyErr_NewException(ctx, \"a.b\", h, HPy_NULL)",
        "V HPyErr_WarnEx(ctx, h, \"x\", 1)",
        "H HPyType_GenericNew(ctx, type, NULL, 0, h)",
    };

    private static final int ALL = CALLS.length + CALLS_WITH_NULL.length;

    /** The public name of the function of a call. */
    private static String name(int call) {
        String text = call < CALLS.length ? CALLS[call] : CALLS_WITH_NULL[call - CALLS.length];
        return text.substring(2, text.indexOf('('));
    }

    private void loadHandles() {
        StringBuilder cases = new StringBuilder();
        for (int i = 0; i < ALL; i++) {
            String call = i < CALLS.length ? CALLS[i] : CALLS_WITH_NULL[i - CALLS.length];
            cases.append("    case %d: %s%s; break;\n"
                    .formatted(i, call.startsWith("H") ? "result = " : "(void)", call.substring(2)));
        }
        python.loadFunctions("keep:O drop:O stale:NOARGS use:VARARGS give:O", """
                static HPy from_bits(HPyContext *ctx, HPy bits)
                {
                    return (HPy){(intptr_t)HPyLong_AsUInt64_t(ctx, bits)};
                }
                /* The bits of a handle that stays open until it is dropped. */
                static HPy keep_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyLong_FromUInt64_t(ctx, (uint64_t)HPy_Dup(ctx, arg)._i);
                }
                static HPy drop_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_Close(ctx, from_bits(ctx, arg));
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPy stale_impl(HPyContext *ctx, HPy self)
                {
                    HPy list = HPyList_New(ctx, 0);
                    HPy_Close(ctx, list);
                    return HPyLong_FromUInt64_t(ctx, (uint64_t)list._i);
                }
                static HPy give_impl(HPyContext *ctx, HPy self, HPy arg) { return from_bits(ctx, arg); }
                /* Calls number args[0] with the handle of the bits args[1]. */
                static HPy use_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy h = from_bits(ctx, args[1]);
                    HPy one = HPyLong_FromInt32_t(ctx, 1);
                    HPy list = HPyList_New(ctx, 3);
                    HPy name = HPyUnicode_FromString(ctx, "upper");
                    HPyListBuilder builder = HPyListBuilder_New(ctx, 1);
                    HPyTracker tracker = HPyTracker_New(ctx, 1);
                    HPyField field = HPyField_NULL;
                    HPy_ssize_t n;
                    void *pointer;
                    static HPyType_Spec spec = {.name = "m.T", .basicsize = 8};
                    HPy type = HPyType_FromSpec(ctx, &spec, NULL);
                    HPy result = HPy_NULL;
                    switch (HPyLong_AsInt32_t(ctx, args[0])) {
                %s
                    }
                    bool silent = !HPyErr_Occurred(ctx);
                    bool answered = !HPy_IsNull(result);
                    if (answered)
                        HPy_Close(ctx, result);
                    HPyListBuilder_Cancel(ctx, builder);
                    HPyTracker_Close(ctx, tracker);
                    HPy_Close(ctx, name);
                    HPy_Close(ctx, list);
                    HPy_Close(ctx, type);
                    if (silent)
                        return HPyErr_SetString(ctx, ctx->h_AssertionError, "accepted");
                    if (answered)
                        HPyErr_SetString(ctx, ctx->h_AssertionError, "a result and an exception");
                    return HPy_NULL;
                }
                """.formatted(cases));
    }

    private static String hex(long bits) {
        return "0x%016x".formatted(bits);
    }

    /** What a call with wrong bits raises, for each of the first calls. */
    private void allRaise(int calls, long bits, String... parts) {
        PyObject use = python.eval("m.use");
        PyObject number = python.eval(Long.toUnsignedString(bits));
        for (int call = 0; call < calls; call++) {
            assertThat(raised(use, call, number))
                    .as("%s, call %d", name(call), call)
                    .startsWith("SystemError: interpreter '" + python.context().name() + "': ")
                    .contains(
                            name(call).equals("HPyType_GenericNew")
                                            || name(call).equals("_HPy_New")
                                    ? "New"
                                    : name(call))
                    .contains("called by m.use()")
                    .contains(parts);
        }
    }

    private static String raised(PyObject use, int call, PyObject number) {
        try {
            use.__call__(Py.newInteger(call), number);
        } catch (PyException e) {
            e.normalize();
            return Py.formatException(e.type, e.value);
        }
        return "nothing";
    }

    private long bits(String expression) {
        return new BigInteger(python.eval(expression).__str__().toString()).longValue();
    }

    @Test
    void aHandleOfAnotherInterpreterIsRefusedEverywhere() {
        loadHandles();
        InterpreterContext stranger = new InterpreterContext("stranger", Py.getSystemState(), false);
        long bits;
        try {
            Path file = Path.of(python.eval("m.__file__").toString());
            PyObject there = stranger.modules().load("m", file, Py.None);
            PyObject kept = there.invoke("keep", python.eval("[1]"));
            bits = new BigInteger(kept.__str__().toString()).longValue();

            allRaise(ALL, bits, hex(bits), "belongs to interpreter 'stranger'");
            assertThat(python.raised("m.give(" + bits + ")"))
                    .startsWith("SystemError: ")
                    .contains("m.give() returned a bad result", hex(bits), "belongs to interpreter 'stranger'");

            there.invoke("drop", kept);
        } finally {
            stranger.close();
        }
        assertThat(stranger.leaks().none()).isTrue();
        assertThat(python.raised("m.use(0, " + bits + ")")).contains("interpreter 'stranger', which is closed");
    }

    @Test
    void aClosedHandleIsRefusedEverywhere() {
        loadHandles();
        long bits = bits("m.stale()");

        allRaise(ALL, bits, hex(bits), "was closed");
    }

    @Test
    void nullIsRefusedWhereAnObjectIsNeeded() {
        loadHandles();

        allRaise(CALLS.length, 0, "HPy_NULL where an object is needed");
    }

    @Test
    void madeUpBitsAreRefusedEverywhere() {
        loadHandles();
        Random random = new Random(20);
        long own = bits("m.stale()") >>> 32;

        for (int i = 0; i < 20; i++) {
            long top = i % 3 == 0 ? 0 : 2 + random.nextInt(5);
            long bits = top << 48 | random.nextLong() & 0xffffffffffffL;
            if (bits >>> 32 != own && bits != 0) {
                allRaise(ALL, bits, hex(bits));
            }
        }
        for (long index : new long[] {0, 250, 5000, 0xffffff, 0xff000001L, 0xffffffffL, 0x80000000L}) {
            allRaise(ALL, own << 32 | index, hex(own << 32 | index));
        }
    }

    @Test
    void thousandsOfMadeUpBitsOpenNothing() {
        loadHandles();
        python.exec("""
                import random
                r = random.Random(3)
                def refused(call, bits):
                    try:
                        m.use(call, bits)
                    except SystemError:
                        return True
                    except AssertionError:
                        return False
                wrong = []
                for i in range(3000):
                    bits = r.choice((0, 2, 3, 4, 5, 6)) << 48 | r.getrandbits(16) << 32 | r.getrandbits(32) | 1 << 23
                    call = r.randrange(%d)
                    if not refused(call, bits):
                        wrong.append((call, hex(bits)))
                """.formatted(ALL));

        assertThat(python.repr("wrong")).isEqualTo("[]");
    }

    @Test
    void nullIsDuplicatedClosedAndAbsentWithoutAnError() {
        python.loadFunctions("f:NOARGS", """
                static HPy f_impl(HPyContext *ctx, HPy self)
                {
                    HPy_Close(ctx, HPy_NULL);
                    if (!HPy_IsNull(HPy_Dup(ctx, HPy_NULL)) || HPyErr_Occurred(ctx))
                        return HPyErr_SetString(ctx, ctx->h_AssertionError, "HPy_NULL became something");
                    return HPySlice_New(ctx, HPy_NULL, HPy_NULL, HPy_NULL);
                }
                """);

        assertThat(python.repr("m.f()")).isEqualTo("slice(None, None, None)");
    }

    @Test
    void anOpenHandleIsTheObjectAndItsDuplicatesToo() {
        loadHandles();
        python.exec("o = object(); a = m.keep(o); b = m.keep(o)");

        assertThat(python.repr("m.give(a) is o, m.give(b) is o")).isEqualTo("(True, True)");
        assertThat(python.raised("m.give(a)")).startsWith("SystemError: ").contains("was closed");
    }
}
