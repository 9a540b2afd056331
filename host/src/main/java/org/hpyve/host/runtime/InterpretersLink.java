package org.hpyve.host.runtime;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.hpyve.context.isolation.Waiting;
import org.hpyve.host.InterpreterQueue;
import org.hpyve.host.PythonException;
import org.hpyve.host.boundary.Channel;
import org.hpyve.host.boundary.HostSide;
import org.hpyve.host.boundary.Identity;
import org.hpyve.host.boundary.NoInterpreter;
import org.hpyve.host.boundary.NotShareable;
import org.hpyve.host.boundary.Parcel;
import org.hpyve.host.boundary.Peers;
import org.hpyve.scheduler.TaskTimeout;
import org.python.core.Py;
import org.python.core.PyCode;
import org.python.core.PyException;
import org.python.core.PyFunction;
import org.python.core.PyList;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyStringMap;
import org.python.core.PySystemState;
import org.python.core.PyTuple;
import org.python.core.PyUnicode;
import org.python.core.__builtin__;

/**
 * What the Python module {@code interpreters} of one interpreter is built on. The classes are the module's: this finds them
 * by name, and imports the module when it needs them.
 *
 * <p>Used by all threads of its interpreter. Public only because Python calls it.
 */
public final class InterpretersLink {

    private final PySystemState system;
    private final PyStringMap main;
    private final Values values;
    private final Caller caller;
    private final Peers peers;
    private final Parcels parcels = new Parcels(this);

    /** The classes Queue and Interpreter; null before the module is imported. */
    private volatile PyObject queueClass;

    private volatile PyObject interpreterClass;

    InterpretersLink(PySystemState system, PyStringMap main, HostSide host) {
        this.system = system;
        this.main = main;
        this.caller = new Caller(main);
        this.values = new Values(host, this);
        this.peers = host.peers();
    }

    Parcels parcels() {
        return parcels;
    }

    Values values() {
        return values;
    }

    Caller caller() {
        return caller;
    }

    Peers peers() {
        return peers;
    }

    // What the module calls.

    /** The module tells its classes. */
    public void use(PyObject queue, PyObject interpreter) {
        interpreterClass = interpreter;
        queueClass = queue;
    }

    public int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    public long current() {
        return peers.self().id();
    }

    public long main() {
        return peers.self().main();
    }

    /** The numbers of all interpreters, in order. */
    public PyObject all() {
        PyList ids = new PyList();
        peers.all().forEach(identity -> ids.append(Py.newInteger(identity.id())));
        return ids;
    }

    /** Was the interpreter made by Python code? An InterpreterNotFoundError if there is none. */
    public boolean madeByPython(long id) {
        return translated(() -> peers.get(id).madeByPython());
    }

    public long create() {
        return translated(() -> peers.create().id());
    }

    public boolean isRunning(long id) {
        return translated(() -> peers.isRunning(id));
    }

    public void close(long id) {
        translated(() -> {
            peers.close(id);
            return null;
        });
    }

    public void exec(long id, PyObject source) {
        String text = source(source);
        translated(() -> {
            peers.exec(id, text);
            return null;
        });
    }

    private static String source(PyObject source) {
        if (source instanceof PyUnicode unicode) {
            return unicode.getString();
        }
        if (source instanceof PyString bytes) {
            String chars = bytes.getString();
            return chars.chars().allMatch(c -> c < 0x80)
                    ? chars
                    : ((PyUnicode) bytes.decode("utf-8", "strict")).getString();
        }
        throw Py.TypeError(
                "exec() argument 1 must be a string, not " + source.getType().fastGetName());
    }

    /** Sets variables of {@code __main__}. */
    public void prepare(long id, PyObject namespace) {
        translated(() -> {
            Map<String, Object> packed = new HashMap<>();
            for (PyObject name : namespace.asIterable()) {
                if (!(name instanceof PyString)) {
                    throw Py.TypeError("prepare_main() wants names that are strings");
                }
                packed.put(Names.toPython(name), parcels.pack(namespace.__getitem__(name)));
            }
            peers.prepare(id, packed);
            return null;
        });
    }

    public PyObject call(long id, PyObject callable, PyObject arguments, PyObject keywords) {
        return translated(() -> parcels.unpack(peers.call(id, parcels.packCall(callable, arguments, keywords))));
    }

    public boolean isShareable(PyObject object) {
        return parcels.isShareable(object);
    }

    /** What looks at objects that are pickled. */
    public PyObject guard() {
        return new PickleGuard(this);
    }

    /**
     * A new queue.
     *
     * @param orphans what becomes of items whose interpreter is closed, by number
     */
    public QueueLink newQueue(PyObject capacity, int orphans) {
        int bound;
        try {
            bound = Math.max(0, capacity.asIndex(Py.OverflowError));
        } catch (PyException e) {
            if (e.match(Py.OverflowError)) {
                bound = 0;
            } else {
                throw e;
            }
        }
        return new QueueLink(peers.newChannel(bound, Channel.Orphans.of(orphans)), this);
    }

    /** The queue of a number; null if there is none. */
    public QueueLink queue(long id) {
        Channel channel = peers.channel(id);
        return channel == null ? null : new QueueLink(channel, this);
    }

