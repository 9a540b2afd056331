package org.hpyve.context.code;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.hpyve.bridge.FileState;
import org.python.core.BytecodeLoader;
import org.python.core.Py;
import org.python.core.PyCode;
import org.python.core.PyFunctionTable;
import org.python.core.PySystemState;
import org.python.core.PyTableCode;
import org.python.core.ThreadState;
import org.python.core.TraceFunction;

/**
 * The code objects of the process, for all interpreters: code of the runtime for good, code of files as long as there is
 * memory and the file stays as it is.
 *
 * <p>A code object is immutable and knows no interpreter: globals, defaults and closures are in frames and functions.
 *
 * <p>Any thread. Two that want the same code at once may both make it; both then get the same object.
 */
final class SharedCode {

    /** Code made from one state of a file, dropped when memory runs short. */
    private static final class Remembered extends SoftReference<PyCode> {

        private final SourceFile file;
        private final FileState state;

        Remembered(SourceFile file, FileState state, PyCode code) {
            super(code, DROPPED);
            this.file = file;
            this.state = state;
        }

        PyCode codeFor(FileState wanted) {
            return state.equals(wanted) ? get() : null;
        }
    }

    private static final ConcurrentMap<String, PyCode> RUNTIME = new ConcurrentHashMap<>();

    /** The tables of their functions; those of a code object and of all code in it are the same. */
    private static final Set<Object> RUNTIME_TABLES =
            Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    private static final VarHandle TABLE;

    static {
        try {
            TABLE = MethodHandles.privateLookupIn(PyTableCode.class, MethodHandles.lookup())
                    .findVarHandle(PyTableCode.class, "funcs", PyFunctionTable.class);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of Jython keeps functions elsewhere", e);
        }
    }

    private static final ConcurrentMap<SourceFile, Remembered> FILES = new ConcurrentHashMap<>();
    private static final ReferenceQueue<PyCode> DROPPED = new ReferenceQueue<>();

    private SharedCode() {}

    /**
     * Code that cannot change while the process lives.
     *
     * @param place says which: no two codes have the same
     */
    static PyCode ofRuntime(String place, Supplier<PyCode> maker) {
        PyCode known = RUNTIME.get(place);
        if (known != null) {
            return known;
        }
        PyCode made = maker.get();
        PyCode first = RUNTIME.putIfAbsent(place, made);
        if (first == null && made instanceof PyTableCode code) {
            RUNTIME_TABLES.add(TABLE.get(code));
        }
        return first == null ? made : first;
    }

    /** Is it code of the runtime, or of a function in such code? */
    static boolean isInRuntime(PyCode code) {
        return code instanceof PyTableCode table && RUNTIME_TABLES.contains(TABLE.get(table));
    }

    static boolean isOfRuntime(String place, PyCode code) {
        return RUNTIME.get(place) == code;
    }

    /** Code of a file in the state that it has. */
    static PyCode ofFile(SourceFile file) {
        FileState state = file.state();
        Remembered known = FILES.get(file);
        PyCode code = known == null ? null : known.codeFor(state);
        return code == null ? remember(file, state, file.compile()) : code;
    }

    private static PyCode remember(SourceFile file, FileState state, PyCode made) {
        for (Object dropped = DROPPED.poll(); dropped != null; dropped = DROPPED.poll()) {
            Remembered old = (Remembered) dropped;
            FILES.remove(old.file, old);
        }
        Remembered mine = new Remembered(file, state, made);
        Remembered kept =
                FILES.compute(file, (key, other) -> other == null || other.codeFor(state) == null ? mine : other);
        PyCode code = kept.get();
        return code == null ? made : code;
    }

    /**
     * Does what defines classes of code objects with the state of no interpreter as the current one: Jython gives such a
     * class a loader whose parent is the current state's, which would keep an interpreter's classes alive.
     */
    static PyCode outsideInterpreters(Supplier<PyCode> definition) {
        ThreadState thread = Py.getThreadState();
        // A thread that changes to another state loses them.
        TraceFunction trace = thread.tracefunc;
        TraceFunction profile = thread.profilefunc;
        PySystemState current = Py.setSystemState(Py.defaultSystemState);
        try {
            return definition.get();
        } finally {
            Py.setSystemState(current);
            thread.tracefunc = trace;
            thread.profilefunc = profile;
        }
    }

    /** The code object in a class file that Jython's compiler made. */
    static PyCode define(String moduleName, byte[] classFile, String fileName) {
        return outsideInterpreters(() -> BytecodeLoader.makeCode(moduleName + "$py", classFile, fileName));
    }
}
