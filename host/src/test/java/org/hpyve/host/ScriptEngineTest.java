package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.StringReader;
import java.io.StringWriter;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import javax.script.Bindings;
import javax.script.Compilable;
import javax.script.CompiledScript;
import javax.script.Invocable;
import javax.script.ScriptContext;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineFactory;
import javax.script.ScriptEngineManager;
import javax.script.ScriptException;
import javax.script.SimpleBindings;
import javax.script.SimpleScriptContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.hpyve.host.script.HpyveScriptEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The engine of the scripting API. */
class ScriptEngineTest {

    interface Shape {
        double area();

        String name();

        default String label() {
            return name() + " " + area();
        }
    }

    private final ScriptEngineManager manager = new ScriptEngineManager();
    private HpyveScriptEngine engine;

    @BeforeEach
    void open() {
        engine = (HpyveScriptEngine) manager.getEngineByName("hpyve");
    }

    @AfterEach
    void close() {
        engine.close();
        assertThat(engine.interpreter().closeReport().clean()).isTrue();
    }

    @Test
    void theManagerFindsItByItsOwnNamesOnly() {
        ScriptEngineFactory factory = engine.getFactory();

        assertThat(factory.getNames()).containsExactly("hpyve", "hpyve-python");
        assertThat(factory.getEngineName()).isEqualTo("Hpyve");
        assertThat(factory.getLanguageName()).isEqualTo("python");
        assertThat(factory.getLanguageVersion()).isEqualTo("2.7");
        assertThat(factory.getParameter("THREADING")).isEqualTo("MULTITHREADED");
        assertThat(factory.getParameter(ScriptEngine.NAME)).isEqualTo("hpyve");
        assertThat(manager.getEngineByName("python")).isNotInstanceOf(HpyveScriptEngine.class);
        assertThat(manager.getEngineByName("jython")).isNotInstanceOf(HpyveScriptEngine.class);
    }

    @Test
    void itsFactoryWritesPython() throws ScriptException {
        ScriptEngineFactory factory = engine.getFactory();
        StringWriter out = new StringWriter();
        engine.getContext().setWriter(out);

        engine.eval(factory.getProgram("x = 'a'", factory.getOutputStatement("it's \u20ac\\n\n")));

        assertThat(out).hasToString("it's \u20ac\\n\n\n");
        assertThat(engine.eval(factory.getMethodCallSyntax("x", "replace", "'a'", "'b'")))
                .isEqualTo("b");
    }

    @Test
    void aScriptsValueIsThatOfItsLastExpression() throws ScriptException {
        assertThat(engine.eval("6 * 7")).isEqualTo(42);
        assertThat(engine.eval("x = 1")).isNull();
        assertThat(engine.eval(new StringReader("def f(a):\n    return [a]\nf(x)\n")))
                .isEqualTo(List.of(1));
    }

    @Test
    void variablesAreBindings() throws ScriptException {
        engine.put("given", List.of(1, 2));
        engine.eval("made = sum(given)\ndef f(): return made\nobj = object()");

        assertThat(engine.get("made")).isEqualTo(3);
        assertThat(engine.get("obj")).isInstanceOf(PythonReference.class);
        Bindings bindings = engine.getBindings(ScriptContext.ENGINE_SCOPE);
        assertThat(bindings).containsOnlyKeys("given", "made", "f", "obj");
        bindings.remove("made");
        assertThatExceptionOfType(ScriptException.class)
                .isThrownBy(() -> engine.eval("made"))
                .withMessageContaining("NameError");
        assertThat(bindings.put("made", "new")).isNull();
        assertThat(engine.eval("f()")).isEqualTo("new");
        AtomicReference<String> java = new AtomicReference<>();
        engine.put("java", java);
        engine.eval("java.set(u'b')");
        assertThat(java).hasValue("b");
        assertThat(engine.get("java")).isSameAs(java);
    }

    @Test
    void globalVariablesAreSeenAndEngineVariablesComeFirst() throws ScriptException {
        manager.put("shared", "global");
        manager.put("nothing", null);

        assertThat(engine.eval("shared")).isEqualTo("global");
        assertThat(engine.eval("nothing is None")).isEqualTo(true);
        assertThat(engine.eval("def f(): return shared\nf()")).isEqualTo("global");
        engine.eval("shared = 'mine'");
        assertThat(engine.eval("f()")).isEqualTo("mine");
        assertThat(manager.get("shared")).isEqualTo("global");
        try (HpyveScriptEngine other = (HpyveScriptEngine) manager.getEngineByName("hpyve-python")) {
            assertThat(other.eval("shared")).isEqualTo("global");
        }
    }

