package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Arrays and buffers, which are not copied. */
class SharedMemoryTest {

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    private Interpreter python;

    @BeforeEach
    void open() {
        python = fixture.newInterpreter("alpha");
    }

    @Test
    void aJavaArrayIsThatArrayInPython() {
        int[] numbers = {1, 2, 3};
        python.set("numbers", numbers);

        python.exec("numbers[0] = 10");
        numbers[1] = 20;

        assertThat(numbers).containsExactly(10, 20, 3);
        assertThat(python.eval("list(numbers), numbers.typecode, type(numbers).__name__"))
                .hasToString("[[10, 20, 3], i, array]");
        assertThat(python.get("numbers")).isSameAs(numbers);
        assertThat(python.get("numbers", int[].class)).isSameAs(numbers);
    }

    @Test
    void arraysOfAllPrimitivesComeBackAsThemselves() {
        for (Object array : new Object[] {
            new short[1], new int[1], new long[1], new float[1], new double[1], new boolean[1], new char[1]
        }) {
            python.set("array", array);

            assertThat(python.get("array")).isSameAs(array);
        }
    }

    @Test
    void anArrayOfPythonIsItsJavaArrayAsLongAsItFillsIt() {
        python.exec(
                "import array\nfull = array.array('d', [1.5, 2.5])\ngrown = array.array('i')\nfor i in range(11): grown.append(i)");

        double[] full = python.get("full", double[].class);
        full[0] = 9;
        int[] grown = (int[]) python.get("grown");

        assertThat(python.eval("full[0]")).isEqualTo(9.0);
        assertThat(grown).hasSize(11).startsWith(0, 1, 2);
    }

    @Test
    void arraysOfObjectsAreLists() {
        python.set("names", new String[] {"a", null});
        python.set("rows", new int[][] {{1}, {}});

        assertThat(python.eval("names == [u'a', None] and [list(row) for row in rows] == [[1], []]"))
                .isEqualTo(true);
    }

    @Test
    void aByteBufferIsAMemoryViewOfTheSameBytes() {
        for (ByteBuffer buffer : new ByteBuffer[] {ByteBuffer.allocate(8), ByteBuffer.allocateDirect(8)}) {
            buffer.put(2, (byte) 'x').position(2).limit(6);
            python.set("view", buffer);

            python.exec("view[1:3] = 'yz'");
            buffer.put(5, (byte) '!');

            assertThat(python.eval("view.tobytes(), len(view), view.readonly")).hasToString("[xyz!, 4, false]");
            assertThat(buffer.get(3)).isEqualTo((byte) 'y');
            assertThat(buffer.position()).isEqualTo(2);
            ByteBuffer back = (ByteBuffer) python.get("view");
            back.put(0, (byte) 'X');
            assertThat(buffer.get(2)).isEqualTo((byte) 'X');
            assertThat(back.remaining()).isEqualTo(4);
            assertThat(back.isDirect()).isEqualTo(buffer.isDirect());
        }
    }

    @Test
    void aReadOnlyBufferStaysReadOnly() {
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {'a'}).asReadOnlyBuffer();
        python.set("view", bytes);

        assertThat(python.eval("view.readonly")).isEqualTo(true);
        assertThatExceptionOfType(PythonException.class)
                .isThrownBy(() -> python.exec("view[0] = 'b'"))
                .withMessageContaining("TypeError");
        assertThat(((ByteBuffer) python.get("view")).isReadOnly()).isTrue();
        assertThat(python.eval("memoryview('text')", ByteBuffer.class).isReadOnly())
                .isTrue();
    }

    @Test
    void aMemoryViewOfABytearrayIsAByteBufferOfTheSameBytes() {
        python.exec("data = bytearray('abc')\nview = memoryview(data)");
        ByteBuffer buffer = (ByteBuffer) python.get("view");

        buffer.put(0, (byte) 'X');
        python.exec("data[1] = 'Y'");

        assertThat(python.eval("str(data)")).isEqualTo("XYc");
        assertThat(buffer.get(1)).isEqualTo((byte) 'Y');
        assertThat(buffer.remaining()).isEqualTo(3);
    }

    @Test
    void aBytearrayIsCopiedAsItMayGrow() {
        python.exec("data = bytearray('abc')");
        byte[] bytes = (byte[]) python.get("data");
        ByteBuffer buffer = python.get("data", ByteBuffer.class);

        python.exec("data[0] = 'X'\ndata.extend('defghijkl')");

        assertThat(bytes).containsExactly('a', 'b', 'c');
        assertThat(buffer.get(0)).isEqualTo((byte) 'a');
    }

    @Test
    void aSliceWithGapsIsCopied() {
        python.exec("view = memoryview(bytearray('abcdef'))[::2]");

        assertThat(python.get("view", byte[].class)).containsExactly('a', 'c', 'e');
        assertThat(((ByteBuffer) python.get("view")).array()).containsExactly('a', 'c', 'e');
    }

    @Test
    void memoryOfAnExtensionIsCopiedSoThatNobodyReadsWhatItHasFreed() throws Exception {
        fixture.build("block", """
                typedef struct { char bytes[4]; } Block;
                HPyType_HELPERS(Block)
                HPyDef_SLOT(Block_new, HPy_tp_new)
                static HPy Block_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw) {
                    Block *block;
                    HPy made = HPy_New(ctx, cls, &block);
                    block->bytes[0] = 'a';
                    return made;
                }
                HPyDef_SLOT(Block_get, HPy_bf_getbuffer)
                static int Block_get_impl(HPyContext *ctx, HPy self, HPy_buffer *buffer, int flags) {
                    Block *block = Block_AsStruct(ctx, self);
                    *buffer = (HPy_buffer){.buf = block->bytes, .len = 4, .itemsize = 1, .ndim = 1,
                        .obj = HPy_Dup(ctx, self)};
                    return 0;
                }
                static HPyDef *block_defines[] = {&Block_new, &Block_get, NULL};
                static HPyType_Spec Block_spec = {.name = "block.Block", .basicsize = sizeof(Block),
                    .builtin_shape = SHAPE(Block), .defines = block_defines};
                HPyDef_SLOT(exec, HPy_mod_exec)
                static int exec_impl(HPyContext *ctx, HPy m) {
                    return HPyHelpers_AddType(ctx, m, "Block", &Block_spec, NULL) ? 0 : -1;
                }
                static HPyDef *defines[] = {&exec, NULL};
                static HPyModuleDef def = {.defines = defines};
                HPy_MODINIT(block, def)
                """);
        python.exec("import block\nview = memoryview(block.Block())");

        ByteBuffer buffer = (ByteBuffer) python.get("view");
        python.exec("view[0] = 'b'\nview.release()");

        assertThat(buffer.get(0)).isEqualTo((byte) 'a');
        assertThat(buffer.isDirect()).isFalse();
    }
}
