package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A context used by a thread that does not run its interpreter. */
class WrongThreadTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private void loadFunctions() {
        python.loadFunctions("elsewhere:O outside:O inside_again:O", """
                #include <pthread.h>

                typedef struct { HPyContext *ctx; HPy object; HPy result; } Request;

                static void *ask(void *argument)
                {
                    Request *request = argument;
                    request->result = HPy_Repr(request->ctx, request->object);
                    return NULL;
                }
                static HPy elsewhere_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    Request request = {ctx, arg, HPy_NULL};
                    pthread_t thread;
                    pthread_create(&thread, NULL, ask, &request);
                    pthread_join(thread, NULL);
                    return HPyBool_FromBool(ctx, HPy_IsNull(request.result));
                }
                static HPy outside_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy result;
                    HPy_BEGIN_LEAVE_PYTHON(ctx)
                    result = HPy_Repr(ctx, arg);
                    HPy_END_LEAVE_PYTHON(ctx)
                    return HPyBool_FromBool(ctx, HPy_IsNull(result));
                }
                static HPy inside_again_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyThreadState state = HPy_LeavePythonExecution(ctx);
                    HPy refused = HPy_Repr(ctx, arg);
                    HPy_ReenterPythonExecution(ctx, state);
                    return HPy_IsNull(refused) ? HPy_Repr(ctx, arg) : HPy_NULL;
                }
                """);
    }

    @Test
    void aCallFromAThreadOfTheExtensionIsRefused() {
        loadFunctions();

        assertThat(python.repr("m.elsewhere([1])")).isEqualTo("True");
    }

    @Test
    void aCallFromCodeThatHasLeftPythonIsRefused() {
        loadFunctions();

        assertThat(python.repr("m.outside([1])")).isEqualTo("True");
    }

    @Test
    void codeThatHasComeBackMayCallAgain() {
        loadFunctions();

        assertThat(python.repr("m.inside_again([1])")).isEqualTo("u'[1]'");
    }

    @Test
    void aFunctionCalledByAnotherJavaThreadRaises() {
        loadFunctions();

        String raised = CompletableFuture.supplyAsync(() -> python.raised("m.outside([1])"))
                .join();

        assertThat(raised).startsWith("RuntimeError: interpreter ").contains("m.outside() called on thread");
    }
}
