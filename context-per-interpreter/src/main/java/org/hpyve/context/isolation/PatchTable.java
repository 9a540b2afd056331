package org.hpyve.context.isolation;

import static org.hpyve.context.isolation.MethodPatch.atStart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is changed in Jython, and why.
 *
 * <p>The order counts: a class that is defined is verified, too, which may load others that it mentions. Those must come
 * before it, or they are loaded without their changes, and that is found.
 */
final class PatchTable {

    /** For each package a class that is not changed, and whose superclasses are not either. */
    private static final Map<String, String> ANCHORS = Map.of(
            "org/python/core", "ClassDictInit",
            "org/python/modules/_csv", "QuoteStyle");

    private final Map<String, List<ClassPatch.Edit>> edits = new LinkedHashMap<>();

    private PatchTable() {
        // Java classes are shared: what Python sets there would be seen by all. Jython looks at no flag for them.
        add(
                "org/python/core/PyJavaType",
                atStart(
                        "type___setattr__(Ljava/lang/String;Lorg/python/core/PyObject;)V",
                        SharedTypes.class,
                        "setattr"),
                atStart("type___delattr__(Ljava/lang/String;)V", SharedTypes.class, "delattr"));
        interpreters("org/python/modules/_csv/_csv", "field_limit", "org/python/modules/_csv/PyReader");
        interpreters("org/python/modules/_csv/_csv", "_dialects");
        add(
                "org/python/core/BytecodeLoader$Loader",
                new ArgumentPatch("addParent(Ljava/lang/ClassLoader;)V", ProxyLoaders.class, "parent"));
    }

    private void add(String type, ClassPatch.Edit... all) {
        edits.computeIfAbsent(type, key -> new ArrayList<>()).addAll(List.of(all));
    }

    /** A static field is each interpreter's own, in the class that has it and in others that use it. */
    private void interpreters(String owner, String field, String... others) {
        FieldPatch patch = new FieldPatch(owner, field);
        for (String other : others) {
            add(other, patch);
        }
        add(owner, patch);
    }

    static List<ClassPatch> classes() {
        List<ClassPatch> classes = new ArrayList<>();
        new PatchTable().edits.forEach((name, all) -> classes.add(new ClassPatch(name, all)));
        return classes;
    }

    /** The class by which a package of Jython's is entered. */
    static String anchor(String type) {
        String folder = type.substring(0, type.lastIndexOf('/'));
        String anchor = ANCHORS.get(folder);
        if (anchor == null) {
            throw new IllegalStateException("no class is known by which " + folder + " can be entered");
        }
        return (folder + '/' + anchor).replace('/', '.');
    }
}
