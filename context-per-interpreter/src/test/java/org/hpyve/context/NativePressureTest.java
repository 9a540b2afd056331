package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Memory that extensions take from malloc, which the collector does not know of. */
class NativePressureTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @Test
    void bigBuffersBehindSmallObjectsAreFreedLongBeforeTheHeapIsFull() {
        python.loadTypes("Buffer", "peak:NOARGS", """
                #include <stdlib.h>
                enum { BYTES = 4 << 20 };
                static long live, most;
                typedef struct { void *memory; } Buffer;
                HPyType_HELPERS(Buffer)

                HPyDef_SLOT(init, HPy_tp_init)
                static int init_impl(HPyContext *ctx, HPy self, const HPy *args, HPy_ssize_t nargs, HPy kw)
                {
                    Buffer_AsStruct(ctx, self)->memory = malloc(BYTES);
                    if (++live > most)
                        most = live;
                    return 0;
                }
                HPyDef_SLOT(destroy, HPy_tp_destroy)
                static void destroy_impl(void *data)
                {
                    free(((Buffer *)data)->memory);
                    live--;
                }
                SPEC(Buffer, 0, &init, &destroy, NULL)
                static HPy peak_impl(HPyContext *ctx, HPy self) { return HPyLong_FromLong(ctx, most); }
                """);
        // 8 GB, of which no page is touched.
        python.exec("for i in xrange(2000): m.Buffer()");
        // Where other programs keep the collector waiting, more come together.
        assertThat(python.eval("m.peak()").asInt()).isLessThan(1500);
    }
}
