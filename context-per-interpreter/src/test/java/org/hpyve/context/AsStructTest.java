package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The C struct of what is no open handle: an error for each shape. */
class AsStructTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @Test
    void aClosedHandleHasNoStruct() {
        python.loadFunctions("closed:O", """
                static void *(*const functions[])(HPyContext *ctx, HPy h) = {
                    _HPy_AsStruct_Object, _HPy_AsStruct_Legacy, _HPy_AsStruct_Type, _HPy_AsStruct_Long,
                    _HPy_AsStruct_Float, _HPy_AsStruct_Unicode, _HPy_AsStruct_Tuple, _HPy_AsStruct_List,
                    _HPy_AsStruct_Dict,
                };
                static HPy closed_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy list = HPyList_New(ctx, 0);
                    HPy_Close(ctx, list);
                    if (functions[HPyLong_AsLong(ctx, arg)](ctx, list))
                        return HPyErr_SetString(ctx, ctx->h_AssertionError, "a struct");
                    return HPy_NULL;
                }
                """);
        String[] shapes = {"Object", "Legacy", "Type", "Long", "Float", "Unicode", "Tuple", "List", "Dict"};
        for (int i = 0; i < shapes.length; i++) {
            assertThat(python.raised("m.closed(" + i + ")"))
                    .startsWith("SystemError: ")
                    .contains("_HPy_AsStruct_" + shapes[i] + ", called by m.closed(): handle", "was closed");
        }
    }
}
