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

    @Test
    void whatIsReadAheadOrKnownIsNotForOtherThreadsEither() {
        python.loadFunctions("elsewhere:O outside:O", """
                #include <pthread.h>

                typedef struct { HPyContext *ctx; HPy list; HPy dict; HPy key; int answers; } Request;

                static void *ask(void *argument)
                {
                    Request *request = argument;
                    HPyContext *ctx = request->ctx;
                    request->answers = !HPy_IsNull(HPy_GetItem_i(ctx, request->list, 1))
                        + !HPy_IsNull(HPy_GetItem(ctx, request->dict, request->key))
                        + !HPy_IsNull(HPyUnicode_FromString(ctx, "key"));
                    return NULL;
                }
                static Request prepare(HPyContext *ctx, HPy list)
                {
                    Request request = {.ctx = ctx, .list = list, .dict = HPy_GetItem_i(ctx, list, 0)};
                    HPy keys = HPyDict_Keys(ctx, request.dict);
                    request.key = HPy_GetItem_i(ctx, keys, 0);
                    HPy_Close(ctx, keys);
                    for (int i = 0; i < 3; i++)
                        HPy_Close(ctx, HPyUnicode_FromString(ctx, "key"));
                    return request;
                }
                static HPy answer(HPyContext *ctx, Request *request)
                {
                    HPy_Close(ctx, request->dict);
                    HPy_Close(ctx, request->key);
                    return HPyLong_FromInt32_t(ctx, request->answers);
                }
                static HPy elsewhere_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    Request request = prepare(ctx, arg);
                    pthread_t thread;
                    pthread_create(&thread, NULL, ask, &request);
                    pthread_join(thread, NULL);
                    return answer(ctx, &request);
                }
                static HPy outside_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    Request request = prepare(ctx, arg);
                    HPy_BEGIN_LEAVE_PYTHON(ctx)
                    ask(&request);
                    HPy_END_LEAVE_PYTHON(ctx)
                    return answer(ctx, &request);
                }
                """);

        assertThat(python.repr("m.elsewhere([{u'a': u'b'}, 2, 3])")).isEqualTo("0");
        assertThat(python.repr("m.outside([{u'a': u'b'}, 2, 3])")).isEqualTo("0");
    }
}
