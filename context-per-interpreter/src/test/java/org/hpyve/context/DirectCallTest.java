package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Operations on instances that go to C without a bound method: Python code that says otherwise wins, at any time. */
class DirectCallTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void load() {
        python.loadTypes("Box Other", "", """
                typedef struct { long n; } Box;
                HPyType_HELPERS(Box)

                HPyDef_SLOT(length, HPy_sq_length)
                static HPy_ssize_t length_impl(HPyContext *ctx, HPy self) { return 3; }
                HPyDef_SLOT(item, HPy_mp_subscript)
                static HPy item_impl(HPyContext *ctx, HPy self, HPy key)
                {
                    if (!HPyNumber_Check(ctx, key)) {
                        HPyErr_SetObject(ctx, ctx->h_KeyError, key);
                        return HPy_NULL;
                    }
                    return HPy_Dup(ctx, key);
                }
                HPyDef_SLOT(assign, HPy_mp_ass_subscript)
                static int assign_impl(HPyContext *ctx, HPy self, HPy key, HPy value)
                {
                    Box_AsStruct(ctx, self)->n = HPy_IsNull(value) ? -1 : HPyLong_AsLong(ctx, value);
                    return 0;
                }
                HPyDef_SLOT(contains, HPy_sq_contains)
                static int contains_impl(HPyContext *ctx, HPy self, HPy item) { return HPyNumber_Check(ctx, item); }
                HPyDef_SLOT(truth, HPy_nb_bool)
                static int truth_impl(HPyContext *ctx, HPy self) { return Box_AsStruct(ctx, self)->n != 0; }
                HPyDef_SLOT(call, HPy_tp_call)
                static HPy call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
                {
                    return HPyTuple_FromArray(ctx, args, (HPy_ssize_t)nargs);
                }
                HPyDef_METH(method, "method", HPyFunc_NOARGS)
                static HPy method_impl(HPyContext *ctx, HPy self) { return HPyLong_FromLong(ctx, 1); }
                HPyDef_METH(many, "many", HPyFunc_KEYWORDS)
                static HPy many_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
                {
                    HPy_ssize_t named = HPy_IsNull(kwnames) ? 0 : HPy_Length(ctx, kwnames);
                    HPy all = HPyTuple_FromArray(ctx, args, (HPy_ssize_t)nargs + named);
                    HPy result = HPyTuple_Pack(ctx, 2, all, HPy_IsNull(kwnames) ? ctx->h_None : kwnames);
                    HPy_Close(ctx, all);
                    return result;
                }
                HPyDef_METH(nest, "nest", HPyFunc_VARARGS)
                static HPy nest_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy last = args[nargs - 1];
                    if (nargs == 1)
                        return HPy_Dup(ctx, last);
                    HPy inner = HPy_Call(ctx, args[0], args + 1, nargs - 1, HPy_NULL);
                    HPy result = HPy_IsNull(inner) ? HPy_NULL : HPyTuple_Pack(ctx, 2, last, inner);
                    HPy_Close(ctx, inner);
                    return result;
                }
                HPyDef_MEMBER(n, "n", HPyMember_LONG, offsetof(Box, n))
                HPyDef_GETSET(twice, "twice")
                static HPy twice_get(HPyContext *ctx, HPy self, void *closure)
                {
                    return HPyLong_FromLong(ctx, 2 * Box_AsStruct(ctx, self)->n);
                }
                static int twice_set(HPyContext *ctx, HPy self, HPy value, void *closure)
                {
                    HPyErr_SetString(ctx, ctx->h_AttributeError, "twice is what it is");
                    return -1;
                }
                static HPyDef *Box_defines[] = {&length, &item, &assign, &contains, &truth, &call, &method, &many,
                                                &nest, &n, &twice, NULL};
                static HPyType_Spec Box_spec = {.name = "m.Box", .basicsize = sizeof(Box),
                    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE, .defines = Box_defines};
                static HPyDef *Other_defines[] = {NULL};
                static HPyType_Spec Other_spec = {.name = "m.Other",
                    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE, .defines = Other_defines};
                """);
        python.exec("b = m.Box()");
    }

    @Test
    void operationsOfAnInstanceReachTheirSlots() {
        python.exec("b[1] = 5");

        assertThat(python.repr("len(b), b[7], 1 in b, 'x' in b, bool(b), b.n, b.twice"))
                .isEqualTo("(3, 7, True, False, True, 5, 10)");
        assertThat(python.repr("b(), b(1), b(1, 2), b(1, 2, 3, 4, 5)"))
                .isEqualTo("((), (1,), (1, 2), (1, 2, 3, 4, 5))");
        python.exec("del b[1]");
        assertThat(python.repr("b.n")).isEqualTo("-1");
        assertThat(python.raised("b['x']")).isEqualTo("KeyError: 'x'");
        assertThat(python.raised("b.nothing")).contains("'Box' object has no attribute 'nothing'");
        assertThat(python.raised("setattr(b, 'twice', 1)")).isEqualTo("AttributeError: twice is what it is");
        assertThat(python.raised("setattr(b, 'nothing', 1)")).contains("nothing");
    }

    @Test
    void aSubclassInPythonOverridesThem() {
        python.exec("""
                class Sub(m.Box):
                    def __len__(self): return 10 + m.Box.__len__(self)
                    def __getitem__(self, key): return 'item', key
                    def __setitem__(self, key, value): self.kept = key, value
                    def __delitem__(self, key): self.kept = None
                    def __contains__(self, item): return item == 'x'
                    def __nonzero__(self): return True
                    def __call__(self, *args, **keywords): return len(args), keywords
                    def method(self): return 2
                s = Sub()
                s['k'] = 1
                """);

        assertThat(python.repr("len(s), s[1], s.kept, 1 in s, 'x' in s, bool(s), s(1, a=2), s.method()"))
                .isEqualTo("(13, ('item', 1), ('k', 1), False, True, True, (1, {'a': 2}), 2)");
        python.exec("del s[1]");
        assertThat(python.repr("s.kept, s.n")).isEqualTo("(None, 0)");
    }

    @Test
    void whatIsAssignedToTheClassAfterTheFirstUseCounts() {
        python.exec("""
                class Sub(m.Box): pass
                s = Sub()
                def all(o): return len(o), o[1], o.method(), o.n, bool(o)
                before = all(b), all(s)
                m.Box.__len__ = lambda self: 7
                m.Box.__getitem__ = lambda self, key: 'new'
                m.Box.method = lambda self: 'method'
                m.Box.__nonzero__ = lambda self: True
                m.Box.n = property(lambda self: 'n')
                after = all(b), all(s)
                """);

        assertThat(python.repr("before")).isEqualTo("((3, 1, 1, 0, False), (3, 1, 1, 0, False))");
        assertThat(python.repr("after"))
                .isEqualTo("((7, 'new', 'method', 'n', True), (7, 'new', 'method', 'n', True))");
        python.exec("del Sub.__bases__[0].__len__");
        assertThat(python.raised("len(b)")).startsWith("TypeError");
        assertThat(python.raised("len(s)")).startsWith("TypeError");
    }

    @Test
    void whatIsAssignedToASubclassAfterTheFirstUseCounts() {
        python.exec("""
                class Sub(m.Box): pass
                s = Sub()
                before = len(s), s.method(), s.twice
                Sub.__len__ = lambda self: 8
                Sub.method = 'shadow'
                Sub.twice = 'static'
                """);

        assertThat(python.repr("before, len(s), s.method, s.twice, len(b), b.method()"))
                .isEqualTo("((3, 1, 0), 8, 'shadow', 'static', 3, 1)");
        python.exec("del Sub.__len__, Sub.method, Sub.twice");
        assertThat(python.repr("len(s), s.method(), s.twice")).isEqualTo("(3, 1, 0)");
    }

    @Test
    void theDictOfAnInstanceShadowsMethodsButNoDataDescriptors() {
        python.exec("""
                class Sub(m.Box): pass
                s = Sub()
                s.method()
                s.__dict__['method'] = 'mine'
                s.__dict__['n'] = 'mine'
                s.n = 4
                """);

        assertThat(python.repr("s.method, s.n, s.__dict__['n'], Sub().method()"))
                .isEqualTo("('mine', 4, 'mine', 1)");
    }

    @Test
    void hooksOfASubclassSeeEveryAttribute() {
        python.exec("""
                class Reads(m.Box):
                    def __getattribute__(self, name): return 'read ' + name
                class Falls(m.Box):
                    def __getattr__(self, name): return 'else ' + name
                class Writes(m.Box):
                    log = []
                    def __setattr__(self, name, value): self.log.append((name, value))
                w = Writes()
                w.n = 3
                late = m.Box.__new__(Falls)
                late.n
                Falls.__getattribute__ = lambda self, name: 'late ' + name
                """);

        assertThat(python.repr("Reads().n, Reads().method, Writes.log, w.n"))
                .isEqualTo("('read n', 'read method', [('n', 3)], 0)");
        assertThat(python.repr("late.n, late.method, late.x")).isEqualTo("('late n', 'late method', 'late x')");
        python.exec("del Falls.__getattribute__");
        assertThat(python.repr("late.n, late.method(), late.x")).isEqualTo("(0, 1, 'else x')");
    }

    @Test
    void aClassThatIsChangedBringsItsOwnOperations() {
        python.exec("""
                class One(m.Box): pass
                class Two(m.Box):
                    def __len__(self): return 22
                    def method(self): return 'two'
                o = One()
                before = len(o), o.method()
                o.__class__ = Two
                """);

        assertThat(python.repr("before, len(o), o.method(), o.n")).isEqualTo("((3, 1), 22, 'two', 0)");
    }

    @Test
    void aSlotOnAnotherClassRefusesItsInstances() {
        python.exec("m.Other.__len__ = m.Box.__dict__['__len__']; m.Other.method = m.Box.__dict__['method']");

        assertThat(python.raised("len(m.Other())"))
                .isEqualTo("TypeError: descriptor '__len__' requires a 'm.Box' object but received a 'Other'");
        assertThat(python.raised("m.Other().method"))
                .isEqualTo("TypeError: descriptor 'method' requires a 'm.Box' object but received a 'Other'");
    }

    @Test
    void methodsTakeAnyNumberOfArgumentsAndKeywords() {
        for (int n = 0; n <= 8; n++) {
            String numbers = String.join(", ", Collections.nCopies(n, "7"));
            String tuple = n == 1 ? "(7,)" : "(" + numbers + ")";
            assertThat(python.repr("b.many(" + numbers + ")")).isEqualTo("(" + tuple + ", None)");
        }
        for (int turn = 0; turn < 3; turn++) {
            assertThat(python.repr("b.many(1, a=2)")).isEqualTo("((1, 2), (u'a',))");
            assertThat(python.repr("b.many(1, a=2, b=3)")).isEqualTo("((1, 2, 3), (u'a', u'b'))");
            assertThat(python.repr("b.many(a=2, c=3)")).isEqualTo("((2, 3), (u'a', u'c'))");
        }
        assertThat(python.raised("b.method(1)")).isEqualTo("TypeError: method() takes no arguments (1 given)");
        assertThat(python.raised("b.method(a=1)")).isEqualTo("TypeError: method() takes no keyword arguments");
        assertThat(python.raised("b.nest(1, a=1)")).isEqualTo("TypeError: nest() takes no keyword arguments");
    }

    @Test
    void methodsOfTheSameObjectAreEqual() {
        python.exec("other = m.Box()");

        assertThat(python.repr("b.method == b.method, b.method != b.method, len(set([b.method, b.method, b.many]))"))
                .isEqualTo("(True, False, 2)");
        assertThat(python.repr("b.method == other.method, b.method == b.many, b.method != b.many, b.method == 1"))
                .isEqualTo("(False, False, True, False)");
    }

    @Test
    void whatWasLookedUpOnAClassIsNotKeptAlive() throws Exception {
        python.exec("""
                import weakref
                class Value(object): pass
                class Sub(m.Box): pass
                Sub.value = Value()
                value = weakref.ref(Sub.value)
                s = Sub()
                s.value
                del Sub.value
                """);

        for (int turn = 0; turn < 100 && !python.repr("value()").equals("None"); turn++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(python.repr("value()")).isEqualTo("None");
    }

    @Test
    void theNewOfAnotherTypeIsAnotherFunction() {
        assertThat(python.repr("m.Box.__new__ == m.Box.__new__, m.Box.__new__ == m.Other.__new__"))
                .isEqualTo("(True, False)");
        assertThat(python.repr("len(set([m.Box.__new__, m.Box.__new__, m.Other.__new__]))"))
                .isEqualTo("2");
    }

    @Test
    void argumentsOfNestedCallsDoNotMix() {
        python.exec("f = b.nest; args = [f] * 60 + ['end']");

        assertThat(python.repr("f(f, f, f, 'x')")).isEqualTo("('x', ('x', ('x', 'x')))");
        // More handles at once than there is room for: inner calls get memory of their own.
        assertThat(python.repr("repr(f(*args)).count('end')")).isEqualTo("61");
        assertThat(python.repr("len(b.many(*range(5000))[0]), sum(b.many(*range(5000))[0])"))
                .isEqualTo("(5000, 12497500)");
    }

    @Test
    void newInstancesAreInitializedAsTheirClassSays() {
        python.exec("""
                class Init(m.Box):
                    def __init__(self, *args): self.args = args
                class Plain(m.Box): pass
                made = m.Box(), Init(), Init(1, 2), Plain()
                m.Box.__init__ = lambda self, *args: setattr(self, 'n', 10 + len(args))
                """);

        assertThat(python.repr("[type(o).__name__ for o in made], made[1].args, made[2].args"))
                .isEqualTo("(['Box', 'Init', 'Init', 'Plain'], (), (1, 2))");
        assertThat(python.repr("m.Box().n, m.Box(1).n, Plain(1, 2).n")).isEqualTo("(10, 11, 12)");
        assertThat(python.raised("m.Other(1)")).isEqualTo("TypeError: Other() takes no arguments");
        assertThat(python.raised("m.Box.__new__(m.Other)")).contains("Other is not a subtype of m.Box");
        assertThat(python.raised("m.Box.__new__()")).contains("not enough arguments");
    }
}
