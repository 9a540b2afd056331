package org.hpyve.host.script;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.script.AbstractScriptEngine;
import javax.script.Bindings;
import javax.script.Compilable;
import javax.script.CompiledScript;
import javax.script.Invocable;
import javax.script.ScriptContext;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineFactory;
import javax.script.ScriptException;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.JavaObject;
import org.hpyve.host.PythonCode;
import org.hpyve.host.PythonException;
import org.hpyve.host.PythonReference;
import org.hpyve.host.PythonVariables;

/**
 * A script engine: one interpreter, whose variables are the engine's bindings. A script's value is that of its last
 * statement, if that is an expression.
 *
 * <p>Any thread may use it; evaluations wait for each other, and one that a script has Java do comes at once. The
 * interpreter ends with {@link #close}, or some time after nobody has the engine, its bindings, its compiled scripts or
 * its interfaces any more.
 */
public final class HpyveScriptEngine extends AbstractScriptEngine implements Compilable, Invocable, AutoCloseable {

    private static final Cleaner CLEANER = Cleaner.create();
    private static final AtomicLong SERIAL = new AtomicLong();

    private final ScriptEngineFactory factory;
    private final Interpreter interpreter;
    private final ContextStreams streams;
    private final ForeignBindings foreign;
    private final Cleaner.Cleanable closing;

    HpyveScriptEngine(ScriptEngineFactory factory) {
        this(factory, InterpreterHost.builder());
    }

    private HpyveScriptEngine(ScriptEngineFactory factory, InterpreterHost.Builder description) {
        this.factory = factory;
        ContextStreams own = new ContextStreams();
        InterpreterHost host = description
                .stdin(name -> own.in())
                .stdout(name -> own.out())
                .stderr(name -> own.err())
                .build();
        interpreter = host.newInterpreter("script-" + SERIAL.incrementAndGet());
        streams = own;
        foreign = new ForeignBindings(this::newVariables);
        closing = CLEANER.register(this, new Closing(host));
        setBindings(createBindings(), ScriptContext.ENGINE_SCOPE);
    }

    /**
     * An engine with an interpreter that is not as usual, such as one with a class filter or a search path.
     *
     * @param description its streams become the engine's
     */
    public static HpyveScriptEngine create(InterpreterHost.Builder description) {
        return new HpyveScriptEngine(new HpyveScriptEngineFactory(), description);
    }

    /** Waits for the interpreter's end, but not where the engine was forgotten. Must not know the engine. */
    private record Closing(InterpreterHost host) implements Runnable {

        @Override
        public void run() {
            Thread closer = new Thread(null, host::close, "hpyve script engine closer", 0, false);
            closer.setDaemon(true);
            closer.start();
        }
    }

    /** The interpreter, for what the scripting API has not. */
    public Interpreter interpreter() {
        return interpreter;
    }

    @Override
    public ScriptEngineFactory getFactory() {
        return factory;
    }

    /** New variables of this engine's interpreter. */
    @Override
    public Bindings createBindings() {
        return new PythonBindings(this, newVariables());
    }

    private PythonVariables newVariables() {
        ContextStreams own = streams;
        return interpreter.newVariables(name -> outer(own.current(), name));
    }

    /** The value of a name in the scopes around that of the engine. */
    private static Object outer(ScriptContext context, String name) {
        if (context == null) {
            return null;
        }
        for (int scope : context.getScopes()) {
            Bindings bindings = scope == ScriptContext.ENGINE_SCOPE ? null : context.getBindings(scope);
            if (bindings != null && bindings.containsKey(name)) {
                Object value = bindings.get(name);
                return value == null ? new JavaObject(null) : Arguments.of(value);
            }
        }
        return null;
    }

    /** What is done with the variables of a context; its streams are Python's for that time. */
    private <T> T with(ScriptContext context, Function<PythonVariables, T> work) {
        return interpreter.perform(self -> {
            Bindings bindings = context.getBindings(ScriptContext.ENGINE_SCOPE);
            ScriptContext before = streams.lead(context);
            try {
                if (bindings instanceof PythonBindings own && own.isOf(this)) {
                    return work.apply(own.variables());
                }
                PythonVariables variables = foreign.read(bindings);
                try {
                    return work.apply(variables);
                } finally {
                    foreign.write(bindings);
                }
            } finally {
                streams.lead(before);
            }
        });
    }

    @Override
    public Object eval(String script, ScriptContext context) throws ScriptException {
        return run(compiled(script, context), context);
    }

    @Override
    public Object eval(Reader reader, ScriptContext context) throws ScriptException {
        return eval(text(reader), context);
    }

    Object run(PythonCode code, ScriptContext context) throws ScriptException {
        return translated(() -> with(context, variables -> {
            setArguments(variables, context);
            return code.run(variables);
        }));
    }

