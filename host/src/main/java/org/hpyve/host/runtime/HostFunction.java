package org.hpyve.host.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.python.core.Py;
import org.python.core.PyBuiltinFunction;
import org.python.core.PyObject;

/** A Java function as Python sees it: positional arguments, converted both ways. */
final class HostFunction extends PyBuiltinFunction {

    private static final long serialVersionUID = 1L;

    private final transient Values values;
    private final transient Function<List<Object>, ?> function;

    HostFunction(Values values, Function<List<Object>, ?> function) {
        super("host_function", null);
        this.values = values;
        this.function = function;
    }

    @Override
    public PyObject __call__(PyObject[] args, String[] keywords) {
        if (keywords.length > 0) {
            throw Py.TypeError("a host function takes no keyword arguments");
        }
        List<Object> converted = new ArrayList<>(args.length);
        for (PyObject arg : args) {
            converted.add(values.toJava(arg));
        }
        return values.toPython(function.apply(converted));
    }
}
