package org.hpyve.host.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import org.hpyve.bridge.NativeContext;
import org.hpyve.context.InterpreterContext;
import org.hpyve.context.code.SharedImports;
import org.hpyve.context.isolation.ClassFilter;
import org.hpyve.context.isolation.EndOfStack;
import org.hpyve.context.isolation.InterpreterThreads;
import org.hpyve.context.isolation.IsolatedSystem;
import org.hpyve.context.isolation.OwnCopy;
import org.hpyve.context.isolation.Stopping;
import org.hpyve.context.isolation.Waiting;
import org.hpyve.host.CloseReport;
import org.hpyve.host.ExtensionStats;
import org.hpyve.host.LeakedHandle;
import org.hpyve.host.LiveHandles;
import org.hpyve.host.boundary.Cleanup;
import org.hpyve.host.boundary.HostSide;
import org.hpyve.host.boundary.Parcel;
import org.hpyve.host.boundary.PythonObjects;
import org.hpyve.host.boundary.PythonRuntime;
import org.hpyve.host.boundary.RuntimeSettings;
import org.hpyve.scheduler.Scheduler;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One interpreter on Jython: its {@link PySystemState} and its {@link InterpreterContext}. */
public final class JythonRuntime implements PythonRuntime {

    private static final Logger LOG = LoggerFactory.getLogger(JythonRuntime.class);

    /** Are these classes the interpreter's own? Then they were loaded beneath those of the boundary. */
    static final boolean OWN = JythonRuntime.class.getClassLoader() != PythonRuntime.class.getClassLoader();

    static {
        if (OWN) {
            OwnCopy.prepare();
        }
        Waiting.setWaiter(JythonRuntime::await);
        Properties properties = new Properties();
        // A server needs no cache of Java packages, no site packages and no interactive console.
        properties.setProperty("python.cachedir.skip", "true");
        properties.setProperty("python.import.site", "false");
        properties.setProperty("python.console", "");
        // Jython writes to what it is given.
        Properties registry = new Properties();
        registry.putAll(System.getProperties());
        PySystemState.initialize(registry, properties, new String[] {""});
        EndOfStack.prepare();
    }

    /** How long close waits for threads that were asked to end. */
    private static final Duration THREADS_GRACE = Duration.ofSeconds(2);

    private final String name;
    private final IsolatedSystem system;
    private final InterpreterContext context;
    private final boolean waitsForThreads;
    private final Values values;
    private final CompiledSources sources = new CompiledSources();
    private final PyStringMap globals = Py.newStringMap();
    private final PythonObjects objects;
    private final InterpretersLink link;

    /** Those that {@link #keepVariables} has noted. */
    private PyStringMap kept = Py.newStringMap();

    /** The current thread has entered the interpreter then. */
    public JythonRuntime(HostSide host, RuntimeSettings settings) {
        name = host.name();
        waitsForThreads = settings.waitsForThreads();
        system = new IsolatedSystem();
        link = new InterpretersLink(system, globals, host);
        values = link.values();
        objects = new Objects(values, globals, link.caller(), this::translated, this::flush);
        system.home().enter();
        boolean made = false;
        try {
            system.home().setMailbox(host::post);
            ThreadGroup group = host.threadGroup();
            if (group != null) {
                system.home().setThreadGroup(group);
            }
            context = new InterpreterContext(name, system, settings.strictText(), settings.bridge());
            prepare(host, settings);
            made = true;
        } finally {
            if (!made) {
                system.home().close();
                system.home().leave();
            }
        }
    }

    private void prepare(HostSide host, RuntimeSettings settings) {
        Streams.install(settings.streams(), name, system);
        context.modules().setSharing(settings.sharing());
        context.openers().whenAdded(host::extensionLoading);
        context.setLimits(settings.handleLimit(), settings.nativeLimit());
        system.modules.__setitem__(Py.newString("__main__"), new PyModule("__main__", globals));
        system.modules.__setitem__(
                Py.newString("_hpyve"), Py.java2py(new HostModule(host, context, system.stopping(), link)));
        system.meta_path.append(Py.java2py(new BundledModules(system)));
        system.path_hooks.append(new FinderHook());
        SharedImports.install(system);
        if (settings.classFilter() != null) {
            system.setClassFilter(new ClassFilter(settings.classFilter(), name, SharedImports.library()));
        }
        for (Path folder : settings.searchPath()) {
            system.path.append(pathObject(folder));
        }
    }

