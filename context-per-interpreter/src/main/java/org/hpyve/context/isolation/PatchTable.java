package org.hpyve.context.isolation;

import static org.hpyve.context.isolation.MethodPatch.atEntry;
import static org.hpyve.context.isolation.MethodPatch.atStart;
import static org.hpyve.context.isolation.MethodPatch.inPlaceOf;
import static org.hpyve.context.isolation.MethodPatch.onResult;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is changed in Jython, and why.
 *
 * <p>The order counts: a class that is defined is also verified, which loads others that it mentions. Those must be
 * defined before it, or they are loaded without their changes, and that is found.
 */
final class PatchTable {

    private static final String CORE = "org/python/core/";
    private static final String MODULES = "org/python/modules/";

    /** For each package a class that is not changed, and whose superclasses are not either. */
    private static final Map<String, String> ANCHORS = Map.ofEntries(
            Map.entry(CORE, "ClassDictInit"),
            Map.entry(CORE + "io/", "RawIOBase"),
            Map.entry(MODULES, "errno"),
            Map.entry(MODULES + "_csv/", "QuoteStyle"),
            Map.entry(MODULES + "_json/", "Encoder"),
            Map.entry(MODULES + "_threading/", "ConditionSupportingLock"),
            Map.entry(MODULES + "itertools/", "itertools"),
            Map.entry(MODULES + "jffi/", "MemoryOp"),
            Map.entry(MODULES + "thread/", "PyLocal$1"),
            Map.entry(MODULES + "time/", "TimeFunctions"),
            Map.entry(MODULES + "zipimport/", "zipimport$1"),
            Map.entry(MODULES + "sre/", "SRE_REPEAT"));

    /** Classes that the verification of others loads, in the order in which they do not load each other. */
    private static final List<String> FIRST = List.of(
            CORE + "PyType",
            CORE + "PyReflectedField",
            CORE + "PyBeanProperty",
            CORE + "PyJavaPackage",
            CORE + "JavaImporter",
            CORE + "PyModule",
            CORE + "PyFloat",
            CORE + "PyTableCode",
            CORE + "PySystemState$PySystemStateCloser",
            CORE + "PySystemState",
            MODULES + "_csv/PyReader",
            MODULES + "itertools/count$1");

    private final Map<String, List<ClassPatch.Edit>> edits = new LinkedHashMap<>();

    private PatchTable() {
        types();
        modules();
        packages();
        settings();
        proxies();
        hooks();
        lookups();
        filters();
        SharedStatePatches.addTo(this);
        StopPatches.addTo(this);
    }

    /** What Python sets on a shared type would be seen by all. Jython looks at no flag for those of Java. */
    private void types() {
        String set = "type___setattr__(Ljava/lang/String;Lorg/python/core/PyObject;)V";
        String delete = "type___delattr__(Ljava/lang/String;)V";
        add(CORE + "PyType", atStart(set, SharedTypes.class, "setattr"), atStart(delete, SharedTypes.class, "change"));
        // By descriptors of type, which look at nothing: type.__dict__['__name__'].__set__(int, 'x').
        for (String setter : new String[] {"pySetName", "setBases", "setAbstractmethods"}) {
            add(CORE + "PyType", atStart(setter + "(Lorg/python/core/PyObject;)V", SharedTypes.class, "describe"));
        }
        add(
                CORE + "PyJavaType",
                atStart(set, SharedTypes.class, "setattr"),
                atStart(delete, SharedTypes.class, "delattr"));
        String setField = "_doset(Lorg/python/core/PyObject;Lorg/python/core/PyObject;)Z";
        add(CORE + "PyReflectedField", atStart(setField, SharedTypes.class, "setField"));
    }

    /** A module in Java is the type of its class, which is one for all. */
    private void modules() {
        add(
                CORE + "imp",
                onResult("loadBuiltin(Ljava/lang/String;)Lorg/python/core/PyObject;", BuiltinModules.class, "module"));
        interpreters(MODULES + "zipimport/zipimport", "_zip_directory_cache", MODULES + "zipimport/zipimporter");
    }

