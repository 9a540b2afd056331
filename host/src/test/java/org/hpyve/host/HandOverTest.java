package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.hpyve.host.Workers.Moving;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An interpreter is run by threads one after the other, and does not notice. */
public class HandOverTest {

    @RegisterExtension
    final HostFixture files = new HostFixture();

    private final Workers workers = new Workers();

    /** What Python code calls. */
    private static volatile Runnable inside;

    private static final String MODULE = """
            #include <stddef.h>

            typedef struct { int64_t id; HPyField other; unsigned char bytes[16]; } Thing;
            HPyType_HELPERS(Thing)

            static int64_t destroyed, finalized, freed;
            static HPyGlobal kept;
            static char content[] = "content";

            HPyDef_SLOT(Thing_new, HPy_tp_new)
            static HPy Thing_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw)
            {
                Thing *thing;
                HPy self = HPy_New(ctx, cls, &thing);
                if (!HPy_IsNull(self) && nargs > 0)
                    HPyField_Store(ctx, self, &thing->other, args[0]);
                return self;
            }
            HPyDef_SLOT(Thing_traverse, HPy_tp_traverse)
            static int Thing_traverse_impl(void *self, HPyFunc_visitproc visit, void *arg)
            {
                HPy_VISIT(&((Thing *)self)->other);
                return 0;
            }
            HPyDef_SLOT(Thing_finalize, HPy_tp_finalize)
            static void Thing_finalize_impl(HPyContext *ctx, HPy self) { finalized++; }
            HPyDef_SLOT(Thing_destroy, HPy_tp_destroy)
            static void Thing_destroy_impl(void *data) { destroyed++; }
            HPyDef_MEMBER(Thing_id, "id", HPyMember_LONGLONG, offsetof(Thing, id))
            HPyDef_MEMBER(Thing_other, "other", HPyMember_OBJECT, offsetof(Thing, other))
            HPyDef_SLOT(Thing_get, HPy_bf_getbuffer)
            static int Thing_get_impl(HPyContext *ctx, HPy self, HPy_buffer *buffer, int flags)
            {
                Thing *thing = Thing_AsStruct(ctx, self);
                *buffer = (HPy_buffer){.buf = thing->bytes, .obj = HPy_Dup(ctx, self), .len = 16, .itemsize = 1, .ndim = 1};
                return 0;
            }
            HPyDef_SLOT(Thing_release, HPy_bf_releasebuffer)
            static void Thing_release_impl(HPyContext *ctx, HPy self, HPy_buffer *buffer) { freed++; }
            static HPyDef *Thing_defines[] = {
                &Thing_new, &Thing_traverse, &Thing_finalize, &Thing_destroy, &Thing_id, &Thing_other, &Thing_get,
                &Thing_release, NULL};
            static HPyType_Spec Thing_spec = {
                .name = "moved.Thing", .basicsize = sizeof(Thing), .builtin_shape = SHAPE(Thing),
                .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_HAVE_GC | HPy_TPFLAGS_BASETYPE, .defines = Thing_defines};

            HPyDef_METH(counts, "counts", HPyFunc_NOARGS)
            static HPy counts_impl(HPyContext *ctx, HPy self)
            {
                return HPy_BuildValue(ctx, "(LLL)", (long long)finalized, (long long)destroyed, (long long)freed);
            }
            static void destructor_impl(const char *name, void *pointer, void *context) { freed += 100; }
            HPyCapsule_DESTRUCTOR_TRAMPOLINE(destructor_trampoline, destructor_impl)
            static HPyCapsule_Destructor destructor = {destructor_trampoline, destructor_impl};
            HPyDef_METH(capsule, "capsule", HPyFunc_NOARGS)
            static HPy capsule_impl(HPyContext *ctx, HPy self) { return HPyCapsule_New(ctx, content, "c", &destructor); }
            HPyDef_METH(read, "read", HPyFunc_O)
            static HPy read_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                char *text = HPyCapsule_GetPointer(ctx, arg, "c");
                return text ? HPyUnicode_FromString(ctx, text) : HPy_NULL;
            }
            HPyDef_METH(keep, "keep", HPyFunc_O)
            static HPy keep_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                HPyGlobal_Store(ctx, &kept, arg);
                return HPy_Dup(ctx, ctx->h_None);
            }
            HPyDef_METH(loaded, "loaded", HPyFunc_NOARGS)
            static HPy loaded_impl(HPyContext *ctx, HPy self) { return HPyGlobal_Load(ctx, kept); }
            HPyDef_METH(call, "call", HPyFunc_O)
            static HPy call_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                volatile char frame[2000];
                frame[0] = 0;
                HPy result = HPy_CallTupleDict(ctx, arg, HPy_NULL, HPy_NULL);
                return frame[0] ? HPy_NULL : result;
            }
            HPyDef_METH(build, "build", HPyFunc_O)
            static HPy build_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                HPy dict = HPyDict_New(ctx);
                HPy list = HPyList_New(ctx, 0);
                for (int i = 0; i < 20; i++) {
                    HPy text = HPyUnicode_FromString(ctx, "text");
                    HPyList_Append(ctx, list, text);
                    HPy_Close(ctx, text);
                }
                HPyList_Append(ctx, list, arg);
                HPy_SetItem_s(ctx, dict, "list", list);
                HPy_Close(ctx, list);
                return dict;
            }
            HPyDef_SLOT(module_exec, HPy_mod_exec)
            static int module_exec_impl(HPyContext *ctx, HPy module)
            {
                return HPyHelpers_AddType(ctx, module, "Thing", &Thing_spec, NULL) ? 0 : -1;
            }
            HPyDef_METH(var, "var", HPyFunc_NOARGS)
            static HPy var_impl(HPyContext *ctx, HPy self) { return HPyContextVar_New(ctx, "var", HPy_NULL); }

            static HPyDef *defines[] = {
                &counts, &capsule, &read, &keep, &loaded, &call, &build, &var, &module_exec, NULL};
            static HPyGlobal *globals[] = {&kept, NULL};
            static HPyModuleDef def = {.defines = defines, .globals = globals};
            HPy_MODINIT(moved, def)
            """;

