package org.hpyve.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.hpyve.bridge.NativeContext;
import org.hpyve.context.InterpreterContext;
import org.python.core.CompileMode;
import org.python.core.CompilerFlags;
import org.python.core.Py;
import org.python.core.PyBuiltinFunction;
import org.python.core.PyCode;
import org.python.core.PyException;
import org.python.core.PyList;
import org.python.core.PyModule;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyStringMap;
import org.python.core.PySystemState;

/**
 * One interpreter's Jython state and HPy context. Created, used and closed by the interpreter's owner thread; only
 * {@link #counters} may be called by others.
 */
final class PythonRuntime {

    static {
        Properties properties = new Properties();
        // A server needs no cache of Java packages, no site packages and no interactive console.
        properties.setProperty("python.cachedir.skip", "true");
        properties.setProperty("python.import.site", "false");
        properties.setProperty("python.console", "");
        PySystemState.initialize(System.getProperties(), properties, new String[] {""});
    }

    private final String name;
    private final PySystemState system;
    private final InterpreterContext context;
    private final PyStringMap globals = Py.newStringMap();

    PythonRuntime(Interpreter interpreter, InterpreterHost.Settings settings) {
        name = interpreter.name();
        system = new PySystemState();
        Py.setSystemState(system);
        context = new InterpreterContext(name, system, settings.strictText());
        system.modules.__setitem__(Py.newString("__main__"), new PyModule("__main__", globals));
        system.modules.__setitem__(Py.newString("_hpyve"), Py.java2py(new HostModule(interpreter, context.modules())));
        system.meta_path.append(Py.java2py(new BundledModules(system)));
        system.path_hooks.append(new FinderHook());
        for (Path folder : settings.searchPath()) {
            system.path.append(pathObject(folder));
        }
    }

    /** Makes an {@link ExtensionFinder} for each folder on a path that Python asks about. */
    private final class FinderHook extends PyBuiltinFunction {

        private static final long serialVersionUID = 1L;

        FinderHook() {
            super("hpyve_path_hook", null);
        }

        @Override
        public PyObject __call__(PyObject[] args, String[] keywords) {
            Path folder = Path.of(system.getPath(args[0].toString()));
            if (!Files.isDirectory(folder)) {
                throw Py.ImportError("only folders hold extensions");
            }
            return Py.java2py(new ExtensionFinder(folder, context.modules(), system));
        }
    }

    InterpreterContext.Counters counters() {
        return context.counters();
    }

    PyStringMap globals() {
        return globals;
    }

    void exec(String source, String fileName) {
        Py.runCode(compile(source, fileName, CompileMode.exec), globals, globals);
        flush();
    }

    PyObject eval(String expression) {
        PyObject value = Py.runCode(compile(expression, "<eval>", CompileMode.eval), globals, globals);
        flush();
        return value;
    }

    private static PyCode compile(String source, String fileName, CompileMode mode) {
        CompilerFlags flags = CompilerFlags.getCompilerFlags();
        // As in Python 2: source given as text is UTF-8. In plain ASCII an encoding declaration may stay in it.
        flags.source_is_utf8 = !source.chars().allMatch(c -> c < 0x80);
        return Py.compile_flags(source, fileName, mode, flags);
    }

    /** Runs a file as {@code python FILE ARGS} would. */
    void run(Path script, List<String> arguments) {
        PyList argv = new PyList();
        argv.append(pathObject(script));
        arguments.forEach(argument -> argv.append(Py.newStringOrUnicode(argument)));
        system.argv = argv;
        Path folder = script.toAbsolutePath().getParent();
        system.path.insert(0, pathObject(folder));
        globals.__setitem__("__file__", pathObject(script));
        try (InputStream source = Files.newInputStream(script)) {
            PyCode code =
                    Py.compile_flags(source, script.toString(), CompileMode.exec, CompilerFlags.getCompilerFlags());
            Py.runCode(code, globals, globals);
        } catch (IOException e) {
            throw Py.JavaError(e);
        } finally {
            flush();
        }
    }

    /** Runs exit functions, then releases everything; what extensions left open. */
    NativeContext.Leaks close() {
        try {
            system.callExitFunc();
        } catch (PyException e) {
            Py.printException(e);
        } finally {
            flush();
            globals.clear();
            system.modules = Py.newStringMap();
            context.close();
            system.close();
            Py.setSystemState(Py.defaultSystemState);
        }
        return context.leaks();
    }

    /** A Python exception as text. */
    PythonException describe(PyException exception) {
        exception.normalize();
        Integer exitCode = null;
        if (exception.match(Py.SystemExit)) {
            exitCode = exitCode(exception.value.__findattr__("code"));
        }
        String type = PyException.exceptionClassName(exception.type).replaceFirst("^exceptions\\.", "");
        String traceback = exception.traceback == null ? "" : exception.traceback.dumpStack();
        if (exception.match(Py.SyntaxError)) {
            traceback += syntaxErrorPlace(exception.value);
        }
        String text;
        String message;
        try {
            text = Py.formatException(exception.type, exception.value);
            message = message(exception.value);
        } catch (PyException e) {
            message = "<unprintable " + type + " object>";
            text = type + ": " + message;
        }
        return new PythonException(name, type, message, traceback + text + "\n", exitCode);
    }

    /** The place that a SyntaxError is about, which is not where it was raised. */
    private static String syntaxErrorPlace(PyObject error) {
        PyObject file = error.__findattr__("filename");
        PyObject line = error.__findattr__("lineno");
        PyObject text = error.__findattr__("text");
        if (file == null || line == null || text == null || text == Py.None) {
            return "";
        }
        return "  File \"%s\", line %s\n    %s\n"
                .formatted(file, line, text.toString().strip());
    }

    private static String message(PyObject value) {
        try {
            return value.__unicode__().toString();
        } catch (PyException e) {
            return value.__repr__().toString();
        }
    }

    private static int exitCode(PyObject code) {
        if (code == null || code == Py.None) {
            return 0;
        }
        try {
            return code.asInt();
        } catch (PyException e) {
            System.err.println(code);
            return 1;
        }
    }

    private void flush() {
        system.stdout.invoke("flush");
    }

    private static PyString pathObject(Path path) {
        return Py.newStringOrUnicode(path.toString());
    }
}
