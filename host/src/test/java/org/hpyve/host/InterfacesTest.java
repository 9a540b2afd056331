package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Python objects as instances of Java interfaces, and Java objects with functional interfaces as callables. */
class InterfacesTest {

    interface Greeter {
        String greet(String name);

        default String greetTwice(String name) {
            return greet(name) + greet(name);
        }
    }

    interface Counter {
        void add(int amount);

        long total();
    }

    interface Sum {
        int of(String label, int... numbers);
    }

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    private Interpreter python;

    @BeforeEach
    void open() {
        python = fixture.newInterpreter("alpha");
    }

    @Test
    void aPythonFunctionIsAFunctionalInterface() {
        IntUnaryOperator next = python.eval("lambda x: x + 1", IntUnaryOperator.class);
        python.exec("def greet(name): return u'hello ' + name + u' '");
        Greeter greeter = python.get("greet", Greeter.class);

        assertThat(next.applyAsInt(41)).isEqualTo(42);
        assertThat(next.andThen(x -> x * 2).applyAsInt(1)).isEqualTo(4);
        assertThat(greeter.greet("you")).isEqualTo("hello you ");
        assertThat(greeter.greetTwice("a")).isEqualTo("hello a hello a ");
        assertThat(greeter)
                .hasToString("<Python function of interpreter 'alpha'> as org.hpyve.host.InterfacesTest$Greeter");
        assertThat(greeter.equals(greeter)).isTrue();
        assertThat(greeter.hashCode()).isEqualTo(greeter.hashCode());
    }

    @Test
    void anObjectIsAnInterfaceWithItsMethods() {
        python.exec("""
                class Counting(object):
                    def __init__(self): self.sum = 0
                    def add(self, amount): self.sum += amount
                    def total(self): return self.sum
                counter = Counting()
                """);
        Counter counter = python.get("counter", Counter.class);

        counter.add(2);
        counter.add(3);

        assertThat(counter.total()).isEqualTo(5);
        assertThat(python.eval("counter.sum")).isEqualTo(5);
    }

    @Test
    void aClassThatExtendsAJavaInterfaceRunsInItsInterpreterToo() {
        python.exec("""
                from java.util import Comparator
                class Longer(Comparator):
                    def compare(self, a, b): return len(a) - len(b)
                longer = Longer()
                """);
        @SuppressWarnings("unchecked")
        Comparator<String> longer = python.get("longer", Comparator.class);
        List<String> words = new ArrayList<>(List.of("ccc", "a", "bb"));

        words.sort(longer);

        assertThat(words).containsExactly("a", "bb", "ccc");
        assertThat(python.get("longer")).isInstanceOf(PythonReference.class);
    }

    @Test
    void anyThreadMayCallAndTheInterpreterAnswers() throws Exception {
        @SuppressWarnings("unchecked")
        Callable<Object> ask =
                python.eval("lambda: __import__('java.lang').lang.Thread.currentThread().getName()", Callable.class);

        List<CompletableFuture<Object>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            answers.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return ask.call();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }

        for (CompletableFuture<Object> answer : answers) {
            assertThat(answer.get()).isEqualTo("hpyve-alpha");
        }
    }

    @Test
    void whatPythonRaisesIsAPythonException() {
        IntUnaryOperator divide = python.eval("lambda x: 1 // x", IntUnaryOperator.class);

        assertThatExceptionOfType(PythonException.class)
                .isThrownBy(() -> divide.applyAsInt(0))
                .withMessageContaining("ZeroDivisionError");
        assertThatExceptionOfType(ClassCastException.class)
                .isThrownBy(() ->
                        python.eval("lambda x: 'text'", IntUnaryOperator.class).applyAsInt(0))
                .withMessageContaining("interpreter 'alpha'")
                .withMessageContaining("has no form as int");
    }

    @Test
    void afterCloseCallsAreRejectedByName() {
        IntUnaryOperator next = python.eval("lambda x: x + 1", IntUnaryOperator.class);
        python.close();

        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> next.applyAsInt(1))
                .withMessageContaining("alpha");
    }

    @Test
    void aProxyGoesBackAsTheObjectThatItStandsFor() {
        python.exec("def f(x): return x");
        UnaryOperator<?> function = python.get("f", UnaryOperator.class);
        python.set("again", function);

        assertThat(python.eval("again is f")).isEqualTo(true);
        Interpreter other = fixture.newInterpreter("beta");
        other.set("f", function);
        assertThat(other.eval("f(5)")).isEqualTo(5);
    }

    @Test
    void javaObjectsWithOneMethodAreCallables() throws Exception {
        AtomicReference<Object> seen = new AtomicReference<>();
        Supplier<Object> supplier = () -> List.of(1);
        Callable<Object> callable = () -> "called";
        Runnable runnable = () -> seen.set("run");
        Consumer<Object> consumer = seen::set;
        BiFunction<Integer, Integer, Integer> add = Integer::sum;
        Comparator<String> compare = Comparator.naturalOrder();
        UnaryOperator<String> upper = text -> text.toUpperCase(java.util.Locale.ROOT);
        IntBinaryOperator product = (a, b) -> a * b;
        Sum sum = (label, numbers) -> numbers.length;
        python.set("supplier", supplier);
        python.set("callable", callable);
        python.set("runnable", runnable);
        python.set("consumer", consumer);
        python.set("add", add);
        python.set("compare", compare);
        python.set("upper", upper);
        python.set("product", product);
        python.set("sum", sum);

        assertThat(python.eval("supplier(), callable(), runnable()")).hasToString("[[1], called, null]");
        assertThat(seen.get()).isEqualTo("run");
        assertThat(python.eval("consumer({'a': (1, 2)})")).isNull();
        assertThat(seen.get()).hasToString("{a=[1, 2]}");
        assertThat(python.eval("add(1, 2), upper('abc'), product(6, 7)")).hasToString("[3, ABC, 42]");
        assertThat(python.eval("sorted(['b', 'a'], cmp=compare)")).hasToString("[a, b]");
        assertThat(python.eval("sum('x'), sum('x', 1, 2)")).hasToString("[0, 2]");
    }

    @Test
    void wrongArgumentsAreTypeErrors() {
        IntBinaryOperator product = (a, b) -> a * b;
        python.set("product", product);

        assertThat(errorOf("product(1)")).isEqualTo("TypeError: applyAsInt() takes exactly 2 arguments (1 given)");
        assertThat(errorOf("product(1, 'x')"))
                .isEqualTo("TypeError: interpreter 'alpha': argument 2 of applyAsInt() is a Python str, "
                        + "which has no form as int");
        assertThat(errorOf("product(1, 2**40)")).contains("does not fit into int");
    }

    private String errorOf(String expression) {
        return catchThrowableOfType(PythonException.class, () -> python.eval(expression))
                .getMessage();
    }

    @Test
    void whatJavaThrowsIsCaughtAsItselfAndIsTheCauseOutside() {
        IOException failure = new IOException("no disk");
        Callable<Object> fail = () -> {
            throw failure;
        };
        python.set("fail", fail);
        python.exec("""
                import java.io
                def careful():
                    try:
                        fail()
                    except java.io.IOException as e:
                        return e.getMessage()
                """);

        assertThat(python.call("careful")).isEqualTo("no disk");
        PythonException raised =
                catchThrowableOfType(PythonException.class, () -> python.exec("def f():\n  fail()\nf()"));
        assertThat(raised.typeName()).isEqualTo("java.io.IOException");
        assertThat(raised).hasCause(failure);
        assertThat(raised.pythonTraceback()).contains("line 2, in f");
        PythonException nested = catchThrowableOfType(PythonException.class, () -> python.eval("1 // 0"));
        assertThat(nested).hasNoCause();
    }

    @Test
    void aFunctionOfPythonMayCallJavaThatCallsPython() {
        Function<List<Object>, Object> sort = arguments -> {
            List<Object> items = new ArrayList<>((List<?>) arguments.get(0));
            @SuppressWarnings("unchecked")
            Comparator<Object> order = ((PythonReference) arguments.get(1)).as(Comparator.class);
            items.sort(order);
            return items;
        };
        python.set("java_sort", sort);

        assertThat(python.eval("java_sort([1, 3, 2], lambda a, b: b - a)")).isEqualTo(List.of(3, 2, 1));
    }
}
