package org.hpyve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hpyve.host.Interpreter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The arrays of the examples, inside interpreters. */
class NumericArrayTest {

    private static final Path CASES = Path.of("../examples/numeric-array/src/test/python/array_cases.py");
    private static final int CHECKS = 8;

    @RegisterExtension
    final HostExtension hosts = new HostExtension();

    @BeforeEach
    void unpack() throws Exception {
        hosts.unpackExample("array/hpyarray.hpy0.so");
        Files.copy(CASES, hosts.folder().resolve("array_cases.py"));
    }

    @Test
    void everyCheckHoldsInAnInterpreter() {
        Interpreter python = hosts.newInterpreter();
        python.exec("import array_cases");

        assertThat(python.eval("array_cases.run()")).isEqualTo(CHECKS);
        assertThat(python.stats().handlesOpen()).isZero();
    }

    /** The module keeps its type in a global, which is another one in each interpreter. */
    @Test
    void arraysOfOneInterpreterAreNotThoseOfAnother() {
        List<Interpreter> two = hosts.newInterpreters(2);
        two.forEach(python -> python.exec("from hpyarray import array\na = array([1, 2])"));
        two.get(0).exec("a[0] = 5");

        assertThat(two.get(0).eval("(a + a).tolist()")).isEqualTo(List.of(10.0, 4.0));
        assertThat(two.get(1).eval("(a + a).tolist()")).isEqualTo(List.of(2.0, 4.0));
    }
}