    /** The numbers of all queues that somebody has. */
    public PyObject queues() {
        PyList ids = new PyList();
        peers.channels().forEach(channel -> ids.append(Py.newInteger(channel.id())));
        return ids;
    }

    // What parcels need.

    /** The queue behind a Python object; null if it is none. */
    Channel channelOf(PyObject object) {
        PyObject known = queueClass;
        return known != null
                        && Py.isInstance(object, known)
                        && object.__getattr__("_link").__tojava__(QueueLink.class) instanceof QueueLink link
                ? link.channel()
                : null;
    }

    /** The interpreter that a Python object stands for; null if it is none. */
    Identity identityOf(PyObject object) {
        PyObject known = interpreterClass;
        if (known == null || !Py.isInstance(object, known)) {
            return null;
        }
        long id = object.__getattr__("id").asLong();
        try {
            return peers.get(id);
        } catch (NoInterpreter e) {
            throw new NotShareable("interpreter " + id + " is closed");
        }
    }

    PyObject queue(Channel channel) {
        return module().invoke("_queue", Py.java2py(new QueueLink(channel, this)));
    }

    PyObject unbound() {
        return module().__getattr__("UNBOUND");
    }

    /** The number of what is to be done with orphans. */
    int orphansNumber(PyObject unbound) {
        return module().invoke("_orphans", unbound).asInt();
    }

    PyObject interpreter(Identity identity) {
        return module().invoke("_interpreter", Py.newInteger(identity.id()));
    }

    /** The object of a value that comes from Java. */
    PyObject fromJava(Object value) {
        try {
            return values.toPython(value);
        } catch (IllegalArgumentException e) {
            throw new NotShareable(String.valueOf(e.getMessage()));
        }
    }

    /** What a module that is imported has by a name; null if nothing. */
    PyObject found(String module, String name) {
        PyObject loaded = system.modules.__finditem__(Py.newString(module));
        return loaded == null || loaded == Py.None ? null : loaded.__findattr__(name.intern());
    }

    /** The text of a function, for an interpreter that has classes of its own. */
    String sourceOf(PyFunction function) {
        PyObject source = module().invoke("_source", function);
        if (source == Py.None) {
            throw new NotShareable("the source of function " + function.__name__ + "() is not known");
        }
        return source(source);
    }

    /** A function that was sent. */
    PyObject function(Parcel.Function function, PyObject defaults) {
        PyObject globals = function.module().equals("__main__")
                ? main
                : module(function.module()).__getattr__("__dict__");
        if (function.code() instanceof PyCode code) {
            return new PyFunction(globals, ((PyTuple) defaults).getArray(), code, Py.None);
        }
        return module().invoke("_from_source", new PyObject[] {
            Py.newStringOrUnicode((String) function.code()), Py.newStringOrUnicode(function.name()), globals, defaults
        });
    }

    private PyObject module() {
        return module("interpreters");
    }

    /** A module, imported. */
    PyObject module(String name) {
        // As in any Python that has read its site module: os.path cannot be imported before os.
        __builtin__.__import__("os");
        PyObject first = __builtin__.__import__(name);
        PyObject module = system.modules.__finditem__(Py.newString(name));
        return module == null ? first : module;
    }

    /** What Java throws as the exceptions of the module. */
    private <T> T translated(Supplier<T> work) {
        try {
            return work.get();
        } catch (PythonException e) {
            throw failed(e);
        } catch (NotShareable e) {
            throw notShareable(e);
        } catch (NoInterpreter e) {
            throw error("InterpreterNotFoundError", e);
        } catch (CancellationException e) {
            Waiting.interrupted();
            throw new PyException(Py.KeyboardInterrupt);
        } catch (IllegalStateException | RejectedExecutionException | TaskTimeout e) {
            throw error("InterpreterError", e);
        }
    }

    PyException notShareable(NotShareable e) {
        return error("NotShareableError", e);
    }

    /** An exception of the module, with a message of Java's. */
    private PyException error(String name, Exception e) {
        return exception(name, Py.newStringOrUnicode(String.valueOf(e.getMessage())));
    }

    /** An exception of the module. */
    PyException exception(String name, PyObject... arguments) {
        PyObject type = module().__getattr__(name.intern());
        return new PyException(type, type.__call__(arguments));
    }

    private PyException failed(PythonException e) {
        String name = e.typeName();
        String message = e.getMessage().equals(name) ? "" : e.getMessage().substring(name.length() + 2);
        PyObject exception = module().invoke("_failed", new PyObject[] {
            Py.newStringOrUnicode(name),
            Py.newStringOrUnicode(message),
            Py.newStringOrUnicode(e.getMessage()),
            Py.newStringOrUnicode(e.pythonTraceback())
        });
        return new PyException(exception.getType(), exception);
    }

    // What Values needs.

    PyObject fromJava(InterpreterQueue queue) {
        return queue(peers.channel(queue));
    }

    /** Java's view of a queue; null if the object is none. */
    InterpreterQueue toJava(PyObject object) {
        Channel channel = channelOf(object);
        return channel == null ? null : peers.queue(channel);
    }
}
