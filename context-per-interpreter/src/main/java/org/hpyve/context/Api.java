package org.hpyve.context;

import java.nio.charset.StandardCharsets;
import org.hpyve.bridge.Handles;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyUnicode;

/**
 * What all families share: objects of handles and handles of objects.
 *
 * <p>A method of a family is called from C. It throws what Python would raise; the bridge makes that the context's
 * current exception and returns the member's error value.
 */
abstract class Api {

    final InterpreterContext context;

    Api(InterpreterContext context) {
        this.context = context;
    }

    /** The object of a handle; BadHandleException if there is none. */
    final PyObject object(long handle) {
        return context.object(handle);
    }

    /** The object of a handle, or null for {@code HPy_NULL}. */
    final PyObject objectOrNull(long handle) {
        return handle == Handles.NULL ? null : context.object(handle);
    }

    final PyObject[] objects(long[] handles) {
        PyObject[] objects = new PyObject[handles.length];
        for (int i = 0; i < handles.length; i++) {
            objects[i] = object(handles[i]);
        }
        return objects;
    }

    /** A new handle, owned by C. */
    final long handle(PyObject object) {
        return context.handle(object);
    }

    /** A text as Python 3 would give it: unicode, also where Python 2.7 gives a 7-bit str. */
    final long text(PyObject string) {
        return handle(string instanceof PyUnicode ? string : new PyUnicode((PyString) string));
    }

    /** The name of an attribute as Jython wants it, see {@link #attributeName(String)}. */
    static String attributeName(PyObject name) {
        if (name instanceof PyUnicode pyUnicode) {
            // The object keeps it, so that this is done once for a name that is used often.
            String text = pyUnicode.internedString();
            return isAscii(text) ? text : attributeName(text);
        }
        if (name instanceof PyString pyString) {
            return pyString.internedString();
        }
        throw Py.TypeError("attribute name must be string, not '" + typeName(name) + "'");
    }

    /**
     * The name of an attribute as Jython wants it: interned, and a byte string. A name beyond ASCII is its UTF-8, as the C
     * API of Python 2.7 has it.
     */
    static String attributeName(String name) {
        boolean ascii = isAscii(name);
        return (ascii ? name : new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)).intern();
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    static String typeName(PyObject object) {
        return object.getType().fastGetName();
    }

    /** CPython's error for an argument of a type that the function cannot take. */
    static PyException badArgument(String function, PyObject object) {
        return Py.SystemError(function + ": bad argument of type '" + typeName(object) + "'");
    }
}
