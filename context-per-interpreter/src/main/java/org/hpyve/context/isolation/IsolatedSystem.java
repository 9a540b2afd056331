package org.hpyve.context.isolation;

import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.PyReflectedField;
import org.python.core.PyStringMap;
import org.python.core.PySystemState;
import org.python.core.PyType;
import org.python.core.codecs;
import org.python.core.imp;

/** The module {@code sys} of one interpreter, and its state, of which nothing that can be changed is shared. */
public final class IsolatedSystem extends PySystemState {

    private static final long serialVersionUID = 1L;

    static {
        WeakReferences.install();
        Finalizers.install();
        UnhashableTypes.install();
    }

    /** Names in sys that are static fields of Jython's class. */
    private static final Map<String, Boolean> STATIC = new ConcurrentHashMap<>();

    /** Names that Jython does not let a program change. */
    private static final Set<String> READ_ONLY = Set.of("registry", "exec_prefix", "packageManager");

    /** In the place of a static field that the interpreter deleted. */
    private static final PyObject DELETED = Py.newString("deleted");

    /** What the interpreter has in the place of static fields; null while the superclass is constructed. */
    private final transient Map<String, PyObject> own = new ConcurrentHashMap<>();

    private final transient InterpreterStatics statics = new InterpreterStatics();
    private final transient BuiltinModules builtinModules = new BuiltinModules();
    private final transient SystemProperties properties = new SystemProperties();
    private final transient Home home = new Home(this);
    private final transient Stopping stopping = new Stopping(this);
    private transient volatile ClassFilter classFilter;

    /** Whether loading Python's codecs was broken off, as by a stop; Jython would not try again. */
    private transient volatile boolean codecsMissing;

    public IsolatedSystem() {
        // Jython has one dict of built-ins for all; what Python code sets or replaces there belongs to its interpreter.
        setBuiltins(((PyStringMap) getDefaultBuiltins()).copy());
        SystemProperties.install();
        meta_path.append(Py.java2py(new LibraryModules(this, home)));
    }

    InterpreterStatics statics() {
        return statics;
    }

    BuiltinModules builtinModules() {
        return builtinModules;
    }

    SystemProperties properties() {
        return properties;
    }

    ClassFilter classFilter() {
        return classFilter;
    }

    /** Sets which Java classes Python code may reach; before it runs. */
    public void setClassFilter(ClassFilter filter) {
        ClassFilter.beginUse();
        classFilter = filter;
    }

    /** Where code runs that nobody in the interpreter called. */
    public Home home() {
        return home;
    }

    /** How what runs in the interpreter is ended. */
    public Stopping stopping() {
        return stopping;
    }

    @Override
    public codecs.CodecState getCodecState() {
        boolean loaded = false;
        try {
            codecs.CodecState state = super.getCodecState();
            if (codecsMissing) {
                // Not after: loading asks for the state, too.
                codecsMissing = false;
                PyObject unused = imp.importName("encodings", true);
            }
            loaded = true;
            return state;
        } finally {
            if (!loaded) {
                codecsMissing = true;
            }
        }
    }

    /** For Python this is Jython's own class, whose dict is where it finds the functions of sys. */
    @Override
    public PyType getType() {
        return PyType.fromClass(PySystemState.class);
    }

    @Override
    public PyObject __findattr_ex__(String name) {
        PyObject value = own == null ? null : ownValue(name);
        if (value == null) {
            return super.__findattr_ex__(name);
        }
        return value == DELETED ? null : value;
    }

    private PyObject ownValue(String name) {
        return switch (name) {
            case "flags" -> own.computeIfAbsent(name, key -> new SysFlags());
            case "registry" -> own.computeIfAbsent(name, key -> Py.java2py(copy(registry)));
            default -> own.get(name);
        };
    }

    private static Properties copy(Properties properties) {
        Properties copy = new Properties();
        properties.stringPropertyNames().forEach(name -> copy.setProperty(name, properties.getProperty(name)));
        return copy;
    }

    @Override
    public void __setattr__(String name, PyObject value) {
        if (isStatic(name) && !READ_ONLY.contains(name)) {
            own.put(name, value);
            __dict__.__setitem__(name, value);
        } else {
            super.__setattr__(name, value);
        }
    }

    @Override
    public void __delattr__(String name) {
        if (!isStatic(name) || READ_ONLY.contains(name)) {
            super.__delattr__(name);
        } else if (__findattr_ex__(name) == null) {
            throw Py.AttributeError(name);
        } else {
            own.put(name, DELETED);
            if (__dict__.__finditem__(name) != null) {
                __dict__.__delitem__(name);
            }
        }
    }

    private boolean isStatic(String name) {
        return STATIC.computeIfAbsent(
                name, key -> getType().lookup(key) instanceof PyReflectedField field && SharedTypes.isStatic(field));
    }
}