    /** Java packages, as Python sees them: a tree of objects with dicts. */
    private void packages() {
        interpreters(
                CORE + "PySystemState",
                "packageManager",
                CORE + "PyJavaPackage",
                CORE + "JavaImporter",
                CORE + "PyModule",
                CORE + "SyspathArchive");
    }

    private void settings() {
        interpreters(MODULES + "_csv/_csv", "field_limit", MODULES + "_csv/PyReader");
        interpreters(MODULES + "_csv/_csv", "_dialects");
        interpreters(MODULES + "time/Time", "initialClock");
        interpreters(MODULES + "time/Time", "clockInitialized");
        String struct = MODULES + "struct$";
        interpreters(CORE + "PyFloat", "double_format", struct + "LEDoubleFormatDef", struct + "BEDoubleFormatDef");
        interpreters(CORE + "PyFloat", "float_format", struct + "LEFloatFormatDef", struct + "BEFloatFormatDef");
        interpreters(CORE + "BytecodeNotification", "callbacks");
    }

    /** Slow, and a place where interpreters wait for each other. */
    private void lookups() {
        add(
                CORE + "Py",
                inPlaceOf(
                        "loadAndInitClass(Ljava/lang/String;Ljava/lang/ClassLoader;)Ljava/lang/Class;",
                        JavaLookups.class,
                        "load"));
        add(
                CORE + "JavaImportHelper",
                inPlaceOf("buildLoadedPackages()Ljava/util/Map;", JavaLookups.class, "packages"));
    }

    /** Java classes, on all ways by which Python code comes to them. */
    private void filters() {
        String object = "Lorg/python/core/PyObject;";
        String matches =
                "matches(" + object + "[" + object + "[Ljava/lang/String;Lorg/python/core/ReflectedCallData;)Z";
        add(CORE + "ReflectedArgs", atEntry(matches, ClassFilter.class, "call"));
        add(CORE + "PyBeanProperty", atStart("_doget(" + object + ")" + object, ClassFilter.class, "property"));
        add(
                CORE + "PyJavaPackage",
                onResult("__findattr_ex__(Ljava/lang/String;)" + object, ClassFilter.class, "attribute"));
    }

    private void hooks() {
        add(
                CORE + "PySystemState$PySystemStateCloser",
                inPlaceOf("initShutdownCloser()Ljava/lang/Thread;", ShutdownHooks.class, "none"));
    }

    /** Python classes that extend Java classes of a class loader above Jython's. */
    private void proxies() {
        add(
                CORE + "BytecodeLoader$Loader",
                new ArgumentPatch("addParent(Ljava/lang/ClassLoader;)V", ProxyLoaders.class, "parent"));
    }

    void add(String type, ClassPatch.Edit... all) {
        edits.computeIfAbsent(type, key -> new ArrayList<>()).addAll(List.of(all));
    }

    /** A static field is each interpreter's own, in the class that has it and in others that use it. */
    void interpreters(String owner, String field, String... others) {
        FieldPatch patch = new FieldPatch(owner, field);
        add(owner, patch);
        for (String other : others) {
            add(other, patch);
        }
    }

    static List<ClassPatch> classes() {
        PatchTable table = new PatchTable();
        Set<String> names = new LinkedHashSet<>(FIRST);
        names.addAll(table.edits.keySet());
        names.retainAll(table.edits.keySet());
        return names.stream()
                .map(name -> new ClassPatch(name, table.edits.get(name)))
                .toList();
    }

    /** The class by which a package of Jython's is entered. */
    static String anchor(String type) {
        String folder = type.substring(0, type.lastIndexOf('/') + 1);
        String anchor = ANCHORS.get(folder);
        if (anchor == null) {
            throw new IllegalStateException("no class is known by which " + folder + " can be entered");
        }
        return (folder + anchor).replace('/', '.');
    }
}