    /** While Python code waits, another thread serves the interpreters that share this one. */
    private static <T> T await(Waiting.Wait<T> wait) throws InterruptedException {
        return Scheduler.<T, InterruptedException>blocking(wait::once);
    }

    @Override
    public void enter() {
        if (system.home().enter()) {
            context.enterThread();
        }
    }

    @Override
    public void leave() {
        if (system.home().leave()) {
            context.leaveThread();
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
            if (args.length != 1) {
                throw Py.TypeError("hpyve_path_hook() takes exactly one argument");
            }
            Path folder = folder(args[0]);
            if (folder == null || !Files.isDirectory(folder)) {
                throw Py.ImportError("only folders hold extensions");
            }
            return Py.java2py(
                    new ExtensionFinder(folder, context.modules(), system, SharedImports.folder(args[0], system)));
        }

        /** Null for what cannot be a folder; sys.path may hold anything. */
        private Path folder(PyObject entry) {
            if (!(entry instanceof PyString text)) {
                return null;
            }
            try {
                return Path.of(system.getPath(Py.fileSystemDecode(text)));
            } catch (PyException | InvalidPathException e) {
                return null;
            }
        }
    }

    @Override
    public long begin() {
        return system.stopping().begin();
    }

    @Override
    public void end() {
        system.stopping().end();
    }

    @Override
    public boolean stop(long task, String message, boolean insist) {
        Stopping stopping = system.stopping();
        return insist ? stopping.insist(task, message) : stopping.ask(task, message);
    }

    @Override
    public boolean interrupt() {
        return system.stopping().interrupt();
    }

    @Override
    public ExtensionStats stats() {
        return Counts.of(context);
    }

    @Override
    public void exec(String source, String fileName) {
        translated(() -> {
            try {
                Py.runCode(sources.code(source, fileName, CompileMode.exec), globals, globals);
            } finally {
                flush();
            }
            return null;
        });
    }

    @Override
    public Object eval(String expression, Class<?> type) {
        return translated(() -> values.toJava(value(expression), type, "the value of '" + expression + "'"));
    }

    @Override
    public Object call(String function, Object[] arguments, Class<?> type) {
        return translated(() -> {
            PyObject[] converted = new PyObject[arguments.length];
            for (int i = 0; i < converted.length; i++) {
                converted[i] = values.toPython(arguments[i]);
            }
            PyObject result;
            try {
                PyObject callable = value(function);
                result = link.caller().call(callable, () -> callable.__call__(converted));
            } finally {
                flush();
            }
            return values.toJava(result, type, "the result of " + function + "()");
        });
    }

    @Override
    public void set(String variable, Object value) {
        translated(() -> {
            globals.__setitem__(Names.toPython(variable), values.toPython(value));
            return null;
        });
    }

    @Override
    public Object get(String variable, Class<?> type) {
        return translated(() -> {
            PyObject value = globals.__finditem__(Names.toPython(variable));
            if (value == null) {
                throw Py.NameError("name '" + variable + "' is not defined");
            }
            return values.toJava(value, type, "the value of '" + variable + "'");
        });
    }

    @Override
    public PythonObjects objects() {
        return objects;
    }

    @Override
    public void keepVariables() {
        kept = globals.copy();
    }

    @Override
    public void restoreVariables() {
        globals.clear();
        globals.update(kept);
    }

    @Override
    public void setAll(Map<String, Object> parcels) {
        translated(() -> {
            parcels.forEach((name, parcel) ->
                    globals.__setitem__(name.intern(), link.parcels().unpack(parcel)));
            return null;
        });
    }

    @Override
    public Object invoke(Parcel.Call call) {
        return translated(() -> {
            Object result = link.parcels().invoke(call);
            flush();
            return result;
        });
    }

    private PyObject value(String expression) {
        try {
            return Py.runCode(sources.code(expression, "<eval>", CompileMode.eval), globals, globals);
        } finally {
            flush();
        }
    }

