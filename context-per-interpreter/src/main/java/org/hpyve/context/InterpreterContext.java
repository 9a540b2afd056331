package org.hpyve.context;

import java.util.List;
import org.hpyve.bridge.BridgeMode;
import org.hpyve.bridge.ContextTags;
import org.hpyve.bridge.HandleTable;
import org.hpyve.bridge.Handles;
import org.hpyve.bridge.NativeContext;
import org.hpyve.bridge.upcall.Upcalls;
import org.python.core.Py;
import org.python.core.PyDictionary;
import org.python.core.PyException;
import org.python.core.PyObject;
import org.python.core.PySystemState;

/**
 * One interpreter's HPy context: what an {@code HPyContext *} stands for on the Java side.
 *
 * <p>Created, used and closed by the thread that runs the interpreter, with the interpreter's own
 * {@link PySystemState} current: first the one that creates it. {@link #counters} may be called from any thread.
 */
public final class InterpreterContext implements AutoCloseable {

    /** Calls nested less deep cannot be near the end of the stack. */
    private static final int SHALLOW = 16;

    /** More than any work needs that must not be broken off, such as closing the handles of a call. */
    private static final int RESERVED_FRAMES = 400;

    private final String name;
    private final int tag;
    private final boolean strictText;
    private final NativeContext bridge;
    private final HandleTable table;
    private final ObjectHandles objects;
    private final Openers openers;
    private final LeakTrace leakTrace;
    private final ErrApi err;
    private final Constants constants;
    private final KeywordNames keywordNames = new KeywordNames(this);
    private final Endings endings = new Endings();
    private final Arguments arguments;
    private final ArgumentTexts texts;
    private final Instances instances;
    private final Capsules capsules;
    private final Exports exports;
    private final ContextvarApi variables;
    private final GlobalApi globals;
    private final Modules modules;
    /**
     * The function of an extension that is being called now, or that was called last. Not reset when a call ends: a
     * reference that is stored in an old object costs more than all else here.
     */
    private HpyCallable running;

    private final Runner runner;
    private int depth;
    /** How many handles had been opened when the outermost call under way began, or the last one. */
    private long idle;

    private NativeContext.Leaks leaks;
    private List<OpenHandles> leakedHandles;

    /** Creates the context of an interpreter with the bridge that is the default. */
    public InterpreterContext(String name, PySystemState system, boolean strictText) {
        this(name, system, strictText, BridgeMode.byDefault());
    }

    /**
     * Creates the context of an interpreter.
     *
     * @param name the interpreter's name, for messages
     * @param system the interpreter's own system state, current on this thread
     * @param strictText if true, only {@code unicode} is text; else a 7-bit {@code str} is accepted too
     * @param mode how extensions reach Java
     */
    public InterpreterContext(String name, PySystemState system, boolean strictText, BridgeMode mode) {
        this.name = name;
        this.strictText = strictText;
        this.constants = new Constants(system.getBuiltins());
        this.tag = ContextTags.acquire(name);
        this.err = new ErrApi(this);
        this.globals = new GlobalApi(this);
        this.variables = new ContextvarApi(this);
        ReadAhead readAhead = new ReadAhead(this);
        this.bridge = new NativeContext(
                name,
                tag,
                mode,
                new Upcalls(
                        new BytesApi(this),
                        new CallApi(this),
                        new CapsuleApi(this),
                        variables,
                        new DictApi(this, readAhead),
                        err,
                        new EvalApi(this),
                        new FieldApi(this),
                        new FloatApi(this),
                        globals,
                        new HandleApi(this),
                        new ImportApi(this),
                        new IterApi(this),
                        new ListApi(this),
                        new LongApi(this),
                        new NumberApi(this),
                        new ObjectApi(this, readAhead),
                        new SliceApi(this),
                        new TupleApi(this),
                        new TypeApi(this),
                        new UnicodeApi(this)),
                new OperationLog(this),
                err);
        this.runner = new Runner(name, bridge);
        this.table = bridge.table();
        this.objects = new ObjectHandles(this, table, tag);
        this.openers = new Openers(table);
        this.leakTrace = new LeakTrace(bridge);
        this.arguments = new Arguments(this);
        this.texts = new ArgumentTexts(bridge);
        this.instances = new Instances(this);
        this.capsules = new Capsules(this);
        this.exports = new Exports(this);
        this.modules = new Modules(this);
        bridge.setConstants(objects.openConstants(constants));
    }

    /** The interpreter's name. */
    public String name() {
        return name;
    }

    /** How extensions reach Java. */
    public BridgeMode bridgeMode() {
        return bridge.mode();
    }

    /** Limits open handles and native memory, see {@link NativeContext#setLimits}; until close. */
    public void setLimits(long handles, long nativeBytes) {
        bridge.setLimits(handles, nativeBytes);
    }

    /** The modules of extensions that this interpreter has loaded. */
    public Modules modules() {
        return modules;
    }