    @Test
    void otherBindingsAreWrittenBack() throws ScriptException {
        Bindings bindings = new SimpleBindings();
        bindings.put("x", 20);
        List<Integer> items = new ArrayList<>(List.of(1));
        bindings.put("items", items);

        assertThat(engine.eval("y = x + 1\nitems2 = items + [2]\ndef f(): return y\ny", bindings))
                .isEqualTo(21);

        assertThat(bindings).containsEntry("y", 21).containsEntry("items2", List.of(1, 2));
        assertThat(bindings.get("items")).isSameAs(items);
        assertThat(bindings.get("f")).isInstanceOf(PythonReference.class);
        bindings.put("y", 5);
        items.add(9);
        bindings.remove("x");
        assertThat(engine.eval("f(), items, 'x' in globals()", bindings)).isEqualTo(List.of(5, List.of(1, 9), false));
        engine.eval("del y", bindings);
        assertThat(bindings).doesNotContainKey("y");
        assertThat(engine.getBindings(ScriptContext.ENGINE_SCOPE)).isEmpty();
        Bindings own = engine.createBindings();
        engine.eval("z = 1", own);
        assertThat(own).containsOnlyKeys("z");
    }

    @Test
    void aCompiledScriptRunsInAnyContext() throws ScriptException {
        CompiledScript script = ((Compilable) engine).compile("n = n + 1\nn");
        Bindings other = new SimpleBindings();
        engine.put("n", 0);
        other.put("n", 100);

        script.eval();
        assertThat(script.eval()).isEqualTo(2);
        assertThat(script.eval(other)).isEqualTo(101);
        assertThat(engine.get("n")).isEqualTo(2);
        assertThat(script.getEngine()).isSameAs(engine);
    }

    @Test
    void functionsAndMethodsAreInvoked() throws Exception {
        Invocable invocable = engine;
        engine.eval("""
                def add(a, b=1): return a + b
                class Square(object):
                    def __init__(self, side): self.side = side
                    def area(self): return self.side ** 2
                    def name(self): return 'square'
                square = Square(3)
                number = 5
                """);

        assertThat(invocable.invokeFunction("add", 1, 2)).isEqualTo(3);
        assertThat(invocable.invokeFunction("add", "a", "b")).isEqualTo("ab");
        assertThat(invocable.invokeMethod(engine.get("square"), "area")).isEqualTo(9);
        assertThatExceptionOfType(NoSuchMethodException.class).isThrownBy(() -> invocable.invokeFunction("missing"));
        assertThatExceptionOfType(NoSuchMethodException.class).isThrownBy(() -> invocable.invokeFunction("number"));
        assertThatExceptionOfType(NoSuchMethodException.class)
                .isThrownBy(() -> invocable.invokeMethod(engine.get("square"), "volume"));
        assertThatIllegalArgumentException().isThrownBy(() -> invocable.invokeMethod(null, "area"));
        assertThatExceptionOfType(ScriptException.class)
                .isThrownBy(() -> invocable.invokeFunction("add"))
                .withMessageContaining("TypeError");
        Shape square = invocable.getInterface(engine.get("square"), Shape.class);
        assertThat(square.area()).isEqualTo(9.0);
        assertThat(square.label()).isEqualTo("square 9.0");
        assertThat(invocable.getInterface(Shape.class)).isNull();
        engine.eval("def area(): return 1\ndef name(): return u'here'");
        assertThat(invocable.getInterface(Shape.class).label()).isEqualTo("here 1.0");
        assertThatIllegalArgumentException().isThrownBy(() -> invocable.getInterface(String.class));
    }

    @Test
    void outputGoesToTheWriterOfTheContext() throws Exception {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        engine.getContext().setWriter(out);
        engine.getContext().setErrorWriter(err);
        StringWriter otherOut = new StringWriter();
        ScriptContext other = new SimpleScriptContext();
        other.setWriter(otherOut);

        engine.eval("import sys\nprint u'\u20ac\ud83d\ude00'\nsys.stderr.write('problem')\ndef say(): print 'said'");
        engine.eval("print 'other'", other);
        engine.invokeFunction("say");

        assertThat(out).hasToString("\u20ac\ud83d\ude00\nsaid\n");
        assertThat(err).hasToString("problem");
        assertThat(otherOut).hasToString("other\n");
    }

