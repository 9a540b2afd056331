package org.hpyve.tests;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of the rooms, as rules on compiled classes; each rule is shown to find a class that breaks it. */
class RoomsTest {

    /** A rule, and the sources of classes that break it, one of them called {@code Wrong}. */
    record Room(String name, ArchRule rule, String... wrong) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.hpyve");

    @TempDir
    private Path folder;

    static List<Room> rooms() {
        return List.of(
                new Room(
                        "include depends on no other room",
                        classes()
                                .that()
                                .resideInAPackage("org.hpyve.include..")
                                .should()
                                .onlyDependOnClassesThat()
                                .resideInAnyPackage("java..", "org.hpyve.include.."),
                        "package org.hpyve.include; class Wrong { Object x = org.hpyve.bridge.Handles.NULL;"
                                + " Class<?> c = org.hpyve.bridge.Handles.class; }"),
                new Room(
                        "jni-bridge knows no Python",
                        classes()
                                .that()
                                .resideInAPackage("org.hpyve.bridge..")
                                .should()
                                .onlyDependOnClassesThat()
                                .resideInAnyPackage("java..", "org.hpyve.bridge..", "org.hpyve.include.."),
                        "package org.hpyve.bridge; class Wrong { org.python.core.PyObject x; }"),
                new Room(
                        "context-per-interpreter depends on include and jni-bridge only",
                        noClasses()
                                .that()
                                .resideInAPackage("org.hpyve.context..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(
                                        "org.hpyve.host..", "org.hpyve.scheduler..", "org.hpyve.examples.."),
                        "package org.hpyve.context; class Wrong { org.hpyve.scheduler.Mailbox x; }"),
                new Room(
                        "context-per-interpreter makes no threads",
                        noClasses()
                                .that()
                                .resideInAPackage("org.hpyve.context..")
                                .should()
                                .callConstructorWhere(target(owner(assignableTo(Thread.class)))),
                        "package org.hpyve.context; class Wrong { Thread x = new Thread(); }"),
                new Room(
                        "context-per-interpreter starts no threads",
                        noClasses()
                                .that()
                                .resideInAPackage("org.hpyve.context..")
                                .should()
                                .callMethod(Thread.class, "start"),
                        "package org.hpyve.context; class Wrong { void f(Thread x) { x.start(); } }"),
                new Room(
                        "context-per-interpreter is no thread and uses no executor",
                        noClasses()
                                .that()
                                .resideInAPackage("org.hpyve.context..")
                                .should()
                                .dependOnClassesThat(assignableTo(Executor.class)
                                        .or(assignableTo(Executors.class))
                                        .or(assignableTo(CompletableFuture.class))
                                        .or(assignableTo(ForkJoinPool.class))
                                        .or(assignableTo(Timer.class)))
                                .orShould()
                                .beAssignableTo(Thread.class),
                        "package org.hpyve.context; class Wrong { Object x ="
                                + " java.util.concurrent.Executors.newCachedThreadPool(); }"),
                new Room(
                        "scheduler is plain Java",
                        classes()
                                .that()
                                .resideInAPackage("org.hpyve.scheduler..")
                                .should()
                                .onlyDependOnClassesThat()
                                .resideInAnyPackage("java..", "jdk.jfr..", "org.jctools..", "org.hpyve.scheduler.."),
                        "package org.hpyve.scheduler; class Wrong { org.python.core.PyObject x; }"),
                new Room(
                        "scheduler knows no other room",
                        noClasses()
                                .that()
                                .resideInAPackage("org.hpyve.scheduler..")
                                .should()
                                .dependOnClassesThat(resideInAPackage("org.hpyve..")
                                        .and(resideInAPackage("org.hpyve.scheduler..")
                                                .negate())),
                        "package org.hpyve.scheduler; class Wrong { Class<?> x = org.hpyve.bridge.Handles.class; }"),
                new Room(
                        "in host only the Python side touches Jython",
                        noClasses()
                                .that()
                                .resideInAPackage("org.hpyve.host..")
                                .and()
                                .resideOutsideOfPackage("org.hpyve.host.runtime..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage("org.python.."),
                        "package org.hpyve.host; class Wrong { org.python.core.PyObject x; }"),
                new Room(
                        "host does not depend on examples",
                        noClasses()
                                .that()
                                .resideInAPackage("org.hpyve.host..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage("org.hpyve.examples.."),
                        "package org.hpyve.host; class Wrong { org.hpyve.examples.json.DemoProvider x; }"),
                new Room(
                        "examples use host, as every other program would",
                        noClasses()
                                .that()
                                .resideInAPackage("org.hpyve.examples..")
                                .should()
                                .dependOnClassesThat(resideInAPackage("org.hpyve.bridge..")
                                        .or(resideInAPackage("org.hpyve.context.."))
                                        // The exceptions of tasks are a part of the host's interface.
                                        .or(resideInAPackage("org.hpyve.scheduler..")
                                                .and(not(assignableTo(RuntimeException.class))))),
                        "package org.hpyve.examples; class Wrong { Class<?> x = org.hpyve.scheduler.Mailbox.class; }"),
                new Room(
                        "native methods are in jni-bridge only",
                        noMethods()
                                .that()
                                .areDeclaredInClassesThat()
                                .resideOutsideOfPackage("org.hpyve.bridge..")
                                .should()
                                .haveModifier(JavaModifier.NATIVE),
                        "package org.hpyve.host; class Wrong { native void f(); }"),
                new Room(
                        "native libraries are loaded by jni-bridge only",
                        noClasses()
                                .that()
                                .resideOutsideOfPackage("org.hpyve.bridge..")
                                .should()
                                .callMethod(System.class, "load", String.class)
                                .orShould()
                                .callMethod(System.class, "loadLibrary", String.class),
                        "package org.hpyve.context; class Wrong { void f() { System.load(\"/x\"); } }"),
                new Room(
                        "rooms depend on each other in one direction",
                        slices().matching("org.hpyve.(*)..").should().beFreeOfCycles(),
                        "package org.hpyve.bridge; public class Wrong { org.hpyve.context.Back x; }",
                        "package org.hpyve.context; public class Back { org.hpyve.bridge.Wrong x; }"));
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void theRuleHolds(Room room) {
        EvaluationResult result = room.rule().evaluate(CLASSES);

        assertThat(result.getFailureReport().getDetails()).isEmpty();
    }

    /** Otherwise a rule that finds nothing would look as if it held. */
    @ParameterizedTest
    @MethodSource("rooms")
    void theRuleFindsAClassThatBreaksIt(Room room) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", folder.toString()));
        for (String source : room.wrong()) {
            String name = source.replaceFirst("(?s).*? class (\\w+).*", "$1");
            command.add(
                    Files.writeString(folder.resolve(name + ".java"), source).toString());
        }
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, command.toArray(String[]::new));
        assertThat(status).isZero();
        JavaClasses wrong = new ClassFileImporter().importPath(folder);

        EvaluationResult result = room.rule().evaluate(wrong);

        assertThat(result.getFailureReport().getDetails()).isNotEmpty().anyMatch(detail -> detail.contains("Wrong"));
    }

    @Test
    void everyRoomIsSeen() {
        Set<String> rooms = CLASSES.stream()
                .filter(resideInAPackage("org.hpyve.."))
                .map(found -> found.getPackageName().split("\\.")[2])
                .collect(Collectors.toSet());

        assertThat(rooms)
                .containsExactlyInAnyOrder("include", "bridge", "context", "scheduler", "host", "examples", "tests");
        assertThat(CLASSES.stream().flatMap(found -> found.getMethods().stream()))
                .anyMatch(method -> method.getModifiers().contains(JavaModifier.NATIVE));
    }
}
