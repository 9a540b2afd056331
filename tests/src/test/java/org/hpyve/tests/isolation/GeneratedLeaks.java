package org.hpyve.tests.isolation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.hpyve.host.Interpreter;

/** Items that an interpreter is asked for: all modules in Java, all built-in types, all of sys. */
final class GeneratedLeaks {

    private static final String NEW_ATTRIBUTE = "%s.set_by_a_test = 1\n";

    /** Replaces every attribute, changes every dict and list, and adds an attribute. */
    private static final String REPLACE = """
            for name in dir(%1$s):
                value = getattr(%1$s, name, None)
                if isinstance(value, dict):
                    value['set by a test'] = 'x'
                elif isinstance(value, list):
                    value.append('set by a test')
                elif not name.startswith('__'):
                    try:
                        setattr(%1$s, name, 'set by a test')
                    except (TypeError, AttributeError):
                        pass
            %1$s.set_by_a_test = 1
            """;

    private static final String DELETE = """
            for name in dir(%1$s):
                if not name.startswith('__'):
                    try:
                        delattr(%1$s, name)
                    except (TypeError, AttributeError):
                        pass
            """;

    private static final List<String> TYPES_OF = List.of(
            "__builtin__",
            "exceptions",
            "struct",
            "binascii",
            "zipimport",
            "cPickle",
            "_csv",
            "_jyio",
            "time",
            "array",
            "itertools",
            "_collections",
            "_functools",
            "thread",
            "_weakref",
            "_random",
            "_ast",
            "posix",
            "cStringIO");

    private static final List<String> JAVA_CLASSES = List.of(
            "java.lang.Object",
            "java.lang.String",
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Double",
            "java.lang.Number",
            "java.lang.Boolean",
            "java.lang.System",
            "java.lang.Math",
            "java.lang.Thread",
            "java.lang.Runnable",
            "java.lang.Iterable",
            "java.lang.Exception",
            "java.lang.StringBuilder",
            "java.util.ArrayList",
            "java.util.HashMap",
            "java.util.List",
            "java.util.Map",
            "java.util.Collections",
            "java.util.Date",
            "java.util.Properties",
            "java.util.concurrent.TimeUnit",
            "java.io.File");

    private GeneratedLeaks() {}

    static List<Leak> of(Interpreter python) {
        List<Leak> leaks = new ArrayList<>();
        names(python, "sys.builtin_module_names")
                .filter(module -> !module.equals("sys") && !module.equals("_locale"))
                .forEach(module -> addModule(leaks, module));
        addSys(leaks);
        for (String module : TYPES_OF) {
            addShared(
                    leaks,
                    "types of " + module,
                    module,
                    "[getattr(module, n) for n in sorted(dir(module)) if isinstance(getattr(module, n, None), type)]");
        }
        for (String type : JAVA_CLASSES) {
            int dot = type.lastIndexOf('.');
            addShared(leaks, "Java class " + type, type.substring(0, dot), "[module." + type.substring(dot + 1) + "]");
        }
        return leaks;
    }

    private static Stream<String> names(Interpreter python, String expression) {
        String list = (String) python.eval("','.join(sorted(%s))".formatted(expression));
        return Stream.of(list.split(","));
    }

    private static void addModule(List<Leak> leaks, String module) {
        String load = "import %1$s\n".formatted(module);
        // Dialects are registered by the module csv.
        String probe = "state(__import__('%s'), ['_dialects'])".formatted(module);
        leaks.add(new Leak("replaced: " + module, load + REPLACE.formatted(module), probe));
        leaks.add(new Leak("deleted: " + module, load + DELETE.formatted(module), probe));
        leaks.add(new Leak(
                "reloaded and imported again: " + module,
                load
                        + NEW_ATTRIBUTE.formatted(module)
                        + "%1$s = reload(%1$s)\n".formatted(module)
                        + "sys.meta_path = []\ndel sys.modules['%1$s']\nimport %1$s\n".formatted(module)
                        + NEW_ATTRIBUTE.formatted(module),
                probe));
    }

    /** All attributes of sys, but for what is different in each interpreter. */
    private static void addSys(List<Leak> leaks) {
        String probe =
                "state(sys, ['modules', 'path_importer_cache', 'builtins', '__dict__', 'exitfunc', 'exc_type', 'exc_value',"
                        + " 'exc_traceback', 'last_type', 'last_value', 'last_traceback'])";
        leaks.add(new Leak("replaced: sys", REPLACE.formatted("sys"), probe));
        leaks.add(new Leak("deleted: sys", DELETE.formatted("sys"), probe));
        leaks.add(new Leak("reloaded: sys", "reload(sys)\n" + NEW_ATTRIBUTE.formatted("sys"), probe));
    }

    /** Tries to set and delete attributes of all types that an expression gives for a module. */
    private static void addShared(List<Leak> leaks, String name, String module, String types) {
        String load = "module = __import__('%s', None, None, ['*'])\n".formatted(module);
        leaks.add(new Leak(
                name,
                load + """
                        accepted = 0
                        for shared in %s:
                            for name in ['set_by_a_test', '__name__', '__doc__', '__init__', 'toString', '__len__']:
                                for change in (lambda: setattr(shared, name, 'x'), lambda: delattr(shared, name),
                                               lambda: type.__setattr__(shared, name, 'x'),
                                               lambda: shared.__dict__.__setitem__(name, 'x')):
                                    try:
                                        change()
                                        accepted += 1
                                    except (TypeError, AttributeError) as e:
                                        refusal = e
                        if not accepted:
                            raise refusal
                        """.formatted(types),
                "(lambda module: map(state, %s))(__import__('%s', None, None, ['*']))".formatted(types, module)));
    }
}
