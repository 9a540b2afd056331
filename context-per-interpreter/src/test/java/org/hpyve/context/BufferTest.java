package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Objects of an extension that give their memory away: what Python sees of it, and when it is given back. */
class BufferTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void load() {
        python.load(BufferSource.MODULE);
        python.exec(BufferSource.PYTHON);
        python.exec("""
                import io, operator, os, tempfile
                def named(content):
                    file, name = tempfile.mkstemp()
                    os.write(file, content)
                    os.close(file)
                    names.append(name)
                    return name
                names = []
                """);
    }

    @AfterEach
    void deleteFiles() {
        python.exec("for name in names: os.remove(name)");
    }

    private long handles() {
        return python.context().counters().handlesOpen();
    }

    // --- What is seen

    @Test
    void aMemoryviewShowsTheBytes() {
        python.exec("v = memoryview(Block())");

        assertThat(python.repr("len(v), v[0], v[7], v[-1], v.tolist(), v.tobytes() == ''.join(map(chr, range(8)))"))
                .isEqualTo("(8, '\\x00', '\\x07', '\\x07', [0, 1, 2, 3, 4, 5, 6, 7], True)");
        assertThat(python.repr("v.format, int(v.itemsize), map(int, v.shape), map(int, v.strides), v.ndim, v.readonly"))
                .isEqualTo("('B', 1, [8], [1], 1, False)");
        assertThat(python.repr("v == bytearray(range(8)), v != bytearray(8), v == memoryview(Block(7))"))
                .isEqualTo("(True, True, False)");
        assertThat(python.raised("v[8]")).startsWith("IndexError: ");
    }

    @Test
    void bothSidesSeeWhatTheOtherWrites() {
        python.exec("b = Block(); v = memoryview(b)");

        python.exec("b.put(3, 200); v[4] = 'x'; v[6:8] = 'yz'; v[0:2] = memoryview(b)[3:5]");

        assertThat(python.repr("v[3], b.at(4), b.at(6), b.at(7), b.at(0), b.at(1)"))
                .isEqualTo("('\\xc8', 120, 121, 122, 200, 120)");
        assertThat(python.raised("operator.setitem(v, slice(0, 2), 'xyz')")).startsWith("ValueError: ");
    }

    @Test
    void readOnlyMemoryCannotBeWritten() {
        python.exec("b = block(readonly=1); v = memoryview(b)");

        assertThat(python.repr("v.readonly, hash(v) == hash(memoryview(b))")).isEqualTo("(True, True)");
        assertThat(python.raised("operator.setitem(v, 0, 'x')")).isEqualTo("TypeError: cannot modify read-only memory");
        assertThat(python.raised("operator.setitem(v, slice(0, 2), 'xy')"))
                .isEqualTo("TypeError: cannot modify read-only memory");
        assertThat(python.raised("io.FileIO(named('abc')).readinto(b)")).contains("only for reading");
        assertThat(python.repr("b.at(0)")).isEqualTo("0");
    }

    @Test
    void anExporterIsAskedWithFlagsOfCPython() {
        python.exec("b = Block()");

        python.exec("memoryview(b).release()");
        // PyBUF_STRIDES | PyBUF_FORMAT: PyBUF_INDIRECT would ask for what cannot be shown.
        assertThat(python.repr("m.flags()")).isEqualTo(String.valueOf(0x18 | 0x4));
        python.exec("bytearray(b)");
        assertThat(python.repr("m.flags()")).isEqualTo("0");
        python.exec("n = io.FileIO(named('abc')).readinto(b)");
        assertThat(python.repr("m.flags(), int(n), b.at(0), b.at(2), b.at(3)")).isEqualTo("(1, 3, 97, 99, 3)");
    }

    @Test
    void pythonsOwnFunctionsTakeTheMemory() {
        python.exec("""
                import array, binascii, re, struct
                b = block(6, start=1)
                name = named('')
                with open(name, 'wb') as f: f.write(b)
                written = open(name, 'rb').read()
                with io.FileIO(name, 'w') as f: f.write(b)
                raw = open(name, 'rb').read()
                a = array.array('h'); a.fromstring(b)
                s = bytearray('-'); s += b
                """);

        assertThat(python.repr("written == raw == '' + b, bytearray(b)"))
                .isEqualTo("(True, bytearray(b'\\x01\\x02\\x03\\x04\\x05\\x06'))");
        assertThat(python.repr("struct.unpack_from('<hh', b, 2), len(a), str(buffer(b, 1, 2)), binascii.hexlify(b)"))
                .isEqualTo("((1027, 1541), 3, '\\x02\\x03', '010203040506')");
        assertThat(python.repr("s, re.match('\\x01+', b).end()"))
                .isEqualTo("(bytearray(b'-\\x01\\x02\\x03\\x04\\x05\\x06'), 1)");
        assertThat(python.repr("b.open")).isEqualTo("0");
    }

    @Test
    void itemsOfSeveralBytesAreSeenAsBytes() {
        python.exec("import struct; b = block(12, itemsize=4, rows=3, row_stride=4); v = memoryview(b)");

        assertThat(python.repr("v.format, int(v.itemsize), map(int, v.shape), map(int, v.strides), len(v)"))
                .isEqualTo("('<i', 4, [3], [4], 12)");
        assertThat(python.repr("v.tolist() == range(12), v[5], v[4:8].tobytes(), struct.unpack_from(v.format, b, 4)"))
                .isEqualTo("(True, '\\x05', '\\x04\\x05\\x06\\x07', (117835012,))");
    }

    @Test
    void stridesMayLeaveGapsAndGoBackwards() {
        python.exec("""
                forth = memoryview(block(4, rows=4, row_stride=3, start=1))
                back = memoryview(block(4, rows=4, row_stride=-2, start=9))
                wide = memoryview(block(4, itemsize=2, rows=2, row_stride=-6, start=10))
                """);

        assertThat(python.repr("forth.tolist(), forth[1:].tolist(), forth[::-2].tolist(), map(int, forth.strides)"))
                .isEqualTo("([1, 4, 7, 10], [4, 7, 10], [10, 4], [3])");
        assertThat(python.repr("back.tolist(), back[1:3].tobytes(), back[::-1].tolist(), map(int, back.strides)"))
                .isEqualTo("([9, 7, 5, 3], '\\x07\\x05', [3, 5, 7, 9], [-2])");
        assertThat(python.repr("wide.tolist(), wide == bytearray([10, 11, 4, 5])"))
                .isEqualTo("([10, 11, 4, 5], True)");
        assertThat(python.raised("wide[1:]")).startsWith("NotImplementedError: slices of memory with gaps");
        assertThat(python.raised("bytearray(block(4, rows=4, row_stride=3))")).startsWith("BufferError: ");
        python.exec("back[0] = 'x'; back[1:3] = 'yz'");
        assertThat(python.repr("back.tobytes()")).isEqualTo("'xyz\\x03'");
    }

    @Test
    void memoryMayHaveAnyNumberOfDimensions() {
        python.exec("""
                rows = memoryview(matrix())
                columns = memoryview(block(6, ndim=2, rows=3, columns=2, row_stride=1, column_stride=3))
                one = memoryview(block(4, ndim=0, itemsize=4))
                """);

        assertThat(python.repr(
                        "rows.ndim, map(int, rows.shape), map(int, rows.strides), rows.tolist(), rows[2:4].tolist()"))
                .isEqualTo("(2, [2, 3], [3, 1], [0, 1, 2, 3, 4, 5], [2, 3])");
        assertThat(python.repr("columns.ndim, map(int, columns.shape), columns.tolist()"))
                .isEqualTo("(2, [3, 2], [0, 3, 1, 4, 2, 5])");
        assertThat(python.raised("columns[1:]")).startsWith("NotImplementedError: ");
        assertThat(python.repr("one.ndim, one.shape, one.strides, len(one), one.tolist()"))
                .isEqualTo("(0, (), (), 4, [0, 1, 2, 3])");
        assertThat(python.repr("bytearray(matrix()), matrix().at(5)"))
                .isEqualTo("(bytearray(b'\\x00\\x01\\x02\\x03\\x04\\x05'), 5)");
    }

    @Test
    void anExporterMaySayLittle() {
        python.exec("v = memoryview(block(6, bare=1)); w = memoryview(block(6, bare=1, itemsize=2))");

        assertThat(python.repr("v.format, map(int, v.shape), map(int, v.strides), v.tolist()"))
                .isEqualTo("('B', [6], [1], [0, 1, 2, 3, 4, 5])");
        assertThat(python.repr("map(int, w.shape), map(int, w.strides), w.tolist()"))
                .isEqualTo("([3], [2], [0, 1, 2, 3, 4, 5])");
        assertThat(python.repr("bytearray(block(6, bare=1, itemsize=4))"))
                .isEqualTo("bytearray(b'\\x00\\x01\\x02\\x03\\x04\\x05')");
    }

    @Test
    void noBytesAreMemoryToo() {
        python.exec("v = memoryview(Block(0)); w = memoryview(block(0, fault=NO_BUF))");

        assertThat(python.repr("len(v), v.tolist(), v.tobytes(), v[:] == v, v == w, bytearray(Block(0))"))
                .isEqualTo("(0, [], '', True, True, bytearray(b''))");
    }

    // --- Who exports

    @Test
    void subclassesInheritTheProtocol() {
        python.exec("class Sub(Derived): pass\nclass Mixed(Sub, dict().__class__.__base__): pass");

        assertThat(python.repr("memoryview(Derived(2)).tolist(), memoryview(Sub(3)).tolist(), bytearray(Mixed(1))"))
                .isEqualTo("([0, 1], [0, 1, 2], bytearray(b'\\x00'))");
    }

    @Test
    void otherObjectsAreNoBuffers() {
        assertThat(python.raised("memoryview(Closed())"))
                .isEqualTo("TypeError: cannot make memory view because object does not have the buffer interface");
        assertThat(python.raised("bytearray() + Closed()")).startsWith("TypeError: ");
        python.exec("b = Block(); b.__class__ = Closed");
        assertThat(python.raised("memoryview(b)")).startsWith("TypeError: 'Closed'");
    }

    @Test
    void aTypeWithABuiltInLayoutCannotExport() {
        assertThat(python.raised("m.make(4, list)"))
                .isEqualTo("TypeError: m.Get: HPy_bf_getbuffer is not supported for subclasses of 'list'");
    }

    @Test
    void theReleaseFunctionMayBeMissing() {
        python.exec("f = Free(3); v = memoryview(f); t = v.tolist(); v.release(); w = memoryview(f); w.release()");

        assertThat(python.repr("t, m.counts()")).isEqualTo("([0, 1, 2], (2, 0))");
    }

    // --- When it is given back

    @Test
    void anExclusiveExporterGivesAgainAfterTheRelease() {
        python.exec("b = block(exclusive=1)");
        long before = handles();
        python.exec("v = memoryview(b)");

        assertThat(python.raised("memoryview(b)")).isEqualTo("BufferError: given away already");
        assertThat(handles()).isEqualTo(before + 1);
        python.exec("v.release(); v.release()");
        assertThat(handles()).isEqualTo(before);
        assertThat(python.repr("m.counts()")).isEqualTo("(1, 1)");
        assertThat(python.raised("v[0]")).startsWith("ValueError: ");
        python.exec("with memoryview(b) as w: t = w.tolist()");
        assertThat(python.repr("t, m.counts(), b.open")).isEqualTo("([0, 1, 2, 3, 4, 5, 6, 7], (2, 2), 0)");
    }

    @Test
    void slicesAndViewsOfViewsKeepTheMemory() {
        python.exec(
                "b = Block(); v = memoryview(b); s = v[2:6]; t = s[::2]; u = memoryview(t); v.release(); s.release()");

        assertThat(python.repr("t.tolist(), u.tolist(), m.counts()")).isEqualTo("([2, 4], [2, 4], (1, 0))");
        python.exec("t.release()");
        assertThat(python.repr("u.tolist(), m.counts()")).isEqualTo("([2, 4], (1, 0))");
        python.exec("u.release()");
        assertThat(python.repr("m.counts()")).isEqualTo("(1, 1)");
    }

    @Test
    void theExporterLivesAsLongAsItsMemoryIsUsed() {
        python.exec("import gc\nv = memoryview(Block(3))\nfor i in range(3): gc.collect(); m.counts()");

        assertThat(python.repr("v.tolist(), m.counts()")).isEqualTo("([0, 1, 2], (1, 0))");
    }

    @Test
    void whatIsForgottenIsGivenBack() {
        python.exec("""
                import gc, time
                b = block(exclusive=1)
                v = memoryview(b)[1:3]
                def given_back():
                    for i in range(200):
                        gc.collect()
                        if m.counts()[1] == 1:
                            break
                        time.sleep(0.02)
                    return m.counts()
                gc.collect()
                before = m.counts()
                del v
                """);

        assertThat(python.repr("before, given_back(), b.open, memoryview(b)[0]"))
                .isEqualTo("((1, 0), (1, 1), 0, '\\x00')");
    }

    @Test
    void aThousandExportsLeaveNothing() {
        python.exec("b = Block(); m.counts()");
        giveAThousandTimes();
        long handles = handles();
        long bytes = python.context().counters().nativeBytes();

        giveAThousandTimes();

        assertThat(python.repr("m.counts(), b.open, t == range(8)")).isEqualTo("((2000, 2000), 0, True)");
        assertThat(handles()).isEqualTo(handles);
        assertThat(python.context().counters().nativeBytes()).isEqualTo(bytes);
    }

    private void giveAThousandTimes() {
        python.exec("vs = [memoryview(b) for i in range(1000)]; t = vs[999].tolist()");
        assertThat(python.repr("b.open")).isEqualTo("1000");
        assertThat(handles()).isGreaterThanOrEqualTo(1000);
        python.exec("for v in vs: v.release()");
    }

    @Test
    void cCodeMayMakeAViewOfItsOwnObject() {
        assertThat(python.repr("m.view((Block(3),)).tolist()")).isEqualTo("[0, 1, 2]");
    }
}
