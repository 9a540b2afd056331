package org.hpyve.host.boundary;

import java.util.List;
import java.util.function.Function;
import org.hpyve.host.PythonException;
import org.hpyve.host.PythonReference;

/**
 * What the host does with objects of an interpreter that it has references of. Code objects and sets of variables are such
 * objects, too.
 *
 * <p>Used by the thread that runs the interpreter. What Python code raises comes as {@link PythonException}; values are
 * converted, results to the type that is asked for, or a {@link ClassCastException} says why not.
 */
public interface PythonObjects {

    /** The object in Java's form. */
    Object convert(PythonReference object, Class<?> type);

    /**
     * Calls an object, or a method of it.
     *
     * @param method null for the object itself
     */
    Object call(PythonReference object, String method, Object[] arguments, Class<?> type);

    /** Has the object an attribute of this name that can be called? */
    boolean hasMethod(PythonReference object, String method);

    /** Compiles statements; if the last one is an expression, its value is their result. */
    PythonReference compile(String source, String fileName);

    /**
     * Runs compiled statements.
     *
     * @param variables null for {@code __main__}
     * @return their result, else null
     */
    Object run(PythonReference code, PythonReference variables, Class<?> type);

    /**
     * A set of variables.
     *
     * @param outer asked for the values of names that it has not, before the built-in ones; gives null for one that it has
     *     not either
     */
    PythonReference newVariables(Function<String, Object> outer);

    /** The names of variables, but for those that Python itself defines. */
    List<String> names(PythonReference variables);

    /** Is there a variable of this name, {@code outer} not asked? */
    boolean has(PythonReference variables, String name);

    /** The value of a variable; null also if there is none. */
    Object get(PythonReference variables, String name, Class<?> type);

    /** Sets a variable. */
    void set(PythonReference variables, String name, Object value);

    /** Removes a variable, if there is one. */
    void remove(PythonReference variables, String name);
}