    /** What may be wrong with a script is said as the scripting API has it. */
    private static <T> T translated(java.util.function.Supplier<T> work) throws ScriptException {
        try {
            return work.get();
        } catch (PythonException e) {
            ScriptException failure = e.fileName() == null
                    ? new ScriptException(e.getMessage())
                    : new ScriptException(e.getMessage(), e.fileName(), e.lineNumber());
            failure.initCause(e);
            throw failure;
        } catch (IllegalArgumentException e) {
            // A value that does not come to the other side, such as a list that holds itself.
            throw new ScriptException(e);
        }
    }

    private void setArguments(PythonVariables variables, ScriptContext context) {
        Object file = context.getAttribute(ScriptEngine.FILENAME);
        Object arguments = context.getAttribute(ScriptEngine.ARGV);
        if (file != null) {
            variables.set("__file__", file.toString());
        }
        if (file == null && arguments == null) {
            return;
        }
        List<Object> argv = new ArrayList<>();
        argv.add(file == null ? "" : file.toString());
        if (arguments instanceof Object[] items) {
            argv.addAll(Arrays.asList(items));
        } else if (arguments instanceof Collection<?> items) {
            argv.addAll(items);
        }
        interpreter.eval("__import__('sys')", PythonReference.class).invoke("__setattr__", "argv", argv);
    }

    private PythonCode compiled(String script, ScriptContext context) throws ScriptException {
        Object file = context.getAttribute(ScriptEngine.FILENAME);
        return translated(() -> interpreter.compile(script, file == null ? "<script>" : file.toString()));
    }

    private static String text(Reader reader) throws ScriptException {
        try {
            StringWriter text = new StringWriter();
            reader.transferTo(text);
            return text.toString();
        } catch (IOException e) {
            throw new ScriptException(e);
        }
    }

    @Override
    public CompiledScript compile(String script) throws ScriptException {
        return new HpyveCompiledScript(this, compiled(script, getContext()));
    }

    @Override
    public CompiledScript compile(Reader script) throws ScriptException {
        return compile(text(script));
    }

    @Override
    public Object invokeFunction(String name, Object... arguments) throws ScriptException, NoSuchMethodException {
        Objects.requireNonNull(name, "name");
        return invoked(name, variables -> function(variables, name), null, Object.class, arguments);
    }

    @Override
    public Object invokeMethod(Object target, String name, Object... arguments)
            throws ScriptException, NoSuchMethodException {
        Objects.requireNonNull(name, "name");
        PythonReference object = object(target);
        return invoked(name, variables -> object.hasMethod(name) ? object : null, name, Object.class, arguments);
    }

    private PythonReference object(Object target) {
        if (target instanceof PythonReference reference && reference.interpreter() == interpreter) {
            return reference;
        }
        throw new IllegalArgumentException(target + " is no object of this engine");
    }

    private static PythonReference function(PythonVariables variables, String name) {
        PythonReference function = variables.get(name, PythonReference.class);
        return function != null && function.isCallable() ? function : null;
    }

    private record Outcome(boolean found, Object value) {}

    /** @param method null if what is found is to be called itself */
    private Object invoked(
            String name,
            Function<PythonVariables, PythonReference> finder,
            String method,
            Class<?> type,
            Object[] arguments)
            throws ScriptException, NoSuchMethodException {
        Object[] given = Arguments.all(arguments);
        Outcome outcome = translated(() -> with(getContext(), variables -> {
            PythonReference target = finder.apply(variables);
            if (target == null) {
                return new Outcome(false, null);
            }
            return new Outcome(true, method == null ? target.call(type, given) : target.invoke(type, method, given));
        }));
        if (!outcome.found) {
            throw new NoSuchMethodException(name);
        }
        return outcome.value;
    }

    /** {@inheritDoc} Null if there is no function for one of its methods. */
    @Override
    public <T> T getInterface(Class<T> type) {
        return ScriptInterface.of(
                type,
                name -> with(getContext(), variables -> function(variables, name) != null),
                (name, result, arguments) ->
                        invoked(name, variables -> function(variables, name), null, result, arguments));
    }

    /** {@inheritDoc} Null if the object has no method for one of its methods. */
    @Override
    public <T> T getInterface(Object target, Class<T> type) {
        PythonReference object = object(target);
        return ScriptInterface.of(
                type,
                name -> interpreter.perform(self -> object.hasMethod(name)),
                (name, result, arguments) -> invoked(name, variables -> object, name, result, arguments));
    }

    /** Ends the interpreter, as {@link Interpreter#close} does. */
    @Override
    public void close() {
        interpreter.close();
        closing.clean();
    }

    @Override
    public String toString() {
        return "HpyveScriptEngine[" + interpreter.name() + "]";
    }
}
