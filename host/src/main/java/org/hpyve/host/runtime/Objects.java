package org.hpyve.host.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hpyve.host.PythonReference;
import org.hpyve.host.boundary.PythonObjects;
import org.python.antlr.ast.Assign;
import org.python.antlr.ast.Expr;
import org.python.antlr.ast.Module;
import org.python.antlr.ast.Name;
import org.python.antlr.ast.expr_contextType;
import org.python.antlr.base.mod;
import org.python.antlr.base.stmt;
import org.python.core.CompileMode;
import org.python.core.CompilerFlags;
import org.python.core.ParserFacade;
import org.python.core.Py;
import org.python.core.PyCode;
import org.python.core.PyModule;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyStringMap;

/** Objects of one interpreter, and programs among them. */
final class Objects implements PythonObjects {

    /** Where statements leave their result, as long as they run; no name that a program could have. */
    private static final String RESULT = "<result>";

    /** What each set of variables has. */
    private static final Set<String> OWN_NAMES =
            Set.of("__builtins__", "__name__", "__doc__", "__package__", "__file__");

    /** Does something in Python, and has its exceptions leave as text. */
    interface Translator {
        <T> T translated(Supplier<T> work);
    }

    private final Values values;
    private final PyStringMap main;
    private final Caller caller;
    private final Translator translator;
    private final Runnable flush;

    Objects(Values values, PyStringMap main, Caller caller, Translator translator, Runnable flush) {
        this.values = values;
        this.main = main;
        this.caller = caller;
        this.translator = translator;
        this.flush = flush;
    }

    @Override
    public Object convert(PythonReference object, Class<?> type) {
        return translator.translated(() -> values.toJava(resolved(object), type, "the object"));
    }

    @Override
    public Object call(PythonReference object, String method, Object[] arguments, Class<?> type) {
        return translator.translated(() -> {
            PyObject target = resolved(object);
            PyObject function = method == null ? target : target.__getattr__(method.intern());
            PyObject[] converted = new PyObject[arguments.length];
            for (int i = 0; i < converted.length; i++) {
                converted[i] = values.toPython(arguments[i]);
            }
            PyObject result;
            try {
                result = caller.call(function, () -> function.__call__(converted));
            } finally {
                flush.run();
            }
            return values.toJava(result, type, "the result of " + (method == null ? "the object" : method + "()"));
        });
    }

    @Override
    public boolean hasMethod(PythonReference object, String method) {
        return translator.translated(() -> {
            PyObject attribute = resolved(object).__findattr__(method.intern());
            return attribute != null && attribute.isCallable();
        });
    }

    @Override
    public PythonReference compile(String text, String fileName) {
        return translator.translated(() -> {
            String source = Sources.of(text);
            CompilerFlags flags = Sources.flags(source);
            mod program = ParserFacade.parse(source + "\n\n", CompileMode.exec, fileName, flags);
            if (program instanceof Module module) {
                keepResult(module.getInternalBody());
            }
            return values.refer(Py.compile_flags(program, fileName, CompileMode.exec, flags));
        });
    }

    /** The last statement, if it is an expression, becomes an assignment. */
    private static void keepResult(List<stmt> body) {
        if (!body.isEmpty() && body.get(body.size() - 1) instanceof Expr last) {
            Name result = new Name(last, RESULT, expr_contextType.Store);
            body.set(body.size() - 1, new Assign(last, new ArrayList<>(List.of(result)), last.getInternalValue()));
        }
    }

    @Override
    public Object run(PythonReference code, PythonReference variables, Class<?> type) {
        return translator.translated(() -> {
            PyStringMap names = variables == null ? main : variables(variables);
            PyObject modules = Py.getSystemState().modules;
            PyObject before = modules.__finditem__("__main__");
            PyObject result;
            try {
                if (variables != null) {
                    modules.__setitem__("__main__", new PyModule("__main__", names));
                }
                Py.runCode((PyCode) resolved(code), names, names);
            } finally {
                result = take(names);
                if (variables != null && before != null) {
                    modules.__setitem__("__main__", before);
                }
                flush.run();
            }
            return result == null ? null : values.toJava(result, type, "the result");
        });
    }

    private static PyObject take(PyStringMap names) {
        return names.pop(new PyString(RESULT), Py.None);
    }

    @Override
    public PythonReference newVariables(Function<String, Object> outer) {
        PyStringMap names = new Variables(outer);
        names.__setitem__("__name__", Py.newString("__main__"));
        names.__setitem__("__doc__", Py.None);
        names.__setitem__("__builtins__", Py.getSystemState().modules.__getitem__(Py.newString("__builtin__")));
        return values.refer(names);
    }

    /** Names, and names behind them. */
    @SuppressWarnings("unchecked") // of what PyStringMap inherits
    private final class Variables extends PyStringMap {

        private static final long serialVersionUID = 1L;

        private final transient Function<String, Object> outer;

        Variables(Function<String, Object> outer) {
            this.outer = outer;
        }

        @Override
        public PyObject __finditem__(String name) {
            PyObject value = super.__finditem__(name);
            if (value != null || outer == null) {
                return value;
            }
            Object found = outer.apply(Names.toJava(name));
            return found == null ? null : values.toPython(found);
        }

        PyObject own(String name) {
            return super.__finditem__(name);
        }
    }

    @Override
    public List<String> names(PythonReference variables) {
        List<String> names = new ArrayList<>();
        for (PyObject name : variables(variables).asIterable()) {
            if (!OWN_NAMES.contains(name.toString())) {
                names.add(Names.toJava(name.toString()));
            }
        }
        return names;
    }

    @Override
    public boolean has(PythonReference variables, String name) {
        return own(variables, name) != null;
    }

    private PyObject own(PythonReference variables, String name) {
        PyStringMap names = variables(variables);
        return names instanceof Variables own
                ? own.own(Names.toPython(name))
                : names.__finditem__(Names.toPython(name));
    }

    @Override
    public Object get(PythonReference variables, String name, Class<?> type) {
        return translator.translated(() -> {
            PyObject value = own(variables, name);
            return value == null ? null : values.toJava(value, type, "the value of '" + name + "'");
        });
    }

    @Override
    public void set(PythonReference variables, String name, Object value) {
        translator.translated(() -> {
            variables(variables).__setitem__(Names.toPython(name), values.toPython(value));
            return null;
        });
    }

    @Override
    public void remove(PythonReference variables, String name) {
        if (has(variables, name)) {
            variables(variables).__delitem__(Names.toPython(name));
        }
    }

    private PyStringMap variables(PythonReference reference) {
        return (PyStringMap) resolved(reference);
    }

    private PyObject resolved(PythonReference reference) {
        return (PyObject) values.host().resolve(reference);
    }
}
