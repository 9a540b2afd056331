package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hpyve.context.Keeper.next;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.hpyve.bridge.Image;
import org.hpyve.bridge.NativeMemory;
import org.hpyve.bridge.Sharing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.python.core.Py;
import org.python.core.PyLong;
import org.python.core.PyObject;

/** What of an extension belongs to one interpreter, and what to all, with private and with shared images. */
class ImageTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @TempDir
    Path folder;

    private final List<InterpreterContext> contexts = new ArrayList<>();

    private InterpreterContext open() {
        InterpreterContext context = new InterpreterContext("other", Py.getSystemState(), false);
        contexts.add(context);
        return context;
    }

    private PyObject load(Path extension, Sharing sharing) {
        return Keeper.load(open(), extension, sharing);
    }

    private void closeAll() {
        contexts.forEach(InterpreterContext::close);
        contexts.clear();
    }

    @AfterEach
    void nothingStaysMapped() {
        closeAll();
        assertThat(Keeper.mapped()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "constructor", "thread", "unique"})
    void privateImagesShareNothing(String counter) {
        int first = counter.equals("constructor") ? 41 : 1;
        PyObject one = load(Keeper.compiled(), Sharing.PRIVATE);
        assertThat(next(one, counter)).isEqualTo(first);
        assertThat(next(one, counter)).isEqualTo(first + 1);

        PyObject other = load(Keeper.compiled(), Sharing.PRIVATE);
        assertThat(next(other, counter)).isEqualTo(first);
        assertThat(next(one, counter)).isEqualTo(first + 2);

        closeAll();
        assertThat(next(load(Keeper.compiled(), Sharing.PRIVATE), counter)).isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "constructor", "thread", "unique"})
    void aSharedImageIsOneForAllUntilItsLastUserHasClosed(String counter) {
        int first = counter.equals("constructor") ? 41 : 1;
        PyObject one = load(Keeper.compiled(), Sharing.SHARED);
        PyObject other = load(Keeper.compiled(), Sharing.SHARED);
        assertThat(next(one, counter)).isEqualTo(first);
        assertThat(next(other, counter)).isEqualTo(first + 1);

        contexts.remove(0).close();
        assertThat(next(other, counter)).isEqualTo(first + 2);
        assertThat(next(load(Keeper.compiled(), Sharing.SHARED), counter)).isEqualTo(first + 3);
        assertThat(next(load(Keeper.compiled(), Sharing.PRIVATE), counter)).isEqualTo(first);

        closeAll();
        assertThat(Keeper.mapped()).isZero();
        assertThat(next(load(Keeper.compiled(), Sharing.SHARED), counter)).isEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource
    void globalsBelongToTheInterpreter(Sharing sharing) {
        PyObject one = load(Keeper.compiled(), sharing);
        PyObject other = load(Keeper.compiled(), sharing);
        one.invoke("put", Py.newString("one"));
        assertThat(other.invoke("get")).isSameAs(Py.None);
        other.invoke("put", Py.newString("other"));

        assertThat(one.invoke("get").toString()).isEqualTo("one");
        assertThat(other.invoke("get").toString()).isEqualTo("other");
        contexts.remove(0).close();
        assertThat(other.invoke("get").toString()).isEqualTo("other");
        assertThat(load(Keeper.compiled(), sharing).invoke("get")).isSameAs(Py.None);
        assertThat(other.invoke("get").toString()).isEqualTo("other");
    }

    @Test
    void aSharedAndAPrivateImageInOneInterpreterHaveDifferentGlobals() {
        InterpreterContext context = open();
        PyObject shared = Keeper.load(context, Keeper.compiled(), Sharing.SHARED);
        PyObject own = Keeper.load(context, Keeper.compiled(), Sharing.PRIVATE);
        shared.invoke("put", Py.newString("shared"));
        own.invoke("put", Py.newString("own"));

        assertThat(shared.invoke("get").toString()).isEqualTo("shared");
        assertThat(own.invoke("get").toString()).isEqualTo("own");
    }

    @Test
    void aModuleThatIsLoadedTwiceFromASharedImageHasOneSetOfGlobals() {
        InterpreterContext context = open();
        PyObject once = Keeper.load(context, Keeper.compiled(), Sharing.SHARED);
        once.invoke("put", Py.newString("kept"));
        PyObject twice = Keeper.load(context, Keeper.compiled(), Sharing.SHARED);

        assertThat(twice.invoke("get").toString()).isEqualTo("kept");
    }

    @ParameterizedTest
    @EnumSource
    void theNumbersOfGlobalsAreWrittenOnceAndUsedAgainWhenTheImageIsClosed(Sharing sharing) throws Exception {
        long[] variables = {
            python.context().bridge().allocate(Long.BYTES),
            python.context().bridge().allocate(Long.BYTES)
        };
        for (int i = 0; i < 20; i++) {
            try (Image one = Image.open(Keeper.compiled(), sharing);
                    Image other = Image.open(Keeper.compiled(), sharing)) {
                assertThat(one.number(variables[0])).isEqualTo(1);
                assertThat(one.number(variables[1])).isEqualTo(2);
                assertThat(one.number(variables[0])).isEqualTo(1);
                assertThat(NativeMemory.load(variables[1], Long.BYTES)).isEqualTo(2);
                assertThat(other.number(variables[0])).isEqualTo(sharing == Sharing.SHARED ? 1 : 3);
            }
        }
        for (long variable : variables) {
            python.context().bridge().free(variable);
        }
    }

    @Test
    void anExtensionCanAskForASharedImageAndTheConfigurationHasTheLastWord() {
        Path marked = Keeper.compiled("MARKED");
        assertThat(next(load(marked, Sharing.AS_MARKED), "plain")).isEqualTo(1);
        assertThat(next(load(marked, Sharing.AS_MARKED), "plain")).isEqualTo(2);
        assertThat(next(load(marked, Sharing.SHARED), "plain")).isEqualTo(3);
        assertThat(next(load(marked, Sharing.PRIVATE), "plain")).isEqualTo(1);
        assertThat(next(load(Keeper.compiled(), Sharing.AS_MARKED), "plain")).isEqualTo(1);
        assertThat(next(load(Keeper.compiled(), Sharing.AS_MARKED), "plain")).isEqualTo(1);
    }

    @Test
    void oneFileByTwoNamesIsOneImageAndARewrittenFileIsAnother() throws Exception {
        Path file = Files.copy(Keeper.compiled(), folder.resolve("keeper.hpy0.so"));
        Path link = Files.createSymbolicLink(
                Files.createDirectory(folder.resolve("other")).resolve("keeper.hpy0.so"), file);
        assertThat(next(load(file, Sharing.SHARED), "plain")).isEqualTo(1);
        assertThat(next(load(link, Sharing.SHARED), "plain")).isEqualTo(2);

        Files.copy(Keeper.compiled(), file, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
        assertThat(next(load(file, Sharing.SHARED), "plain")).isEqualTo(1);

        FileTime time = Files.getLastModifiedTime(file);
        Files.copy(Keeper.compiled(), file, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(file, time);
        assertThat(next(load(file, Sharing.SHARED), "plain"))
                .as("with the same time and size")
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(value = Sharing.class, names = "AS_MARKED", mode = EnumSource.Mode.EXCLUDE)
    void staticObjectsAreDestroyedWhenTheLastUserCloses(Sharing sharing) {
        long ends = python.context().bridge().allocate(Integer.BYTES);
        for (int i = 0; i < 2; i++) {
            InterpreterContext context = open();
            PyObject keeper = Keeper.load(context, Keeper.compiled(), sharing);
            keeper.invoke("report_end", new PyLong(ends));
        }
        assertThat(NativeMemory.load(ends, Integer.BYTES)).isZero();
        contexts.remove(0).close();
        assertThat(NativeMemory.load(ends, Integer.BYTES)).isEqualTo(sharing == Sharing.PRIVATE ? 1 : 0);
        contexts.remove(0).close();
        assertThat(NativeMemory.load(ends, Integer.BYTES)).isEqualTo(sharing == Sharing.PRIVATE ? 2 : 1);
        python.context().bridge().free(ends);
    }

    @ParameterizedTest
    @EnumSource
    void aLibraryThatIsFoundByOriginIsOneForTheProcess(Keeper.Library library) {
        Path extension = Keeper.compiledWith(library);
        for (Sharing sharing : Sharing.values()) {
            assertThat(next(load(extension, sharing), "library")).isEqualTo(1);
            assertThat(next(load(extension, sharing), "library")).isEqualTo(2);
            assertThat(next(load(extension, sharing), "plain")).isPositive();
            closeAll();
            assertThat(Keeper.mapped()).isZero();
        }
    }

    @Test
    void aFileThatNobodyMayWriteIsOpenedTheSame() throws Exception {
        Path file = Files.copy(Keeper.compiled(), folder.resolve("keeper.hpy0.so"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assertThat(next(load(file, Sharing.PRIVATE), "unique")).isEqualTo(1);
            assertThat(next(load(file, Sharing.PRIVATE), "unique")).isEqualTo(1);
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void manyCyclesLeaveNothing() {
        Path extension = Keeper.compiledWith(Keeper.Library.BESIDE);
        for (int i = 0; i < 200; i++) {
            Sharing sharing = i % 2 == 0 ? Sharing.SHARED : Sharing.PRIVATE;
            InterpreterContext context = open();
            PyObject keeper = Keeper.load(context, extension, sharing);
            assertThat(next(keeper, "thread")).isEqualTo(1);
            keeper.invoke("put", Py.None);
            closeAll();
            assertThat(Keeper.mapped()).isZero();
        }
    }

    @Test
    void anObjectOfAThreadKeepsAPrivateImageUntilTheThreadHasEndedAndAnotherIsClosed() throws Exception {
        Thread thread = new Thread(() -> {
            Py.setSystemState(Py.defaultSystemState);
            try (InterpreterContext context = new InterpreterContext("thread", Py.defaultSystemState, false)) {
                PyObject keeper = Keeper.load(context, Keeper.compiled("WITH_THREAD_DESTRUCTOR"), Sharing.PRIVATE);
                next(keeper, "thread");
            }
        });
        thread.start();
        thread.join();
        assertThat(Keeper.mapped()).isPositive();

        load(Keeper.compiled(), Sharing.PRIVATE);
        closeAll();
        assertThat(Keeper.mapped()).isZero();
    }
}
