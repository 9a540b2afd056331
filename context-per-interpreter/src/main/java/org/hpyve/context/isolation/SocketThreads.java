package org.hpyve.context.isolation;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.python.core.Py;
import org.python.core.PyBuiltinFunction;
import org.python.core.PyModule;
import org.python.core.PyObject;

/**
 * The groups of threads that Jython's sockets make: one of the module's, and two of each socket that listens, which end
 * only if the program closes it. All end with the interpreter, and with them their sockets are closed.
 */
final class SocketThreads {

    private static final String MAKER = "NioEventLoopGroup";

    private final List<WeakReference<Object>> groups = new ArrayList<>();

    private SocketThreads() {}

    static void adapt(PyModule module, Home home) {
        SocketThreads threads = new SocketThreads();
        threads.add(module.__getattr__("NIO_GROUP"));
        module.__setattr__(MAKER, threads.new Maker(module.__getattr__(MAKER)));
        home.atEnd(threads::end);
    }

    private synchronized PyObject add(PyObject group) {
        groups.removeIf(each -> each.refersTo(null));
        groups.add(new WeakReference<>(group.__tojava__(Object.class)));
        return group;
    }

    private synchronized void end() {
        for (WeakReference<Object> each : groups) {
            Object group = each.get();
            if (group != null) {
                Py.java2py(group).invoke("shutdownGracefully", new PyObject[] {
                    Py.newInteger(0), Py.newInteger(100), Py.java2py(TimeUnit.MILLISECONDS)
                });
            }
        }
        groups.clear();
    }

    /** Stands in the module where the class of groups was. */
    private final class Maker extends PyBuiltinFunction {

        private static final long serialVersionUID = 1L;

        private final transient PyObject type;

        Maker(PyObject type) {
            super(MAKER, null);
            this.type = type;
        }

        @Override
        public PyObject __call__(PyObject[] args, String[] keywords) {
            return add(type.__call__(args, keywords));
        }
    }
}
