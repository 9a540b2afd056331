package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.python.core.BufferProtocol;
import org.python.core.PyBUF;
import org.python.core.PyBuffer;
import org.python.core.PyException;

/** The buffer protocol where something is wrong: the extension, the thread, or the interpreter is closed. */
class BufferFaultsTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void load() {
        python.load(BufferSource.MODULE);
        python.exec(BufferSource.PYTHON);
        python.exec("""
                import StringIO, sys
                def errors_of(function):
                    saved, sys.stderr = sys.stderr, StringIO.StringIO()
                    try:
                        function()
                        return sys.stderr.getvalue()
                    finally:
                        sys.stderr = saved
                """);
    }

    /** The error of a memoryview; after it nothing is open. */
    private String refused(String attributes) {
        python.exec("b = block(" + attributes + ")");
        var before = python.context().counters();
        String error = python.raised("memoryview(b)");
        var after = python.context().counters();
        assertThat(after.handlesOpen()).as("handles after " + error).isEqualTo(before.handlesOpen());
        assertThat(after.nativeBytes()).as("bytes after " + error).isEqualTo(before.nativeBytes());
        assertThat(python.repr("b.open")).as("open exports after " + error).isEqualTo("0");
        return error;
    }

    private String broken(String what) {
        return "SystemError: interpreter '" + python.context().name() + "': Block.bf_getbuffer() " + what;
    }

    @Test
    void aFailedRequestIsAnError() {
        assertThat(refused("fault=RAISES")).isEqualTo("KeyError: 'not today'");
        assertThat(refused("fault=FAILS_WITH_OBJ")).isEqualTo("KeyError: 'not today'");
        assertThat(refused("fault=SILENT")).isEqualTo(broken("returned an error without setting an exception"));
        assertThat(python.repr("m.counts()")).isEqualTo("(0, 0)");
    }

    @Test
    void whatIsGivenWithAnErrorIsGivenBack() {
        assertThat(refused("fault=RAISES_AND_GIVES"))
                .isEqualTo(broken("returned a result with an exception set: KeyError: 'not today'"));
        assertThat(python.repr("m.counts()")).isEqualTo("(1, 1)");
    }

    @Test
    void theHandleOfTheExporterIsNotTheFunctionsOwn() {
        assertThat(python.raised("memoryview(block(fault=CLOSES_SELF))"))
                .isEqualTo(broken("closed the handle of one of its arguments, or returned it without HPy_Dup"));
    }

    @Test
    void anExporterMustBeNamed() {
        assertThat(refused("fault=NO_OBJ")).isEqualTo(broken("left HPy_buffer.obj NULL without setting an exception"));
        assertThat(refused("fault=BAD_OBJ"))
                .isEqualTo(broken(
                        "stored a bad HPy_buffer.obj: handle 0x0000000000000005 is not a handle of any interpreter"));
        assertThat(refused("fault=BORROWED_OBJ"))
                .startsWith(broken("stored a bad HPy_buffer.obj: handle "))
                .endsWith(" was closed");
        assertThat(python.repr("m.counts()")).isEqualTo("(3, 3)");
    }

    @Test
    void anOtherExporterIsReleasedInItsOwnWay() {
        python.exec("v = memoryview(block(fault=OTHER_OBJ)); t = v.tolist(); v.release()");

        assertThat(python.repr("t, m.counts()")).isEqualTo("([0, 1, 2, 3, 4, 5, 6, 7], (1, 0))");
    }

    @Test
    void anImpossibleBufferIsAnError() {
        assertThat(refused("fault=NO_BUF")).isEqualTo(broken("filled an HPy_buffer with len 8, but buf NULL"));
        assertThat(refused("len=-1")).isEqualTo(broken("filled an HPy_buffer with a negative len: -1"));
        assertThat(refused("itemsize=0"))
                .isEqualTo(broken("filled an HPy_buffer with an itemsize that is not positive: 0"));
        assertThat(refused("ndim=-1")).startsWith(broken("filled an HPy_buffer with ndim -1"));
        assertThat(refused("ndim=65")).startsWith(broken("filled an HPy_buffer with ndim 65"));
        assertThat(refused("ndim=2, fault=NO_SHAPE"))
                .isEqualTo(broken("filled an HPy_buffer with ndim 2, but shape NULL"));
        assertThat(refused("rows=-8")).isEqualTo(broken("filled an HPy_buffer with a negative shape: -8"));
        assertThat(refused("rows=9"))
                .isEqualTo(broken("filled an HPy_buffer with len 8, which is not what shape and itemsize make"));
        assertThat(refused("rows=1 << 62, itemsize=4")).startsWith(broken("filled an HPy_buffer with len 8, which"));
        assertThat(refused("7, bare=1, itemsize=2")).startsWith(broken("filled an HPy_buffer with len 7, which"));
    }

    @Test
    void whatJavaCannotShowIsABufferError() {
        assertThat(refused("fault=POINTERS"))
                .isEqualTo("BufferError: Block.bf_getbuffer() gave memory behind pointers (suboffsets)");
        assertThat(refused("1 << 31")).startsWith("BufferError: Block.bf_getbuffer() gave 2147483648 bytes");
        assertThat(refused("2, row_stride=1 << 31")).startsWith("BufferError: Block.bf_getbuffer() gave memory that");
        assertThat(refused("2, row_stride=-(1 << 31)"))
                .startsWith("BufferError: Block.bf_getbuffer() gave memory that");
        assertThat(refused("3, row_stride=1 << 62")).startsWith("BufferError: Block.bf_getbuffer() gave memory that");
        assertThat(python.repr("m.counts()")).isEqualTo("(5, 5)");
    }

    @Test
    void anExporterThatIgnoresARequestToWriteIsFoundOut() {
        BufferProtocol exporter = (BufferProtocol) python.eval("block(readonly=2)");

        assertThat(errorOf(() -> exporter.getBuffer(PyBUF.WRITABLE))).isEqualTo("BufferError");
        assertThat(python.repr("m.flags(), m.counts()")).isEqualTo("(1, (1, 1))");
    }

    @Test
    void anErrorOfTheReleaseIsReportedOnly() {
        python.exec("v = memoryview(block(fault=RELEASE_RAISES)); e = errors_of(v.release)");

        assertThat(python.eval("e").toString()).contains("KeyError", "not given back", "ignored");
        assertThat(python.repr("m.counts()")).isEqualTo("(1, 1)");
    }

    @Test
    void theReleaseMayCloseWhatIsNotItsOwn() {
        python.exec("v = memoryview(block(fault=RELEASE_CLOSES)); v.release()");

        assertThat(python.repr("m.counts()")).isEqualTo("(1, 1)");
    }

    @Test
    void aReleaseInsideAFailingCallKeepsTheException() {
        python.exec("def f(v):\n    try:\n        raise KeyError(1)\n    finally:\n        v.release()\nb = Block()");

        assertThat(python.raised("f(memoryview(b))")).isEqualTo("KeyError: 1");
    }

    // --- Threads

    @Test
    void aReleaseAtCloseMayCoincideWithThatOfAnotherThread() {
        python.exec("v = memoryview(block(fault=RELEASE_RAISES)); w = memoryview(Block())");
        python.exec("saved, sys.stderr = sys.stderr, StringIO.StringIO(); out = sys.stderr");

        CompletableFuture.runAsync(() -> python.exec("v.release()")).join();
        python.context().close();
        python.exec("sys.stderr = saved");

        assertThat(python.eval("out.getvalue()").toString()).containsOnlyOnce("not given back");
    }

    @Test
    void anotherThreadCanNeitherAskNorRead() {
        python.exec("b = Block(); v = memoryview(b)");

        String asked = CompletableFuture.supplyAsync(() -> python.raised("memoryview(b)"))
                .join();
        String read =
                CompletableFuture.supplyAsync(() -> python.raised("v.tolist()")).join();
        String slices =
                CompletableFuture.supplyAsync(() -> python.repr("len(v[1:3])")).join();

        assertThat(asked).startsWith("RuntimeError: interpreter ").contains("Block.bf_getbuffer() called on thread");
        assertThat(read).startsWith("RuntimeError: interpreter ").contains("called on thread");
        assertThat(slices).isEqualTo("2");
    }

    @Test
    void whatAnotherThreadReleasesIsGivenBackByTheOwner() {
        python.exec("b = block(exclusive=1); v = memoryview(b)");

        CompletableFuture.runAsync(() -> python.exec("v.release()")).join();
        assertThat(python.raised("v[0]")).startsWith("ValueError: ");

        // The call that finds out is one that gives memory.
        assertThat(python.repr("memoryview(b).tolist(), m.counts()")).isEqualTo("([0, 1, 2, 3, 4, 5, 6, 7], (2, 1))");
    }

    @Test
    void theNextCallGivesBackWhatAnotherThreadReleased() {
        python.exec("v = memoryview(Block())");

        CompletableFuture.runAsync(() -> python.exec("v.release()")).join();

        assertThat(python.repr("m.counts()")).isEqualTo("(1, 1)");
    }

    // --- Java

    @Test
    void javaSharesTheMemory() {
        python.exec("b = Block(4)");
        BufferProtocol exporter = (BufferProtocol) python.eval("b");

        try (PyBuffer buffer = exporter.getBuffer(PyBUF.FULL)) {
            ByteBuffer bytes = buffer.getNIOByteBuffer();
            bytes.put(1, (byte) 77);
            buffer.storeAt((byte) 78, 2);
            assertThat(bytes.isDirect()).isTrue();
            assertThat(bytes.remaining()).isEqualTo(4);
            assertThat(buffer.hasArray()).isFalse();
            assertThat(buffer.getObj()).isSameAs(exporter);
            try (PyBuffer slice = buffer.getBufferSlice(PyBUF.FULL_RO, 1, 2)) {
                assertThat(slice.getNIOByteBuffer().remaining()).isEqualTo(2);
                assertThat(slice.byteAt(1)).isEqualTo((byte) 78);
            }
        }
        assertThat(python.repr("b.at(1), b.at(2), m.counts()")).isEqualTo("(77, 78, (1, 1))");
    }

    @Test
    void releasedMemoryCannotBeReached() {
        python.exec("b = Block(4)");
        PyBuffer buffer = ((BufferProtocol) python.eval("b")).getBuffer(PyBUF.FULL_RO);
        buffer.release();

        assertThat(errorOf(() -> buffer.byteAt(0))).isEqualTo("BufferError");
        assertThat(errorOf(buffer::getNIOByteBuffer)).isEqualTo("BufferError");
        assertThat(errorOf(buffer::toString)).isEqualTo("BufferError");
        assertThat(errorOf(() -> buffer.getBufferSlice(PyBUF.FULL_RO, 0, 1))).isEqualTo("BufferError");
        assertThat(errorOf(buffer::release)).isEqualTo("BufferError");
    }

    @Test
    void javaArraysCannotBeHad() {
        BufferProtocol exporter = (BufferProtocol) python.eval("Block(4)");

        assertThat(errorOf(() -> exporter.getBuffer(PyBUF.AS_ARRAY))).isEqualTo("BufferError");
        assertThat(python.repr("m.counts()")).isEqualTo("(0, 0)");
    }

    private static String errorOf(Runnable action) {
        try {
            action.run();
        } catch (PyException e) {
            e.normalize();
            return e.type.__getattr__("__name__").toString();
        }
        throw new AssertionError("nothing raised");
    }

    // --- Close

    @Test
    void whatIsLeftAtCloseIsGivenBackOnce() {
        python.exec("v = memoryview(block(fault=RELEASE_RAISES)); s = v[1:]; w = memoryview(Block())");
        python.exec("saved, sys.stderr = sys.stderr, StringIO.StringIO(); out = sys.stderr");

        python.context().close();
        String written = python.eval("out.getvalue()").toString();
        python.exec("sys.stderr = saved");

        assertThat(written).containsOnlyOnce("not given back");
        assertThat(python.raised("v[0]"))
                .startsWith("RuntimeError: interpreter ")
                .contains("is closed");
        assertThat(python.raised("s.tobytes()")).contains("is closed");
        python.exec("w.release(); s.release(); v.release()");
    }

    @Test
    void aReleaseAtCloseMayGiveMemoryInItsTurn() {
        python.exec("import __builtin__; b = block(fault=RELEASE_GIVES); v = memoryview(b)");

        python.context().close();

        assertThat(python.raised("__builtin__.kept[0]"))
                .startsWith("RuntimeError: ")
                .contains("is closed");
        assertThat(python.raised("memoryview(b)")).startsWith("RuntimeError: ").contains("is closed");
        python.exec("del __builtin__.kept");
    }
}
