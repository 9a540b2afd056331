package org.hpyve.tests.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.ShrinkingDistance;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.hpyve.include.ExtensionCompiler;

/** Whatever an extension calls, in whatever order: all bridges give the same results. */
class DifferentialTest {

    /** The system property with a program to be run once more. */
    static final String REPLAY = "hpyve.differential.replay";

    private static final List<String> SOURCES =
            List.of("machine.c", "numbers.c", "texts.c", "containers.c", "loops.c", "objects.c", "state.c");

    private static final List<String> OPTIONS = List.of("-std=gnu11", "-Wall", "-Wextra", "-Werror");

    private static Path folder;
    private static Machines machines;

    @BeforeContainer
    static void build() throws Exception {
        folder = Files.createTempDirectory("differential-");
        try (ExtensionCompiler compiler = new ExtensionCompiler()) {
            Files.writeString(folder.resolve("operations.h"), Operation.header());
            unpack("machine.h");
            unpack("world.py");
            List<Path> sources = new ArrayList<>();
            for (String name : SOURCES) {
                sources.add(unpack(name));
            }
            compiler.compile("machine", sources, folder, OPTIONS);
        }
        machines = new Machines(folder);
    }

    private static Path unpack(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream resource = DifferentialTest.class.getResourceAsStream(name)) {
            Files.copy(resource, file);
        }
        return file;
    }

    @AfterContainer
    static void end() throws IOException {
        // Null if the build failed.
        if (machines != null) {
            machines.close();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Property(generation = GenerationMode.RANDOMIZED, edgeCases = EdgeCasesMode.NONE)
    void allBridgesGiveTheSameResults(@ForAll("programs") Program program) {
        machines.compare(program);
    }

    /** The list that the nested program returns is changed by way of another handle than the one that was kept. */
    @Example
    void aListThatWasReturnedHasAnotherLengthLater() {
        machines.compare(new Program(
                List.of(
                        step(Operation.CALL, 8, 24, 0),
                        step(Operation.LIST_APPEND, 0, 8, 0),
                        step(Operation.TAKE, 9, 0, 0),
                        step(Operation.LENGTH, 0, 9, 0)),
                List.of(step(Operation.LIST_NEW, 8, 0, 0), step(Operation.KEEP, 0, 8, 0), step(Operation.END, 0, 8, 0)),
                List.of()));
    }

    @Example
    void anExceptionThatIsSetKeepsNoDictFromGivingItsKeys() {
        machines.compare(new Program(
                List.of(
                        new Step(Operation.ERR_NO_MEMORY, 0, 0, 0, 0, Step.OnError.GO_ON, 0),
                        step(Operation.DICT_KEYS, 8, 13, 0)),
                List.of(),
                List.of()));
    }

    /** An index of the slice is an object with {@code __index__}, which changes a list that is being read. */
    @Example
    void aSliceThatIsUnpackedMayChangeWhatIsRead() {
        machines.compare(Program.parse(
                "341d000016000000450008000000000035001d00000000006c0000000000000000000000000000003300080000000000::"));
    }

    private static Step step(Operation operation, int target, int a, int b) {
        return new Step(operation, target, a, b, 0, Step.OnError.RETURN, 0);
    }

    @Example
    void aProgramThatIsGivenRunsOnceMore() {
        String hex = System.getProperty(REPLAY);
        if (hex != null) {
            Program program = Program.parse(hex);
            System.out.println(program);
            machines.transcripts(program).forEach((mode, text) -> System.out.println("---- " + mode + "\n" + text));
            machines.compare(program);
        }
    }

    @Example
    void aProgramCanBeWrittenAndRead() {
        Program program = programs().sample();

        assertThat(Program.parse(program.hex())).isEqualTo(program);
    }

    @Provide
    Arbitrary<Program> programs() {
        Arbitrary<Step> step = Arbitraries.fromGenerator(random -> new ShrinkableStep(Step.random(random)));
        Arbitrary<List<Step>> nested = step.list().ofMaxSize(12);
        return Combinators.combine(step.list().ofMinSize(1).ofMaxSize(60), nested, nested)
                .as(Program::new);
    }

    private record ShrinkableStep(Step value) implements Shrinkable<Step> {

        @Override
        public Stream<Shrinkable<Step>> shrink() {
            return value.simpler().map(ShrinkableStep::new);
        }

        @Override
        public ShrinkingDistance distance() {
            return ShrinkingDistance.of(value.size());
        }
    }
}