    /** A new dict of this interpreter's classes for exceptions that Python 2.7 lacks, by their names in Python 3. */
    public PyDictionary exceptions() {
        return constants.exceptions();
    }

    /** A snapshot of the counts. Any thread, at any time. */
    public Counters counters() {
        return Counters.of(bridge);
    }

    /** The modules of extensions, with counts of calls. */
    public Openers openers() {
        return openers;
    }

    /** What was left at close; null before. */
    public NativeContext.Leaks leaks() {
        return leaks;
    }

    /** The open table handles but for those of calls under way, by type and module. Only on its thread, before close. */
    public List<OpenHandles> openHandles() {
        return openers.open(depth == 0 ? Long.MAX_VALUE : idle);
    }

    /** Which calls leave handles open, as far as that is noted. */
    public LeakTrace leakTrace() {
        return leakTrace;
    }

    /** The table handles that were left open at close, by type and module; null before. */
    public List<OpenHandles> leakedHandles() {
        return leakedHandles;
    }

    /** Destroys native objects, releases the context, and closes the images. */
    @Override
    public void close() {
        if (leaks == null) {
            try {
                bridge.setLimits(0, 0);
                endings.close();
                exports.close();
                instances.structs().finalizeAll();
                // A finalizer may have given memory away, and the exporter's struct is needed to take it back.
                exports.close();
                instances.structs().destroyAll();
                capsules.close();
                variables.close();
            } finally {
                leakedHandles = openers.open(Long.MAX_VALUE);
                leakTrace.close();
                arguments.close();
                keywordNames.close();
                runner.close();
                leaks = bridge.release();
                modules.close();
                ContextTags.release(tag);
            }
        }
    }

    boolean strictText() {
        return strictText;
    }

    NativeContext bridge() {
        return bridge;
    }

    ErrApi err() {
        return err;
    }

    Constants constants() {
        return constants;
    }

    Instances instances() {
        return instances;
    }

    Endings endings() {
        return endings;
    }

    Capsules capsules() {
        return capsules;
    }

    Exports exports() {
        return exports;
    }

    GlobalApi globals() {
        return globals;
    }

    /** The object of a handle. */
    PyObject object(long handle) {
        return objects.object(handle);
    }

    /** A new handle, see {@link ObjectHandles#handle}. */
    long handle(PyObject object) {
        return objects.handle(object);
    }

    /** A handle of self for a call that is about to be made, see {@link ObjectHandles#argument}. */
    long self(PyObject object) {
        return objects.argument(object);
    }

    /** A handle of an argument for a call that is about to be made, with its text if the function is likely to ask. */
    long argument(HpyCallable callee, PyObject object) {
        long handle = objects.argument(object);
        if (callee.textsExpected() > 0) {
            texts.bring(callee, handle, object);
        }
        return handle;
    }

    /** C has crossed for the bytes of a text. */
    void textAsked(long handle) {
        if (depth > 0) {
            texts.asked(running, handle);
        }
    }

    /** Closes the handle of an argument, the last one first; false if the callee closed it already. */
    boolean releaseArgument(long handle) {
        return objects.releaseArgument(handle);
    }

    /** Closes two handles of arguments, whatever is with the first. */
    boolean releaseArguments(long last, long other) {
        boolean intact = releaseArgument(last);
        return releaseArgument(other) && intact;
    }

    /** What objects and handles have to do with each other. */
    ObjectHandles objects() {
        return objects;
    }

    /** A tuple of names as the keywords signature wants it; {@code HPy_NULL} if there are none. */
    long keywordNames(String[] keywords) {
        return keywords.length == 0 ? Handles.NULL : keywordNames.open(table, keywords);
    }

    /** Closes what {@link #keywordNames} gave, or another handle that is no constant. False if it is closed already. */
    boolean releaseNames(long names) {
        return KeywordNames.release(table, names);
    }

    /** Where the handles of arguments lie that a call gives in an array. */
    Arguments arguments() {
        return arguments;
    }

    /** The address that down-calls take. */
    long address() {
        return bridge.address();
    }

    /** Closes a handle that this side opened; nothing happens if the callee closed it already. */
    void close(long handle) {
        release(handle);
    }

    /** Closes a handle that this side opened. False if the callee closed it already; values always are open. */
    boolean release(long handle) {
        return handle >>> 48 != 0 || handle == Handles.NULL || table.release(handle);
    }

    /** Is a handle that this side opened still open? {@code HPy_NULL} and values always are. */
    boolean isOpen(long handle) {
        return handle >>> 48 != 0 || handle == Handles.NULL || table.isOpen(handle);
    }

    /** The current thread runs the interpreter from now on. The one before has left it, and has seen to visibility. */
    public void enterThread() {
        runner.enter();
    }

    /** No thread runs the interpreter any more; none is in a call of an extension. */
    public void leaveThread() {
        runner.leave();
    }

    /** Is this the thread that runs the interpreter? */
    boolean isHere() {
        return runner.isHere();
    }

