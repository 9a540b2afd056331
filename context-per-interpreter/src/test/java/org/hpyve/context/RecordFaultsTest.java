package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What goes wrong while calls are recorded, or when they are carried out, has no effect on what comes after. */
class RecordFaultsTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @Test
    void anArgumentBeforeAWrongOneIsNotTakenForSomethingRecorded() {
        python.loadFunctions("name:NOARGS none:NOARGS doc:NOARGS errors:NOARGS", """
                static const char *null;
                static char source[100000];
                static HPy made(HPyContext *ctx, HPy code)
                {
                    HPyErr_Clear(ctx);
                    HPy list = HPyList_New(ctx, 0);
                    HPyList_Append(ctx, list, ctx->h_None);
                    return HPy_IsNull(code) ? list : HPy_NULL;
                }
                static HPy name_impl(HPyContext *ctx, HPy self)
                {
                    for (size_t i = 0; i < sizeof source - 1; i++)
                        source[i] = 'a';
                    return made(ctx, HPy_Compile_s(ctx, source, "\\xff", HPy_SourceKind_File));
                }
                static HPy none_impl(HPyContext *ctx, HPy self)
                {
                    return made(ctx, HPy_Compile_s(ctx, "\\x07\\x01", null, HPy_SourceKind_File));
                }
                static HPy doc_impl(HPyContext *ctx, HPy self)
                {
                    return made(ctx, HPyErr_NewExceptionWithDoc(ctx, "m.Name", "\\xff", HPy_NULL, HPy_NULL));
                }
                static HPy errors_impl(HPyContext *ctx, HPy self)
                {
                    return HPyUnicode_DecodeASCII(ctx, "caf\\xe9", 4, "\\xff");
                }
                """);

        assertThat(python.repr("m.none()")).isEqualTo("[None]");
        assertThat(python.repr("m.doc()")).isEqualTo("[None]");
        assertThat(python.repr("m.name()")).isEqualTo("[None]");
        assertThat(python.raised("m.errors()")).startsWith("UnicodeDecodeError: ");
    }

    @Test
    void aHandleThatWasClosedTooOftenIsFoundOutWhenItsBuilderIsBuilt() {
        python.loadFunctions("list:O tuple:O", """
                static HPy list_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy item = HPy_Repr(ctx, arg);
                    HPyListBuilder builder = HPyListBuilder_New(ctx, 1);
                    HPyListBuilder_Set(ctx, builder, 0, item);
                    HPy_Close(ctx, item);
                    HPy_Close(ctx, item);
                    return HPyListBuilder_Build(ctx, builder);
                }
                static HPy tuple_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy item = HPy_Repr(ctx, arg);
                    HPyTupleBuilder builder = HPyTupleBuilder_New(ctx, 1);
                    HPyTupleBuilder_Set(ctx, builder, 0, item);
                    HPy_Close(ctx, item);
                    HPy_Close(ctx, item);
                    return HPyTupleBuilder_Build(ctx, builder);
                }
                """);

        assertThat(python.raised("m.list(1)"))
                .startsWith("SystemError: ")
                .contains("HPyListBuilder_Build", "was closed");
        assertThat(python.raised("m.tuple(1)"))
                .startsWith("SystemError: ")
                .contains("HPyTupleBuilder_Build", "was closed");
    }

    @Test
    void aTextThatCouldNotBeMadeIsMadeAnewTheNextTime() {
        python.loadFunctions("exhaust:NOARGS key:NOARGS", """
                #include <limits.h>
                static HPy key_impl(HPyContext *ctx, HPy self) { return HPyUnicode_FromString(ctx, "key"); }
                static HPy exhaust_impl(HPyContext *ctx, HPy self)
                {
                    HPy_Close(ctx, HPyList_New(ctx, INT_MAX - 8));
                    for (int i = 0; i < 3; i++)
                        HPy_Close(ctx, HPyUnicode_FromString(ctx, "key"));
                    return HPy_Dup(ctx, ctx->h_None);
                }
                """);

        assertThat(python.raised("m.exhaust()")).startsWith("MemoryError: ");
        assertThat(python.repr("[m.key() for i in range(4)]")).isEqualTo("[u'key', u'key', u'key', u'key']");
    }

    @Test
    void aHandleWhoseObjectCouldNotBeMadeStandsForNothingElse() {
        python.loadFunctions("exhaust:NOARGS kept:NOARGS", """
                #include <limits.h>
                static HPy held[400];
                static HPy exhaust_impl(HPyContext *ctx, HPy self)
                {
                    for (int i = 0; i < 400; i++)
                        held[i] = HPy_Repr(ctx, ctx->h_None);
                    for (int i = 0; i < 400; i++)
                        HPy_Close(ctx, held[i]);
                    HPy_Close(ctx, HPyList_New(ctx, INT_MAX - 8));
                    for (int i = 0; i < 400; i++)
                        held[i] = HPyDict_New(ctx);
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPy kept_impl(HPyContext *ctx, HPy self)
                {
                    int found = 0;
                    for (int i = 0; i < 400; i++) {
                        found += HPy_SetItem_i(ctx, held[i], 1, ctx->h_None) == 0 || HPy_Length(ctx, held[i]) == 1;
                        HPy_Close(ctx, held[i]);
                        HPyErr_Clear(ctx);
                    }
                    return HPyLong_FromInt32_t(ctx, found);
                }
                """);

        assertThat(python.raised("m.exhaust()")).startsWith("MemoryError: ");
        assertThat(python.repr("m.kept()")).isEqualTo("0");
        assertThat(python.repr("m.kept() and 1")).isEqualTo("0");
    }
}