    @Test
    void everyEngineHasItsOwnOutput() throws ScriptException {
        try (HpyveScriptEngine second = (HpyveScriptEngine) manager.getEngineByName("hpyve")) {
            StringWriter one = new StringWriter();
            StringWriter two = new StringWriter();
            engine.getContext().setWriter(one);
            second.getContext().setWriter(two);

            engine.eval("print 1");
            second.eval("print 2");

            assertThat(one).hasToString("1\n");
            assertThat(two).hasToString("2\n");
        }
    }

    @Test
    void inputComesFromTheReaderOfTheContext() throws ScriptException {
        engine.getContext().setWriter(new StringWriter());
        engine.getContext().setReader(new StringReader("one\n\u20ac\ud83d\ude00"));

        assertThat(engine.eval("raw_input()")).isEqualTo("one");
        assertThat(engine.eval("raw_input().decode('utf-8')")).isEqualTo("\u20ac\ud83d\ude00");
    }

    @Test
    void argumentsAndFileNameArePythons() throws ScriptException {
        engine.put(ScriptEngine.ARGV, new String[] {"a", "b"});
        engine.put(ScriptEngine.FILENAME, "job.py");

        assertThat(engine.eval("import sys\n[sys.argv, __file__, __name__]"))
                .isEqualTo(List.of(List.of("job.py", "a", "b"), "job.py", "__main__"));
    }

    @Test
    void anErrorHasFileAndLine() {
        engine.put(ScriptEngine.FILENAME, "job.py");

        ScriptException syntax = catchThrowableOfType(ScriptException.class, () -> engine.eval("x = 1\nx = ="));
        ScriptException raised =
                catchThrowableOfType(ScriptException.class, () -> engine.eval("def f():\n    1 // 0\n\nf()"));

        assertThat(syntax.getFileName()).isEqualTo("job.py");
        assertThat(syntax.getLineNumber()).isEqualTo(2);
        assertThat(raised.getFileName()).isEqualTo("job.py");
        assertThat(raised.getLineNumber()).isEqualTo(2);
        assertThat(raised).hasMessageContaining("ZeroDivisionError").hasCauseInstanceOf(PythonException.class);
    }