    /** RuntimeError if the interpreter is closed, or if this is not the thread that runs it. */
    void checkThread(HpyCallable callee) {
        if (!runner.isHere()) {
            throw runner.refusal(callee);
        }
    }

    /**
     * Begins a call of an extension's function. If it is the outermost one, objects that the collector found dead are
     * ended before. An exception that an outer call has set waits until {@link #leave}.
     *
     * @return the outer function, for {@link #leave}
     */
    HpyCallable enter(HpyCallable callee) {
        checkThread(callee);
        if (depth == 0) {
            // Before, not after a call: who asked for a collection sees what it did.
            endings.run();
            idle = table.opened();
        } else if (depth > SHALLOW) {
            Runner.touchStack(RESERVED_FRAMES);
        }
        if (bridge.tracing() != 0) {
            leakTrace.begin(depth, callee);
        }
        if (bridge.error()) {
            err.suspend(depth + 1);
        }
        // From here on nothing can fail any more, not even for want of stack: what is begun is ended by leave().
        HpyCallable outer = running;
        if (outer != callee) {
            running = callee;
        }
        table.setOpener(callee.module());
        depth++;
        return outer;
    }

    /** Ends it. When no call is left, objects of closed handles are let go. */
    void leave(HpyCallable outer) {
        assert bridge.settled() : running.qualifiedName() + " has ended, and what it recorded is not carried out";
        err.resume(depth);
        if (--depth == 0) {
            table.drainReleased();
        } else {
            if (running != outer) {
                running = outer;
            }
            table.setOpener(outer.module());
        }
        if (bridge.tracing() != 0) {
            leakTrace.end(depth);
        }
    }

    /**
     * Carries out what C recorded. Comes first when a down-call has returned: the handles of its arguments must still
     * be open.
     */
    void settle() {
        if (!bridge.settled()) {
            carryOut();
        }
    }

    private void carryOut() {
        try {
            bridge.settle();
        } catch (OutOfMemoryError e) {
            throw Py.MemoryError(String.valueOf(e.getMessage()));
        }
    }

    /** Checks how a function ended, and takes its result. {@link #checkArguments} comes next. */
    PyObject complete(HpyCallable callee, long result) {
        PyException exception = isQuiet() ? null : settle(callee, result);
        PyObject object = exception == null ? objectOfResult(result) : null;
        if (object == null) {
            callee.calls().countRaised();
            throw failure(callee, result, exception);
        }
        callee.calls().countReturned();
        return object;
    }

    /** Closes a result's handle. Null if it is {@code HPy_NULL}, or a bad one. */
    private PyObject objectOfResult(long result) {
        return result >>> 48 != 0 ? object(result) : result == Handles.NULL ? null : (PyObject) table.take(result);
    }

    /** Did a function leave nothing but its result? */
    private boolean isQuiet() {
        return bridge.quiet() && err.keepsNone();
    }

    /** As {@link #settle()}, with the exception that is set then; the result is closed if that fails. */
    private PyException settle(HpyCallable callee, long result) {
        boolean settled = false;
        try {
            settle();
            settled = true;
        } finally {
            if (!settled) {
                callee.calls().countRaised();
                release(result);
            }
        }
        return err.take();
    }

    /** What to raise if a function returned nothing, something bad, or something with an exception set. */
    private PyException failure(HpyCallable callee, long result, PyException exception) {
        if (result == Handles.NULL) {
            return exception != null ? exception : systemError(callee, "returned NULL without setting an exception");
        }
        if (exception == null || objectOfResult(result) == null) {
            return systemError(callee, "returned a bad result: " + objects.describeBad(result));
        }
        return systemError(callee, "returned a result with an exception set: " + ErrApi.describe(exception));
    }

    /**
     * SystemError if a function took a handle away that is not its own: it closed it, or returned it as the result.
     *
     * @param intact are the handles of its arguments still open after the result was taken?
     */
    void checkArguments(HpyCallable callee, boolean intact) {
        if (!intact) {
            callee.calls().recountRaised();
            throw systemError(callee, "closed the handle of one of its arguments, or returned it without HPy_Dup");
        }
    }

    /** Checks how a function ended that returns a number; {@code failed} if that was its error value. */
    void completeNumber(HpyCallable callee, boolean failed) {
        PyException exception = isQuiet() ? null : settle(callee, Handles.NULL);
        callee.calls().count(failed || exception != null);
        if (failed) {
            throw exception != null ? exception : systemError(callee, "returned an error without setting an exception");
        }
        if (exception != null) {
            throw systemError(callee, "returned a result with an exception set: " + ErrApi.describe(exception));
        }
    }

    /** A SystemError that names this interpreter and the function. */
    PyException systemError(HpyCallable callee, String what) {
        return Py.SystemError("interpreter '%s': %s() %s".formatted(name, callee.qualifiedName(), what));
    }

    /** The function that is being called; null if there is none. */
    String calling() {
        return depth == 0 ? null : running.qualifiedName();
    }
}
