package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.hpyve.bridge.NativeMemory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.python.core.Py;
import org.python.core.PyObject;

/** HPyCapsule: pointers of an extension that travel through Python. */
class CapsuleApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private static final String SOURCE = """
            #include <stdlib.h>
            #include <string.h>

            static const char first_name[] = "m.first";
            static const char other_name[] = "m.other";
            static char content[] = "content";
            static int calls;
            static int wrong;

            static void count_impl(const char *name, void *pointer, void *context)
            {
                calls++;
                if (name != other_name || pointer != content || context != &calls)
                    wrong++;
            }
            HPyCapsule_DESTRUCTOR_TRAMPOLINE(count_trampoline, count_impl)
            static HPyCapsule_Destructor count = {count_trampoline, count_impl};
            static void watch_impl(const char *name, void *pointer, void *context) { (*(int64_t *)pointer)++; }
            HPyCapsule_DESTRUCTOR_TRAMPOLINE(watch_trampoline, watch_impl)
            static HPyCapsule_Destructor set_at = {watch_trampoline, watch_impl};
            static HPyCapsule_Destructor empty = {NULL, NULL};
            static HPyCapsule_Destructor half = {NULL, count_impl};

            static HPy none(HPyContext *ctx) { return HPy_Dup(ctx, ctx->h_None); }

            static HPy make_impl(HPyContext *ctx, HPy self) { return HPyCapsule_New(ctx, content, first_name, NULL); }
            static HPy unnamed_impl(HPyContext *ctx, HPy self) { return HPyCapsule_New(ctx, content, NULL, NULL); }
            static HPy null_impl(HPyContext *ctx, HPy self) { return HPyCapsule_New(ctx, NULL, first_name, NULL); }
            static HPy bad_impl(HPyContext *ctx, HPy self) { return HPyCapsule_New(ctx, content, NULL, &empty); }
            static HPy half_bad_impl(HPyContext *ctx, HPy self) { return HPyCapsule_New(ctx, content, NULL, &half); }

            /* Its name and context are changed after it was made. */
            static HPy counted_impl(HPyContext *ctx, HPy self)
            {
                HPy capsule = HPyCapsule_New(ctx, content, first_name, &count);
                if (HPyCapsule_SetContext(ctx, capsule, &calls) < 0 || HPyCapsule_SetName(ctx, capsule, other_name) < 0)
                    return HPy_NULL;
                return capsule;
            }
            /* Of memory that outlives the extension. */
            static HPy counter_impl(HPyContext *ctx, HPy self)
            {
                return HPyLong_FromSsize_t(ctx, (intptr_t)calloc(1, sizeof(int64_t)));
            }
            static HPy watched_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                return HPyCapsule_New(ctx, HPyLong_AsVoidPtr(ctx, arg), "watched", &set_at);
            }
            static HPy many_impl(HPyContext *ctx, HPy self)
            {
                for (int i = 0; i < 1000; i++)
                    HPy_Close(ctx, counted_impl(ctx, self));
                return HPyErr_Occurred(ctx) ? HPy_NULL : none(ctx);
            }
            static HPy destroyed_impl(HPyContext *ctx, HPy self)
            {
                return wrong ? HPyUnicode_FromString(ctx, "wrong arguments") : HPyLong_FromLong(ctx, calls);
            }

            static HPy pointer_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                char *pointer = HPyCapsule_GetPointer(ctx, arg, "m.first");
                return pointer ? HPyUnicode_FromString(ctx, pointer) : HPy_NULL;
            }
            static HPy name_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                const char *name = HPyCapsule_GetName(ctx, arg);
                if (name)
                    return HPyUnicode_FromString(ctx, name);
                return HPyErr_Occurred(ctx) ? HPy_NULL : none(ctx);
            }
            static HPy context_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                char *context = HPyCapsule_GetContext(ctx, arg);
                if (context)
                    return HPyUnicode_FromString(ctx, context);
                return HPyErr_Occurred(ctx) ? HPy_NULL : none(ctx);
            }
            static HPy get_destructor_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                return HPyCapsule_Get(ctx, arg, HPyCapsule_key_Destructor, NULL) ? none(ctx) : HPy_NULL;
            }
            static HPy get_bad_key_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                return HPyCapsule_Get(ctx, arg, (_HPyCapsule_key)4, NULL) ? none(ctx) : HPy_NULL;
            }
            static HPy set_bad_key_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                return HPyCapsule_Set(ctx, arg, (_HPyCapsule_key)-1, content) < 0 ? HPy_NULL : none(ctx);
            }
            static HPy valid_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                int valid = HPyCapsule_IsValid(ctx, arg, "m.first") | HPyCapsule_IsValid(ctx, arg, NULL) << 1
                    | HPyCapsule_IsValid(ctx, arg, "x") << 2 | HPyCapsule_IsValid(ctx, HPy_NULL, NULL) << 3;
                return HPyErr_Occurred(ctx) ? HPy_NULL : HPyLong_FromLong(ctx, valid);
            }
            static HPy closed_impl(HPyContext *ctx, HPy self)
            {
                HPy capsule = make_impl(ctx, self);
                HPy_Close(ctx, capsule);
                int valid = HPyCapsule_IsValid(ctx, capsule, "m.first");
                if (!HPyErr_ExceptionMatches(ctx, ctx->h_SystemError))
                    return HPyErr_SetString(ctx, ctx->h_AssertionError, "no error");
                return valid ? none(ctx) : HPy_NULL;
            }

            /* set(capsule, field) */
            static HPy set_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
            {
                static char changed[] = "changed";
                int done = -1;
                switch (HPyLong_AsLong(ctx, args[1])) {
                case 0:
                    done = HPyCapsule_SetPointer(ctx, args[0], changed);
                    break;
                case 1:
                    done = HPyCapsule_SetName(ctx, args[0], other_name);
                    break;
                case 2:
                    done = HPyCapsule_SetContext(ctx, args[0], changed);
                    break;
                case 3:
                    done = HPyCapsule_SetDestructor(ctx, args[0], NULL);
                    break;
                case 4:
                    done = HPyCapsule_SetPointer(ctx, args[0], NULL);
                    break;
                case 5:
                    done = HPyCapsule_SetDestructor(ctx, args[0], &empty);
                    break;
                case 6:
                    done = HPyCapsule_SetName(ctx, args[0], NULL);
                    break;
                }
                return done < 0 ? HPy_NULL : none(ctx);
            }
            static HPy type_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                HPy type = HPy_Type(ctx, arg);
                int same = HPy_Is(ctx, type, ctx->h_CapsuleType) && HPy_TypeCheck(ctx, arg, ctx->h_CapsuleType);
                HPy_Close(ctx, type);
                return HPyBool_FromBool(ctx, same);
            }
            """;

    private static final String FUNCTIONS =
            "make:NOARGS unnamed:NOARGS null:NOARGS bad:NOARGS half_bad:NOARGS counted:NOARGS many:NOARGS counter:NOARGS watched:O destroyed:NOARGS"
                    + " pointer:O name:O context:O get_destructor:O get_bad_key:O set_bad_key:O valid:O closed:NOARGS"
                    + " set:VARARGS type:O";

    @BeforeEach
    void load() {
        python.loadFunctions(FUNCTIONS, SOURCE);
        python.exec("""
                import gc, time
                def collected(n):
                    for i in range(500):
                        gc.collect()
                        if m.destroyed() == n:
                            break
                        time.sleep(0.02)
                    return m.destroyed()
                """);
    }

    @Test
    void aCapsuleHasItsFields() {
        assertThat(python.repr("m.pointer(m.make())")).isEqualTo("u'content'");
        assertThat(python.repr("m.name(m.make()), m.name(m.unnamed())")).isEqualTo("(u'm.first', None)");
        assertThat(python.repr("m.context(m.make())")).isEqualTo("None");
    }

    @Test
    void fieldsCanBeSet() {
        python.exec("c = m.make()\nfor field in range(3): m.set(c, field)");

        assertThat(python.repr("m.name(c), m.context(c)")).isEqualTo("(u'm.other', u'changed')");
        assertThat(python.raised("m.pointer(c)"))
                .isEqualTo("ValueError: PyCapsule_GetPointer called with incorrect name");
        python.exec("m.set(c, 6)");
        assertThat(python.repr("m.name(c), m.valid(c)")).isEqualTo("(None, 2)");
    }

    @Test
    void thePointerIsGivenForTheRightNameOnly() {
        assertThat(python.raised("m.pointer(m.unnamed())"))
                .isEqualTo("ValueError: PyCapsule_GetPointer called with incorrect name");
        assertThat(python.repr("m.valid(m.make()), m.valid(m.unnamed())")).isEqualTo("(1, 2)");
    }

    @Test
    void nullIsNoPointer() {
        assertThat(python.raised("m.null()")).isEqualTo("ValueError: PyCapsule_New called with null pointer");
        assertThat(python.raised("m.set(m.make(), 4)"))
                .isEqualTo("ValueError: PyCapsule_SetPointer called with null pointer");
    }

    @Test
    void aDestructorMustBeWholeAndCannotBeRead() {
        String invalid = "ValueError: Invalid HPyCapsule destructor";
        assertThat(python.raised("m.bad()")).isEqualTo(invalid);
        assertThat(python.raised("m.half_bad()")).isEqualTo(invalid);
        assertThat(python.raised("m.set(m.make(), 5)")).isEqualTo(invalid);
        assertThat(python.raised("m.get_destructor(m.make())"))
                .isEqualTo("ValueError: Invalid operation: get HPyCapsule_key_Destructor");
    }

    @Test
    void anythingElseIsNoCapsule() {
        for (String object : new String[] {"'text'", "5", "2.5", "None", "type(m.make())", "object()"}) {
            assertThat(python.raised("m.pointer(" + object + ")"))
                    .isEqualTo("ValueError: PyCapsule_GetPointer called with invalid PyCapsule object");
            assertThat(python.raised("m.name(" + object + ")"))
                    .isEqualTo("ValueError: PyCapsule_GetName called with invalid PyCapsule object");
            assertThat(python.raised("m.context(" + object + ")"))
                    .isEqualTo("ValueError: PyCapsule_GetContext called with invalid PyCapsule object");
            assertThat(python.raised("m.set(" + object + ", 1)"))
                    .isEqualTo("ValueError: PyCapsule_SetName called with invalid PyCapsule object");
            assertThat(python.raised("m.set(" + object + ", 3)"))
                    .isEqualTo("ValueError: PyCapsule_SetDestructor called with invalid PyCapsule object");
            assertThat(python.repr("m.valid(" + object + ")")).isEqualTo("0");
        }
        assertThat(python.raised("m.get_bad_key(m.make())")).isEqualTo("SystemError: HPyCapsule_Get: bad key");
        assertThat(python.raised("m.set_bad_key(m.make())")).isEqualTo("SystemError: HPyCapsule_Set: bad key");
        assertThat(python.raised("m.closed()"))
                .startsWith("SystemError: ")
                .contains("HPyCapsule_IsValid", "was closed");
    }

    @Test
    void pythonSeesAnOpaqueObject() {
        assertThat(python.repr("m.make()")).matches("<capsule object \"m.first\" at 0x[0-9a-f]+>");
        assertThat(python.eval("str(m.unnamed())").toString()).matches("<capsule object NULL at 0x[0-9a-f]+>");
        assertThat(python.eval("m.unnamed().__repr__()").toString()).startsWith("<capsule object NULL at ");
        assertThat(python.repr("type(m.make()), m.type(m.make()), m.type(5)"))
                .isEqualTo("(<class 'PyCapsule'>, True, False)");
        assertThat(python.raised("type(m.make())()")).isEqualTo("TypeError: cannot create 'PyCapsule' instances");
        assertThat(python.raised("type('Sub', (type(m.make()),), {})()"))
                .isEqualTo("TypeError: cannot create 'PyCapsule' instances");
        assertThat(python.raised("m.name(object.__new__(type(m.make())))"))
                .isEqualTo("ValueError: PyCapsule_GetName called with invalid PyCapsule object");
        assertThat(python.raised("setattr(m.make(), 'x', 1)")).startsWith("AttributeError: ");
    }

    @Test
    void aDestructorRunsOnceWhenTheCapsuleIsGone() {
        python.exec("""
                kept = m.counted()
                m.counted()
                without = m.counted()
                m.set(without, 3)
                del without
                """);

        assertThat(python.repr("collected(1)")).isEqualTo("1");
        python.exec("del kept");
        assertThat(python.repr("collected(2)")).isEqualTo("2");
    }

    @Test
    void cMayMakeAndDropManyCapsulesInOneCall() {
        python.exec("m.many()");

        assertThat(python.repr("collected(1000)")).isEqualTo("1000");
    }

    @Test
    void whoIsAliveAtCloseIsDestroyedThen() {
        python.exec("address = m.counter()\nkept = m.watched(address)\nkept = [kept, m.make()]");
        long counter = Py.tojava(python.eval("address"), Long.class);
        PyObject kept = python.eval("kept[0]");

        python.context().close();

        assertThat(NativeMemory.load(counter, Long.BYTES)).isEqualTo(1);
        assertThat(kept.toString()).matches("<capsule object at 0x[0-9a-f]+>");
    }

    @Test
    void aCapsuleOfAnotherInterpreterIsNone() {
        PyCapsule capsule = (PyCapsule) python.eval("m.make()");

        assertThat(python.context().capsules().fieldsOf(capsule)).isNotZero();
        assertThat(new Capsules(python.context()).fieldsOf(capsule)).isZero();
    }
}