    @Test
    void anyThreadMayUseIt() throws Exception {
        engine.eval("count = 0\ndef step():\n    global count\n    count += 1");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Object>> results = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                results.add(threads.submit((Callable<Object>) () -> engine.invokeFunction("step")));
            }
            for (Future<Object> result : results) {
                result.get();
            }
        } finally {
            threads.shutdown();
            assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(engine.get("count")).isEqualTo(200);
    }

    @Test
    void aScriptMayHaveJavaEvaluateAnother() throws ScriptException {
        UnaryOperator<Object> evaluate = script -> {
            try {
                ScriptContext inner = new SimpleScriptContext();
                inner.setBindings(engine.createBindings(), ScriptContext.ENGINE_SCOPE);
                return engine.eval((String) script, inner);
            } catch (ScriptException e) {
                throw new IllegalStateException(e);
            }
        };
        StringWriter out = new StringWriter();
        engine.getContext().setWriter(out);
        engine.put("evaluate", evaluate);

        assertThat(engine.eval("x = 1\ny = evaluate('x = 2\\nx')\nprint 'after'\nx, y"))
                .isEqualTo(List.of(1, 2));
        assertThat(out).hasToString("after\n");
    }

    @Test
    void classesOfAScriptCanBePickled() throws ScriptException {
        assertThat(engine.eval("""
                import pickle
                class Thing(object): pass
                type(pickle.loads(pickle.dumps(Thing()))) is Thing
                """)).isEqualTo(true);
    }

    @Test
    void afterCloseItRejects() throws ScriptException {
        CompiledScript script = engine.compile("1");
        engine.close();
        engine.close();

        assertThatThrownBy(() -> engine.eval("1")).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(script::eval).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void anEngineCanBeDescribed() {
        try (HpyveScriptEngine filtered =
                HpyveScriptEngine.create(InterpreterHost.builder().classFilter(name -> false))) {
            assertThatExceptionOfType(ScriptException.class)
                    .isThrownBy(() -> filtered.eval("from java.lang import Runtime"))
                    .withMessageContaining("refused");
        }
    }

    @Test
    void anInterpreterWhoseEngineIsForgottenEnds() throws Exception {
        Thread thread = used();

        for (int i = 0; i < 500 && thread.isAlive(); i++) {
            System.gc();
            thread.join(20);
        }

        assertThat(thread.isAlive()).isFalse();
    }

    private Thread used() throws ScriptException {
        HpyveScriptEngine forgotten = (HpyveScriptEngine) manager.getEngineByName("hpyve");
        forgotten.eval("def f(): return shared\nx = 1");
        forgotten.eval("y = x", new SimpleBindings(new java.util.HashMap<>(java.util.Map.of("x", 1))));
        assertThat(new WeakReference<>(forgotten).get()).isNotNull();
        return forgotten.interpreter().thread();
    }

    @Test
    void textThatIsPrintedMayHaveAnyCharacter() throws ScriptException {
        String text = "a'b\\\n\u00e4\ud83d\ude00";
        StringWriter out = new StringWriter();
        engine.getContext().setWriter(out);
        engine.eval(engine.getFactory().getOutputStatement(text));
        assertThat(out).hasToString(text + "\n");
    }

    @Test
    void whatIsPrintedBetweenEvaluationsGoesToTheLastWriter() throws ScriptException {
        StringWriter out = new StringWriter();
        engine.getContext().setWriter(out);
        engine.eval("""
                import threading, atexit
                go, done = threading.Event(), threading.Event()
                def late():
                    go.wait()
                    print 'late'
                    done.set()
                threading.Thread(target=late).start()
                def bye():
                    print 'bye'
                atexit.register(bye)
                """);
        ((PythonReference) engine.get("go")).invoke("set");
        ((PythonReference) engine.get("done")).invoke("wait");
        assertThat(out).hasToString("late\n");
        engine.close();
        assertThat(out).hasToString("late\nbye\n");
    }

    @Test
    void aContextWithoutWritersTakesNoOutput() throws ScriptException {
        engine.getContext().setWriter(null);
        engine.getContext().setErrorWriter(null);
        assertThat(engine.eval("import sys\nprint 1\nsys.stderr.write('x')\n5")).isEqualTo(5);
    }

    @Test
    void aVariableMayHoldItself() throws ScriptException {
        SimpleBindings bindings = new SimpleBindings();
        engine.eval("l = []; l.append(l); n = 1", bindings);
        assertThat(bindings.get("n")).isEqualTo(1);
        assertThat(bindings.get("l")).isInstanceOf(PythonReference.class);
        assertThat(engine.eval("l[0] is l", bindings)).isEqualTo(true);
        engine.eval("l = []; l.append(l)");
        assertThat(engine.getBindings(ScriptContext.ENGINE_SCOPE).entrySet()).isNotEmpty();
    }

    @Test
    void aResultThatHoldsItselfIsAScriptsFailure() throws Exception {
        engine.eval("ring = []; ring.append(ring)\ndef f(): return ring");
        for (ThrowingCallable script : List.<ThrowingCallable>of(
                () -> engine.eval("ring"), () -> engine.compile("ring").eval(), () -> engine.invokeFunction("f"))) {
            assertThatExceptionOfType(ScriptException.class)
                    .isThrownBy(script)
                    .withMessageContaining("holds itself")
                    .withCauseInstanceOf(IllegalArgumentException.class);
        }
        assertThat(engine.eval("len(ring)")).isEqualTo(1);
    }

    @Test
    void bindingsMayHaveAnyNames() throws ScriptException {
        String name = "gr\u00f6\u00dfe \u4e2d\ud83d\ude00";
        engine.put(name, 5);
        assertThat(engine.get(name)).isEqualTo(5);
        assertThat(engine.getBindings(ScriptContext.ENGINE_SCOPE).keySet()).contains(name);
        assertThat(engine.eval("u'" + name + "'.encode('utf-8') in globals()")).isEqualTo(true);
        SimpleBindings bindings = new SimpleBindings();
        bindings.put(name, 6);
        assertThat(engine.eval("globals()[u'" + name + "'.encode('utf-8')]", bindings))
                .isEqualTo(6);
        assertThat(bindings.keySet()).containsExactly(name);
    }
}
