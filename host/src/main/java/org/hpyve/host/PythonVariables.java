package org.hpyve.host;

import java.util.List;
import java.util.function.Function;
import org.hpyve.host.boundary.PythonObjects;

/**
 * A set of variables in which code of an interpreter can run beside {@code __main__}: what one program defines another
 * does not see, while they have their modules in common.
 *
 * <p>Any thread may use it, as the interpreter that it belongs to.
 */
public final class PythonVariables {

    private final PythonReference names;

    PythonVariables(PythonReference names) {
        this.names = names;
    }

    PythonReference reference() {
        return names;
    }

    /** The interpreter that it belongs to. */
    public Interpreter interpreter() {
        return names.interpreter();
    }

    /** The names of the variables, in no order; without those that Python defines itself. */
    public List<String> names() {
        return ask(objects -> objects.names(names));
    }

    /** Is there a variable of this name? */
    public boolean has(String name) {
        return ask(objects -> objects.has(names, name));
    }

    /** The value of a variable, null if there is none. */
    public Object get(String name) {
        return get(name, Object.class);
    }

    /**
     * The value of a variable as an instance of a type, null if there is none.
     *
     * @throws ClassCastException if it has no such form
     */
    public <T> T get(String name, Class<T> type) {
        return Types.cast(type, ask(objects -> objects.get(names, name, type)));
    }

    /** Sets a variable. */
    public void set(String name, Object value) {
        ask(objects -> {
            objects.set(names, name, value);
            return null;
        });
    }

    /** Removes a variable, if there is one. */
    public void remove(String name) {
        ask(objects -> {
            objects.remove(names, name);
            return null;
        });
    }

    private <T> T ask(Function<PythonObjects, T> work) {
        return interpreter().ask(runtime -> work.apply(runtime.objects()));
    }
}