    static Stream<Arguments> kinds() {
        Stream<Arguments> all = Stream.of(
                Arguments.of(Isolation.SHARED_RUNTIME, "batched,jni"),
                Arguments.of(Isolation.SHARED_RUNTIME, "eager,jni"),
                Arguments.of(Isolation.OWN_RUNTIME, "batched"));
        return Runtime.version().feature() < 22
                ? all
                : Stream.concat(
                        all,
                        Stream.of(
                                Arguments.of(Isolation.SHARED_RUNTIME, "batched,ffm"),
                                Arguments.of(Isolation.SHARED_RUNTIME, "eager,ffm")));
    }

    /** Called by Python. */
    public static void inside() {
        inside.run();
    }

    @BeforeEach
    void build() throws Exception {
        files.build("moved", MODULE);
    }

    @AfterEach
    void close() throws Exception {
        workers.close();
    }

    private Moving interpreter(String name, Isolation isolation, String bridge) throws Exception {
        Moving made = workers.interpreter(name, isolation, bridge, files.folder());
        made.exec("import moved, sys");
        return made;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void objectsOfExtensionsGoWithTheirInterpreter(Isolation isolation, String bridge) throws Exception {
        Moving python = interpreter("a", isolation, bridge);
        python.exec("things = [moved.Thing([i]) for i in range(50)]\nfor i, t in enumerate(things): t.id = i");
        python.exec("capsule = moved.capsule()\nview = memoryview(things[0])\nmoved.keep([1, 2])");

        for (int i = 0; i < 2 * Workers.COUNT; i++) {
            assertThat(python.eval("sum(t.id for t in things), [t.other[0] for t in things] == range(50)"))
                    .isEqualTo(List.of(1225, true));
            assertThat(python.eval("moved.read(capsule), moved.loaded(), len(view.tobytes())"))
                    .isEqualTo(List.of("content", List.of(1, 2), 16));
            assertThat(python.eval("len(moved.build(%d)['list']), moved.build(%d)['list'][20]".formatted(i, i)))
                    .isEqualTo(List.of(21, i));
            python.exec("things.append(moved.Thing([len(things)])); things[-1].id = 0; del things[0:0]");
            python.exec("del things[-1]");
        }
        python.exec("view.release() if hasattr(view, 'release') else None\ndel view");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatIsDeadIsEndedByWhoeverRunsTheInterpreter(Isolation isolation, String bridge) throws Exception {
        Moving python = interpreter("a", isolation, bridge);
        python.exec("""
                import gc, weakref
                ended = []
                class C(object):
                    def __del__(self): ended.append('del')
                def make():
                    a = [moved.Thing() for i in range(300)]
                    c = [C(), moved.capsule()]
                    d = C()
                    return weakref.ref(d, lambda r: ended.append('callback'))
                """);
        python.exec(0, "ref = make()");
        for (int i = 0; i < 200; i++) {
            python.exec(1 + i % 3, "gc.collect()");
            python.doPosted(2);
            Object counts = python.eval(3, "list(moved.counts()) + [sorted(ended)]");
            if (counts.equals(List.of(300, 300, 100, List.of("callback", "del", "del")))) {
                return;
            }
            Thread.sleep(10);
        }
        assertThat(python.eval("list(moved.counts()) + [sorted(ended)]"))
                .isEqualTo(List.of(300, 300, 100, List.of("callback", "del", "del")));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theEndOfTheStackIsThatOfTheThread(Isolation isolation, String bridge) throws Exception {
        Moving python = interpreter("a", isolation, bridge);
        python.exec("""
                sys.setrecursionlimit(1000000)
                depth = 0
                def deeper():
                    global depth
                    depth += 1
                    return moved.call(deeper)
                def dive():
                    global depth
                    depth = 0
                    try:
                        deeper()
                    except RuntimeError:
                        return depth
                """);
        // Often enough for code that is compiled, and for stubs.
        int[] depths = new int[Workers.COUNT];
        for (int i = 0; i < 3 * Workers.COUNT; i++) {
            depths[i % Workers.COUNT] = (Integer) python.eval(i % Workers.COUNT, "dive()");
            assertThat(python.eval("moved.build(1)['list'][20]")).isEqualTo(1);
        }

        // A thread may get the stack of one that has ended, if that is not more than four times as large.
        assertThat(depths[1]).isLessThan(depths[2]);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void onlyTheThreadThatRunsItMayCall(Isolation isolation, String bridge) throws Exception {
        Moving python = interpreter("a", isolation, bridge);
        python.exec("""
                import threading
                said = []
                def attempt():
                    try:
                        moved.counts()
                        said.append('called')
                    except RuntimeError as e:
                        said.append(str(e))
                def other():
                    t = threading.Thread(target=attempt)
                    t.start()
                    t.join()
                    return said.pop()
                """);

        for (int i = 0; i < Workers.COUNT; i++) {
            assertThat(python.eval(i, "other()"))
                    .asString()
                    .contains("moved.counts() called on thread")
                    .endsWith("extensions run on 'worker-" + i + "' only");
        }
        python.on(0, () -> {
            assertThatThrownBy(() -> workers.on(1, () -> {
                        python.runtime().enter();
                        return null;
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("thread 'worker-1' enters an interpreter that 'worker-0' runs");
            assertThatThrownBy(() -> workers.on(1, () -> {
                        python.runtime().leave();
                        return null;
                    }))
                    .isInstanceOf(IllegalStateException.class);
            return null;
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void oneThreadRunsSeveralInOneAnother(Isolation isolation, String bridge) throws Exception {
        Moving a = interpreter("a", isolation, bridge);
        Moving b = interpreter("b", isolation, bridge);
        String functions = """
                from org.hpyve.host import HandOverTest
                def stack():
                    f = sys._getframe(1)
                    names = []
                    while f:
                        names.append(f.f_code.co_name)
                        f = f.f_back
                    return names
                def outer():
                    moved.build(0)
                    try:
                        raise KeyError('outer')
                    except KeyError:
                        moved.call(HandOverTest.inside)
                        return [str(sys.exc_info()[1]), stack(), moved.build(7)['list'][20]]
                """;
        a.exec(functions);
        b.exec(functions);
        int recursion = (Integer) a.eval("sys.getrecursionlimit()");

        inside = () -> {
            Runnable first = inside;
            inside = () -> {
                // In b, in a: back in a.
                try {
                    assertThat(a.in(() -> a.runtime()
                                    .eval("moved.build(9)['list'][20], [str(x) for x in sys.exc_info()][1]")))
                            .isEqualTo(List.of(9, "'outer'"));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            };
            try {
                b.in(() -> {
                    assertThat(b.runtime().eval("sys.exc_info()[0] is None and stack()"))
                            .isEqualTo(List.of("<module>"));
                    assertThat(b.runtime().eval("outer()"))
                            .isEqualTo(List.of("'outer'", List.of("outer", "<module>"), 7));
                    return null;
                });
            } catch (Exception e) {
                throw new IllegalStateException(e);
            } finally {
                inside = first;
            }
        };
        for (int i = 0; i < Workers.COUNT; i++) {
            assertThat(a.eval(i, "outer()")).isEqualTo(List.of("'outer'", List.of("outer", "<module>"), 7));
        }
        assertThat(a.eval("sys.getrecursionlimit()")).isEqualTo(recursion);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatIsOfAThreadInPythonGoesWithTheInterpreter(Isolation isolation, String bridge) throws Exception {
        Moving python = interpreter("a", isolation, bridge);
        python.exec(0, """
                import threading, decimal, java.lang.Thread
                local = threading.local()
                local.value = 1
                decimal.getcontext().prec = 5
                var = moved.var()
                var.set('task')
                main = threading.current_thread()
                traced = []
                def tracer(frame, event, arg):
                    traced.append(event)
                sys.settrace(tracer)
                def values():
                    return [getattr(local, 'value', None), decimal.getcontext().prec, var.get('none')]
                def elsewhere():
                    found = []
                    t = threading.Thread(target=lambda: found.extend(values()))
                    t.start()
                    t.join()
                    return found
                """);

        for (int i = 0; i < 2 * Workers.COUNT; i++) {
            int worker = i % Workers.COUNT;
            assertThat(python.eval(worker, "values()")).isEqualTo(List.of(1, 5, "task"));
            assertThat(python.eval(worker, "threading.current_thread() is main, main.name, main.isAlive()"))
                    .isEqualTo(List.of(true, "worker-" + worker, true));
            assertThat(python.eval(worker, "main in threading.enumerate(), threading.activeCount()"))
                    .isEqualTo(List.of(true, 1));
            assertThat(python.eval(worker, "bool(traced)")).isEqualTo(true);
            python.exec("del traced[:]");
        }
        python.exec("sys.settrace(None)");
        assertThat((List<?>) python.eval("elsewhere()")).isEqualTo(java.util.Arrays.asList(null, 28, "none"));
        assertThat(python.eval("values()")).isEqualTo(List.of(1, 5, "task"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void threadsOfPythonAreInAGroupThatEndsWithTheInterpreter(Isolation isolation, String bridge) throws Exception {
        Moving python = interpreter("a", isolation, bridge);
        python.exec("""
                import threading, java.lang.Thread
                started = []
                def run():
                    started.append(java.lang.Thread.currentThread())
                    while True: pass
                def start():
                    t = threading.Thread(target=run)
                    t.daemon = True
                    t.start()
                """);
        for (int i = 0; i < Workers.COUNT; i++) {
            python.exec(i, "start()");
        }
        while (!python.eval("len(started)").equals(Workers.COUNT)) {
            Thread.sleep(5);
        }

        assertThat(python.eval("len(set(t.threadGroup for t in started))")).isEqualTo(1);
        assertThat(python.eval("java.lang.Thread.currentThread().threadGroup in [t.threadGroup for t in started]"))
                .isEqualTo(false);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void twoInterpretersAlternateOnAllThreads(Isolation isolation, String bridge) throws Exception {
        Moving a = interpreter("a", isolation, bridge);
        Moving b = interpreter("b", isolation, bridge);
        a.exec("mine = 'a'\nlist_of = []");
        b.exec("mine = 'b'\nlist_of = []");

        for (int i = 0; i < 100; i++) {
            int first = i % Workers.COUNT;
            int second = (i + 1 + i / Workers.COUNT % (Workers.COUNT - 1)) % Workers.COUNT;
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
                try {
                    b.exec(second, "list_of.append(moved.build(len(list_of))['list'][20])");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            a.exec(first, "list_of.append(moved.build(len(list_of))['list'][20])");
            other.join();
        }

        for (Moving each : List.of(a, b)) {
            assertThat(each.eval("mine, list_of == range(100)")).isEqualTo(List.of(each.name(), true));
        }
    }
}