    /** Python's exceptions leave as text. */
    private <T> T translated(Supplier<T> work) {
        try {
            return work.get();
        } catch (PyException e) {
            throw PythonErrors.describe(name, e);
        }
    }

    @Override
    public void run(Path script, List<String> arguments) {
        translated(() -> {
            runFile(script, arguments);
            return null;
        });
    }

    private void runFile(Path script, List<String> arguments) {
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

    @Override
    public List<LiveHandles> liveHandles() {
        return context.openHandles().stream()
                .map(open -> new LiveHandles(open.type(), open.module(), open.count()))
                .toList();
    }

    @Override
    public void traceLeaks(boolean on) {
        context.leakTrace().set(on);
    }

    @Override
    public boolean isTracingLeaks() {
        return context.leakTrace().isOn();
    }

    @Override
    public List<LeakedHandle> leaks() {
        return context.leakTrace().leaks().stream()
                .map(leak -> new LeakedHandle(
                        leak.type(), leak.module(), leak.function(), leak.file(), leak.line(), leak.count()))
                .toList();
    }

    @Override
    public void closeFiles() {
        system.close();
    }

    /**
     * Each step is done whatever became of those before; what Python code raises is logged, and the first other failure
     * thrown at the end.
     */
    @Override
    public CloseReport close() {
        List<Runnable> steps = new ArrayList<>();
        if (waitsForThreads) {
            steps.add(this::joinThreads);
        }
        List<String> threads = new ArrayList<>();
        steps.addAll(List.of(
                system::callExitFunc,
                () -> threads.addAll(InterpreterThreads.askToEnd(system, THREADS_GRACE)),
                this::flush,
                globals::clear,
                sources::clear,
                () -> system.modules = Py.newStringMap(),
                context::close,
                system::close,
                system.home()::close,
                system.home()::leave));
        if (OWN) {
            steps.add(OwnCopy::finish);
        }
        Cleanup.runAll(steps.stream().map(this::loggingExceptions).toList());
        NativeContext.Leaks leaks = context.leaks();
        return new CloseReport(
                context.leakedHandles().stream()
                        .map(open -> new CloseReport.OpenHandles(open.type(), open.module(), open.count()))
                        .toList(),
                leaks.builders(),
                leaks.nativeBytes(),
                threads,
                null,
                leaks());
    }

    /** The step, with Python's exceptions logged: there is nobody left who could catch them. */
    private Runnable loggingExceptions(Runnable step) {
        return () -> {
            try {
                step.run();
            } catch (PyException e) {
                LOG.warn("interpreter '{}': Python code failed at close: {}", name, text(e));
            }
        };
    }

    /**
     * Waits, as CPython does at its end, for the threads of {@code threading} that are no daemons. Jython's own wait is
     * an exit function, so that others may run before it.
     */
    private void joinThreads() {
        PyObject threading = system.modules.__finditem__(Py.newString("threading"));
        if (threading == null || threading == Py.None) {
            return;
        }
        try {
            for (Thread thread = unfinished(threading); thread != null; thread = unfinished(threading)) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread unfinished(PyObject threading) {
        PyObject threads = threading.__getattr__("Thread");
        for (PyObject each : threading.invoke("enumerate").asIterable()) {
            if (Py.isInstance(each, threads)
                    && each.__tojava__(Thread.class) instanceof Thread thread
                    && thread != Thread.currentThread()
                    && thread.isAlive()
                    && !thread.isDaemon()) {
                return thread;
            }
        }
        return null;
    }

    /** For logs. A PyException prints itself by way of sys.stdout, and fails where that is missing. */
    private String text(PyException exception) {
        try {
            return PythonErrors.describe(name, exception).pythonTraceback().strip();
        } catch (RuntimeException e) {
            return "an exception that cannot be printed";
        }
    }

    /** Programs may put anything in the place of {@code sys.stdout}; that must not hide how the program ended. */
    private void flush() {
        try {
            PyObject flush = system.stdout == null ? null : system.stdout.__findattr__("flush");
            if (flush != null) {
                flush.__call__();
            }
        } catch (PyException e) {
            LOG.debug("interpreter '{}': sys.stdout was not flushed: {}", name, text(e));
        }
    }

    private static PyString pathObject(Path path) {
        return Py.newStringOrUnicode(path.toString());
    }
}
