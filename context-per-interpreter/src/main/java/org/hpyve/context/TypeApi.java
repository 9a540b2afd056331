package org.hpyve.context;

import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import org.hpyve.bridge.upcall.TypeUpcalls;
import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.PyTuple;
import org.python.core.PyType;

/** Types that extensions make, and their instances. So far of the object shape, without members. */
final class TypeApi extends Api implements TypeUpcalls {

    private static final int PARAM_BASE = 1;
    private static final int PARAM_BASES_TUPLE = 2;

    private final IdentityHashMap<PyType, HpyType> types = new IdentityHashMap<>();

    TypeApi(InterpreterContext context) {
        super(context);
    }

    @Override
    public long Type(long obj) {
        return handle(object(obj).getType());
    }

    @Override
    public int TypeCheck(long obj, long type) {
        PyObject object = object(obj);
        return object.getType().isSubType(type(type, "HPy_TypeCheck")) ? 1 : 0;
    }

    @Override
    public int Type_IsSubtype(long sub, long type) {
        return type(sub, "HPyType_IsSubtype").isSubType(type(type, "HPyType_IsSubtype")) ? 1 : 0;
    }

    @Override
    public byte[] Type_NameUtf8(long h) {
        return type(h, "HPyType_GetName").getName().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int Type_GetBuiltinShape(long h_type) {
        HpyType found = find(type(h_type, "_HPyType_GetBuiltinShape"));
        return found == null ? HpyType.SHAPE_LEGACY : HpyType.SHAPE_OBJECT;
    }

    /** {@code params} are pairs of a kind and a handle. */
    @Override
    public long Type_Create(long spec, long[] params) {
        PyObject bases = null;
        for (int i = 0; i < params.length; i += 2) {
            bases = switch ((int) params[i]) {
                case PARAM_BASE -> addBase(bases, object(params[i + 1]));
                case PARAM_BASES_TUPLE -> object(params[i + 1]);
                default ->
                    throw Py.NotImplementedError("HPyType_FromSpec: specification parameter of kind " + params[i]);
            };
        }
        if (bases == null) {
            bases = new PyTuple(PyObject.TYPE);
        }
        if (!(bases instanceof PyTuple)) {
            throw Py.TypeError("HPyType_FromSpec: bases must be a tuple, not '" + typeName(bases) + "'");
        }
        HpyType made = HpyType.create(this, Definition.TypeSpec.read(spec), (PyTuple) bases);
        types.put(made.type(), made);
        return handle(made.type());
    }

    private static PyObject addBase(PyObject bases, PyObject base) {
        return bases == null ? new PyTuple(base) : bases.__add__(new PyTuple(base));
    }

    @Override
    public long Type_New(long h_type) {
        return handle(newInstance(type(h_type, "HPy_New")));
    }

    @Override
    public long Type_GenericNew(long type, long[] args, long kw) {
        objects(args);
        objectOrNull(kw);
        return Type_New(type);
    }

    /** An instance with a zeroed C struct, of a type made by an extension or a subclass of one. */
    PyObject newInstance(PyType type) {
        HpyType made = find(type);
        if (made == null) {
            throw Py.TypeError("HPy_New: '" + type.getName() + "' is not a type made by HPyType_FromSpec");
        }
        checkOneStruct(type, made);
        // Here, too, the dead are looked for: C code may make and drop instances for as long as it likes.
        context.instances().destroyDead();
        // Also an empty struct has an address if it is to be destroyed.
        int size = made.basicSize() == 0 && made.destroys().notEmpty() ? 1 : made.basicSize();
        long data = size == 0 ? 0 : context.bridge().allocate(size);
        HpyInstance instance = new HpyInstance(type, made, data);
        if (data != 0) {
            context.instances().own(instance, data, made.destroys());
        }
        return instance;
    }

    /** Of all types made by extensions among a type's bases, each must begin with the struct of the next. */
    private void checkOneStruct(PyType type, HpyType made) {
        for (PyObject base : type.getMro().getArray()) {
            HpyType other = types.get(base);
            if (other != null && other.basicSize() != 0 && !made.type().isSubType(other.type())) {
                throw Py.TypeError("multiple bases have instance lay-out conflict: '%s' and '%s' in '%s'"
                        .formatted(made.type().fastGetName(), other.type().fastGetName(), type.fastGetName()));
            }
        }
    }

    /**
     * The address of an object's C struct; 0 if it has and needs none.
     *
     * @throws org.python.core.PyException TypeError if the object's class is or inherits from a type made by an
     *     extension, but the object has no struct of it: it was made by {@code object.__new__}, has a built-in base too,
     *     or its class was changed. C code would take the struct for granted
     */
    long structOf(PyObject object) {
        HpyInstance instance = object instanceof HpyInstance hpyInstance ? hpyInstance : null;
        HpyType wanted = types.isEmpty() ? null : find(object.getType());
        if (wanted != null && wanted.basicSize() != 0) {
            if (instance == null || !instance.made().type().isSubType(wanted.type())) {
                throw Py.TypeError("the '%s' object was not made by %s.__new__()"
                        .formatted(typeName(object), wanted.type().fastGetName()));
            }
        }
        return instance == null ? 0 : instance.data();
    }

    /** The nearest type made by an extension among a type and its bases; null if there is none. */
    HpyType find(PyType type) {
        for (PyObject base : type.getMro().getArray()) {
            HpyType made = types.get(base);
            if (made != null) {
                return made;
            }
        }
        return null;
    }

    private PyType type(long h, String function) {
        PyObject object = object(h);
        if (object instanceof PyType pyType) {
            return pyType;
        }
        throw Py.TypeError(function + ": '" + typeName(object) + "' object is not a type");
    }
}
