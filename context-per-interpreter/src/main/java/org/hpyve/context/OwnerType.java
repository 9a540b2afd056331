package org.hpyve.context;

import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.PyType;

/**
 * The class that C functions were defined for. They take the C struct of self without asking what self is, so that only
 * an instance may reach them.
 */
final class OwnerType {

    private final String name;
    private final int module;
    private PyType type;

    /**
     * @param name in the definition, with the module's
     * @param module the number of the module that makes the class
     */
    OwnerType(String name, int module) {
        this.name = name;
        this.module = module;
    }

    /** The number of the module that made the class. */
    int module() {
        return module;
    }

    /** The name in the definition, with the module's. */
    String name() {
        return name;
    }

    /** The class; null while it is being made. */
    PyType type() {
        return type;
    }

    /** Called once, when the class has been made out of its attributes. */
    void set(PyType made) {
        type = made;
    }

    /** TypeError if the object is no instance of the class. */
    void checkInstance(String attribute, PyObject self) {
        if (!isSubtype(self.getType())) {
            throw Py.TypeError("descriptor '%s' requires a '%s' object but received a '%s'"
                    .formatted(attribute, name, Api.typeName(self)));
        }
    }

    /** TypeError if the object is not the class or a subclass. */
    void checkSubtype(PyObject cls) {
        if (!(cls instanceof PyType pyType)) {
            throw Py.TypeError(
                    "%s.__new__(): the first argument must be a type, not '%s'".formatted(name, Api.typeName(cls)));
        }
        if (!isSubtype(pyType)) {
            throw Py.TypeError(
                    "%1$s.__new__(%2$s): %2$s is not a subtype of %1$s".formatted(name, pyType.fastGetName()));
        }
    }

    private boolean isSubtype(PyType sub) {
        return sub == type || (type != null && sub.isSubType(type));
    }
}
