package org.hpyve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.hpyve.host.Interpreter;
import org.hpyve.host.cli.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Types of extensions in several interpreters, and in a JVM with little memory. */
class TypesTest {

    @RegisterExtension
    final HostExtension hosts = new HostExtension();

    /** {@code Counted}, whose instances have a number; {@code counts()} says how often their end was seen, and where. */
    private void buildCounted() throws Exception {
        hosts.build("counted", """
                #include <pthread.h>
                enum { MOST = 200000 };
                typedef struct { long number; char body[120]; } Counted;
                HPyType_HELPERS(Counted)
                static long made, finalized, destroyed, wrong;
                static char ends[MOST];
                static pthread_t owner;

                HPyDef_SLOT(Counted_new, HPy_tp_new)
                static HPy Counted_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw)
                {
                    Counted *counted;
                    HPy self = HPy_New(ctx, cls, &counted);
                    owner = pthread_self();
                    if (!HPy_IsNull(self))
                        counted->number = made++;
                    return self;
                }
                static void see(Counted *counted, int ends_before)
                {
                    if (counted->number >= MOST || ends[counted->number]++ != ends_before
                            || !pthread_equal(owner, pthread_self()))
                        wrong++;
                }
                HPyDef_SLOT(Counted_finalize, HPy_tp_finalize)
                static void Counted_finalize_impl(HPyContext *ctx, HPy self)
                {
                    see(Counted_AsStruct(ctx, self), 0);
                    finalized++;
                }
                HPyDef_SLOT(Counted_destroy, HPy_tp_destroy)
                static void Counted_destroy_impl(void *data)
                {
                    see(data, 1);
                    destroyed++;
                }
                HPyDef_MEMBER(Counted_number, "number", HPyMember_LONG, offsetof(Counted, number))
                static HPyDef *Counted_defines[] = {
                    &Counted_new, &Counted_finalize, &Counted_destroy, &Counted_number, NULL};
                static HPyType_Spec Counted_spec = {
                    .name = "counted.Counted",
                    .basicsize = sizeof(Counted),
                    .builtin_shape = SHAPE(Counted),
                    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE,
                    .defines = Counted_defines,
                };

                HPyDef_METH(counts, "counts", HPyFunc_NOARGS)
                static HPy counts_impl(HPyContext *ctx, HPy self)
                {
                    return HPy_BuildValue(ctx, "llll", made, finalized, destroyed, wrong);
                }
                HPyDef_SLOT(exec, HPy_mod_exec)
                static int exec_impl(HPyContext *ctx, HPy module)
                {
                    return HPyHelpers_AddType(ctx, module, "Counted", &Counted_spec, NULL) ? 0 : -1;
                }
                static HPyDef *module_defines[] = {&counts, &exec, NULL};
                static HPyModuleDef module_def = {.defines = module_defines};
                HPy_MODINIT(counted, module_def)
                """);
    }

    @Test
    void subclassesInPythonBelongToTheirInterpreter() throws Exception {
        buildCounted();
        Interpreter one = hosts.newInterpreter();
        Interpreter two = hosts.newInterpreter();

        one.exec("""
                import counted
                class Own(counted.Counted):
                    color = 'red'
                    def double(self): return 2 * self.number
                own = Own(); own.number = 21; own.note = 'mine'
                """);
        two.exec("""
                import counted
                class Own(counted.Counted): pass
                own = Own()
                """);

        assertThat(one.eval("own.double(), own.color, own.note, counted.counts()[0]"))
                .isEqualTo(List.of(42, "red", "mine", 1));
        assertThat(two.eval("[hasattr(own, name) for name in ('double', 'color', 'note')], own.number"))
                .isEqualTo(List.of(List.of(false, false, false), 0));
        assertThat(two.eval("[cls.__name__ for cls in counted.Counted.__subclasses__()], Own.__dict__.get('color')"))
                .isEqualTo(Arrays.asList(List.of("Own"), null));
    }

    @Test
    void aHundredThousandFinalizedInstancesNeedLittleMemory() throws Exception {
        buildCounted();
        Path script = Files.writeString(hosts.folder().resolve("script.py"), """
                import counted, gc, time, hpyve
                counted.Counted()
                def settled():
                    # Objects whose end is still to come; the calls are what brings it about.
                    for i in range(400):
                        gc.collect()
                        counts = counted.counts()
                        if counts[0] == counts[1] == counts[2]:
                            break
                        time.sleep(0.02)
                    return counts
                settled()
                before = hpyve.current().stats().native_bytes
                for i in xrange(100000):
                    counted.Counted()
                assert settled() == (100001, 100001, 100001, 0), counted.counts()
                for i in range(100):
                    after = hpyve.current().stats().native_bytes
                    if after <= before:
                        break
                    gc.collect()
                    counted.counts()
                assert after <= before, (before, after)
                print 'settled'
                """);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(
                        java.toString(),
                        "-ea",
                        "-Xcheck:jni",
                        "-Xmx256m",
                        "-Djava.io.tmpdir=" + hosts.folder(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "run",
                        script.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("settled").doesNotContain("in native method");
    }
}
