package org.hpyve.context;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.hpyve.bridge.upcall.TypeUpcalls;
import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.PyTuple;
import org.python.core.PyType;

/** Types, those that extensions make among them, and their instances. */
final class TypeApi extends Api implements TypeUpcalls {

    private static final int PARAM_BASE = 1;
    private static final int PARAM_BASES_TUPLE = 2;
    private static final int PARAM_METACLASS = 3;

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
    public int Type_NameContent(long h) {
        context.bridge().keepContent(h, type(h, "HPyType_GetName").getName().getBytes(StandardCharsets.UTF_8));
        return 0;
    }

    @Override
    public int Type_GetBuiltinShape(long h_type) {
        HpyType found = context.instances().find(type(h_type, "_HPyType_GetBuiltinShape"));
        return found == null ? HpyType.SHAPE_LEGACY : found.shape();
    }

    /** {@code params} are pairs of a kind and a handle. */
    @Override
    public long Type_Create(long spec, long[] params) {
        Definition.TypeSpec read = Definition.TypeSpec.read(spec);
        List<PyObject> single = new ArrayList<>();
        PyTuple tuple = null;
        PyType metaclass = null;
        for (int i = 0; i < params.length; i += 2) {
            PyObject param = object(params[i + 1]);
            switch ((int) params[i]) {
                case PARAM_BASE -> single.add(param);
                case PARAM_BASES_TUPLE -> tuple = basesTuple(tuple, param);
                case PARAM_METACLASS -> metaclass = metaclass(metaclass, param);
                default -> throw Py.TypeError("unknown HPyType_SpecParam specification for '" + read.name() + "'");
            }
        }
        if (tuple != null && !single.isEmpty()) {
            throw Py.TypeError("cannot specify both HPyType_SpecParam_Base and HPyType_SpecParam_BasesTuple");
        }
        if (tuple == null) {
            tuple = single.isEmpty() ? new PyTuple(PyObject.TYPE) : new PyTuple(single.toArray(PyObject[]::new));
        }
        return handle(new TypeMaker(context, read, tuple).make(metaclass));
    }

    private static PyTuple basesTuple(PyTuple before, PyObject bases) {
        if (before != null) {
            throw Py.TypeError("multiple specifications of HPyType_SpecParam_BasesTuple");
        }
        if (!(bases instanceof PyTuple tuple)) {
            throw Py.TypeError("HPyType_FromSpec: bases must be a tuple, not '" + typeName(bases) + "'");
        }
        return tuple;
    }

    private static PyType metaclass(PyType before, PyObject metaclass) {
        if (before != null) {
            throw Py.ValueError("metaclass was specified multiple times");
        }
        if (!(metaclass instanceof PyType type)) {
            throw Py.TypeError("Metaclass '" + metaclass.__repr__() + "' is not a subclass of 'type'.");
        }
        PyObject construct = type.lookup("__new__");
        if (construct != PyType.TYPE.lookup("__new__") && !(construct instanceof DefaultNew)) {
            throw Py.TypeError("Metaclasses with custom tp_new are not supported.");
        }
        if (!type.isSubType(PyType.TYPE)) {
            throw Py.TypeError("Metaclass '" + type.__repr__() + "' is not a subclass of 'type'.");
        }
        return type;
    }

    @Override
    public long Type_New(long h_type) {
        PyType type = type(h_type, "HPy_New");
        PyObject object = create(type);
        // The next one C makes by itself.
        long pool = context.instances().poolOf(type);
        if (pool != 0) {
            context.bridge().table().setPool(h_type, pool);
        }
        return handle(object);
    }

    @Override
    public long Type_GenericNew(long type, long[] args, long kw) {
        objects(args);
        objectOrNull(kw);
        return handle(create(type(type, "HPyType_GenericNew")));
    }

    /** An object that would get no handle is not made: its end would come before the extension has seen it. */
    private PyObject create(PyType type) {
        context.bridge().table().checkLimit();
        return context.instances().create(type);
    }

    private PyType type(long h, String function) {
        PyObject object = object(h);
        if (object instanceof PyType pyType) {
            return pyType;
        }
        throw Py.TypeError(function + ": '" + typeName(object) + "' object is not a type");
    }
}
