package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hpyve.bridge.Members;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The handles in the context: what they are in Python. */
class ConstantsTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    /** Exceptions and their bases in Python 3. */
    private static final String EXCEPTIONS = """
            h_BaseException object
            h_Exception BaseException
            h_StopAsyncIteration Exception
            h_StopIteration Exception
            h_GeneratorExit BaseException
            h_ArithmeticError Exception
            h_LookupError Exception
            h_AssertionError Exception
            h_AttributeError Exception
            h_BufferError Exception
            h_EOFError Exception
            h_FloatingPointError ArithmeticError
            h_OSError Exception
            h_ImportError Exception
            h_ModuleNotFoundError ImportError
            h_IndexError LookupError
            h_KeyError LookupError
            h_KeyboardInterrupt BaseException
            h_MemoryError Exception
            h_NameError Exception
            h_OverflowError ArithmeticError
            h_RuntimeError Exception
            h_RecursionError RuntimeError
            h_NotImplementedError RuntimeError
            h_SyntaxError Exception
            h_IndentationError SyntaxError
            h_TabError IndentationError
            h_ReferenceError Exception
            h_SystemError Exception
            h_SystemExit BaseException
            h_TypeError Exception
            h_UnboundLocalError NameError
            h_UnicodeError ValueError
            h_UnicodeEncodeError UnicodeError
            h_UnicodeDecodeError UnicodeError
            h_UnicodeTranslateError UnicodeError
            h_ValueError Exception
            h_ZeroDivisionError ArithmeticError
            h_BlockingIOError OSError
            h_BrokenPipeError ConnectionError
            h_ChildProcessError OSError
            h_ConnectionError OSError
            h_ConnectionAbortedError ConnectionError
            h_ConnectionRefusedError ConnectionError
            h_ConnectionResetError ConnectionError
            h_FileExistsError OSError
            h_FileNotFoundError OSError
            h_InterruptedError OSError
            h_IsADirectoryError OSError
            h_NotADirectoryError OSError
            h_PermissionError OSError
            h_ProcessLookupError OSError
            h_TimeoutError OSError
            h_Warning Exception
            h_UserWarning Warning
            h_DeprecationWarning Warning
            h_PendingDeprecationWarning Warning
            h_SyntaxWarning Warning
            h_RuntimeWarning Warning
            h_FutureWarning Warning
            h_ImportWarning Warning
            h_UnicodeWarning Warning
            h_BytesWarning Warning
            h_ResourceWarning Warning
            """;

    /** What is no exception, and what it is in Python 2.7. */
    private static final String OTHERS = """
            h_None None
            h_True True
            h_False False
            h_NotImplemented NotImplemented
            h_Ellipsis Ellipsis
            h_BaseObjectType object
            h_TypeType type
            h_BoolType bool
            h_LongType int
            h_FloatType float
            h_UnicodeType unicode
            h_TupleType tuple
            h_ListType list
            h_ComplexType complex
            h_BytesType str
            h_MemoryViewType memoryview
            h_CapsuleType type(m.capsule())
            h_SliceType slice
            h_Builtins vars(__builtin__)
            h_DictType dict
            """;

    private static final List<String> ROWS =
            Stream.concat(EXCEPTIONS.lines(), OTHERS.lines()).toList();

    @BeforeEach
    void load() {
        String fields = ROWS.stream()
                .map(row -> row.split(" ")[0])
                .map(name -> "{\"%s\", offsetof(HPyContext, %s)},\n".formatted(name.substring(2), name))
                .collect(Collectors.joining());
        python.loadFunctions("constant:O capsule:NOARGS", """
                #include <stddef.h>
                #include <string.h>

                static const struct { const char *name; size_t offset; } fields[] = {%s};

                static HPy constant_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    const char *name = HPyUnicode_AsUTF8AndSize(ctx, arg, NULL);
                    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
                        if (strcmp(fields[i].name, name) == 0)
                            return HPy_Dup(ctx, *(HPy *)((char *)ctx + fields[i].offset));
                    }
                    return HPyErr_SetObject(ctx, ctx->h_KeyError, arg);
                }
                static HPy capsule_impl(HPyContext *ctx, HPy self) { return HPyCapsule_New(ctx, ctx, NULL, NULL); }
                """.formatted(fields));
        python.exec("import __builtin__");
    }

    @Test
    void everyConstantIsHere() {
        assertThat(ROWS.stream().map(row -> row.split(" ")[0].substring(2)))
                .containsExactlyInAnyOrderElementsOf(Members.CONSTANTS);
    }

    @Test
    void exceptionsHaveTheBasesThatTheyHaveInPython3() {
        assertThat(EXCEPTIONS.lines()).allSatisfy(row -> {
            String name = row.split(" ")[0].substring(2);
            String base = row.split(" ")[1];
            String bases = "[c.__name__ for c in m.constant('%s').__mro__]".formatted(name);
            assertThat(python.repr("m.constant('%s').__name__".formatted(name))).isEqualTo("'" + name + "'");
            assertThat(python.repr("'%s' in %s".formatted(base, bases))).isEqualTo("True");
        });
    }

    @Test
    void whatPython27HasIsItself() {
        assertThat(EXCEPTIONS.lines()).allSatisfy(row -> {
            String name = row.split(" ")[0].substring(2);
            assertThat(python.repr(
                            "getattr(__builtin__, '%1$s', m.constant('%1$s')) is m.constant('%1$s')".formatted(name)))
                    .isEqualTo("True");
        });
        assertThat(OTHERS.lines())
                .filteredOn(row -> !row.startsWith("h_Builtins"))
                .allSatisfy(row -> assertThat(python.repr(
                                "m.constant('%s') is %s".formatted(row.split(" ")[0].substring(2), row.split(" ")[1])))
                        .isEqualTo("True"));
        assertThat(python.repr("m.constant('Builtins')['len'] is len")).isEqualTo("True");
    }

    @Test
    void whatPython27HasNotIsBelowWhatItHas() {
        assertThat(python.repr("issubclass(m.constant('FileNotFoundError'), (OSError, EnvironmentError))"))
                .isEqualTo("True");
        assertThat(python.repr("m.constant('FileNotFoundError')")).isEqualTo("<class 'exceptions.FileNotFoundError'>");
        assertThat(python.repr("[c.__name__ for c in m.constant('BrokenPipeError').__mro__[:3]]"))
                .isEqualTo("['BrokenPipeError', 'ConnectionError', 'OSError']");
        assertThat(python.repr("hasattr(__builtin__, 'FileNotFoundError')")).isEqualTo("False");
    }
}
