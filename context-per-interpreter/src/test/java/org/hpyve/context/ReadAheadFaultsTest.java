package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nobody sees that more is read than what was asked for: neither its errors nor what happens on the way. */
class ReadAheadFaultsTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void loadTypes() {
        python.loadTypes("Point Ended Num:h_LongType", "first:O keys:O read:VARARGS read_dict:VARARGS", """
                typedef struct { int64_t value; } Point;
                HPyType_HELPERS(Point)
                SPEC(Point, HPy_TPFLAGS_BASETYPE, NULL)

                typedef struct { int64_t value; } Num;
                HPyType_HELPERS(Num, HPyType_BuiltinShape_Long)
                SPEC(Num, HPy_TPFLAGS_BASETYPE, NULL)

                /* Calls its field when it is finalized. */
                typedef struct { HPyField end; } Ended;
                HPyType_HELPERS(Ended)
                HPyDef_MEMBER(Ended_end, "end", HPyMember_OBJECT, offsetof(Ended, end))
                HPyDef_SLOT(Ended_finalize, HPy_tp_finalize)
                static void Ended_finalize_impl(HPyContext *ctx, HPy self)
                {
                    HPy end = HPy_GetAttr_s(ctx, self, "end");
                    HPy_Close(ctx, HPy_Call(ctx, end, NULL, 0, HPy_NULL));
                    HPy_Close(ctx, end);
                }
                HPyDef_SLOT(Ended_traverse, HPy_tp_traverse)
                static int Ended_traverse_impl(void *self, HPyFunc_visitproc visit, void *arg)
                {
                    HPy_VISIT(&((Ended *)self)->end);
                    return 0;
                }
                SPEC(Ended, HPy_TPFLAGS_BASETYPE | HPy_TPFLAGS_HAVE_GC, &Ended_end, &Ended_finalize, &Ended_traverse,
                     NULL)

                static HPy first_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPy_GetItem_i(ctx, arg, 0);
                }
                static HPy keys_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyDict_Keys(ctx, arg);
                }
                static bool call(HPyContext *ctx, HPy function)
                {
                    HPy answer = HPy_Call(ctx, function, NULL, 0, HPy_NULL);
                    HPy_Close(ctx, answer);
                    return !HPy_IsNull(answer);
                }
                /* A copy; texts are made anew. */
                static HPy copy(HPyContext *ctx, HPy list)
                {
                    HPy made = HPyList_New(ctx, 0);
                    HPy_ssize_t n = HPy_Length(ctx, list);
                    for (HPy_ssize_t i = 0; i < n; i++) {
                        HPy item = HPy_GetItem_i(ctx, list, i);
                        if (HPyUnicode_Check(ctx, item)) {
                            HPy text = HPyUnicode_FromString(ctx, HPyUnicode_AsUTF8AndSize(ctx, item, NULL));
                            HPy_Close(ctx, item);
                            item = text;
                        }
                        HPyList_Append(ctx, made, item);
                        HPy_Close(ctx, item);
                    }
                    return made;
                }
                /* read(list, function): a copy of the list after a call of the function. */
                static HPy read_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return call(ctx, args[1]) ? copy(ctx, args[0]) : HPy_NULL;
                }
                /* The same with a dict. */
                static HPy read_dict_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    if (!call(ctx, args[1]))
                        return HPy_NULL;
                    HPy made = HPyDict_New(ctx);
                    HPy keys = HPyDict_Keys(ctx, args[0]);
                    HPy_ssize_t n = HPy_Length(ctx, keys);
                    for (HPy_ssize_t i = 0; i < n; i++) {
                        HPy key = HPy_GetItem_i(ctx, keys, i);
                        HPy value = HPy_GetItem(ctx, args[0], key);
                        HPy_SetItem(ctx, made, key, value);
                        HPy_Close(ctx, key);
                        HPy_Close(ctx, value);
                    }
                    HPy_Close(ctx, keys);
                    return made;
                }
                """);
        python.exec("""
                from java.lang import System, Thread
                class Derived(m.Point): pass
                class Other(object): pass
                bad = Other()
                bad.__class__ = Derived
                other = [u'other %d' % i for i in range(100)]
                ended = []
                def nothing(): pass
                def end(): ended.append(m.read(other, nothing) == other)
                def kill():
                    made = m.Ended()
                    made.end = end
                def kill_and_collect():
                    kill()
                    for i in range(10):
                        System.gc()
                        System.runFinalization()
                        Thread.sleep(5)
                # An object that gets its struct when its first handle is opened.
                def num(i): return int.__new__(m.Num, i)
                """);
    }

    @Test
    void anItemThatHasNoHandleIsNoErrorOfOthers() {
        assertThat(python.repr("m.first([u'text', 2, bad])")).isEqualTo("u'text'");
        assertThat(python.repr("m.first((u'text', 2, bad))")).isEqualTo("u'text'");
        assertThat(python.raised("m.first([bad])"))
                .isEqualTo("TypeError: the 'Derived' object was not made by Point.__new__()");
    }

    @Test
    void aValueThatHasNoHandleIsNoErrorOfTheKeys() {
        assertThat(python.repr("m.keys({u'text': bad})")).isEqualTo("[u'text']");
        assertThat(python.repr("m.keys({bad: 1}) == [bad]")).isEqualTo("True");
    }

    /** Its finalizer reads ahead, too. */
    @Test
    void whatIsDeadIsNotFinalizedWhileAListIsRead() {
        python.exec("""
                items = [u'text'] + [num(i) for i in range(10)] + [u'text %d' % i for i in range(100)]
                same = m.read(items, kill_and_collect) == items
                m.first([1])
                """);

        assertThat(python.repr("same, ended")).isEqualTo("(True, [True])");
    }

    @Test
    void whatIsDeadIsNotFinalizedWhileADictIsRead() {
        python.exec("""
                items = dict((u'key %d' % i, num(i)) for i in range(100))
                same = m.read_dict(items, kill_and_collect) == items
                m.first([1])
                """);

        assertThat(python.repr("same, ended")).isEqualTo("(True, [True])");
    }
}
