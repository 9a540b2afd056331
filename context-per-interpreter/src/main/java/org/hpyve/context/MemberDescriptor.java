package org.hpyve.context;

import org.hpyve.bridge.NativeMemory;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyObject;

/** An attribute of a type that an extension made, which is a field of the C struct; Python reads and writes it. */
final class MemberDescriptor extends PyObject {

    private static final long serialVersionUID = 1L;

    private final transient Definition.Member member;
    private final MemberType type;
    private final transient InterpreterContext context;
    private final transient OwnerType owner;

    MemberDescriptor(Definition.Member member, InterpreterContext context, OwnerType owner) {
        this.member = member;
        this.type = MemberType.of(member.type(), member.name());
        this.context = context;
        this.owner = owner;
    }

    /** SystemError if it is of no known type, ValueError if it does not lie in the struct. */
    static void check(Definition.Member member, Definition.TypeSpec spec) {
        check(member, spec, MemberType.of(member.type(), member.name()).bytes());
    }

    /** ValueError if so many bytes at the member's offset do not lie in the struct. */
    static void check(Definition.Member member, Definition.TypeSpec spec, int bytes) {
        if (member.offset() < 0 || member.offset() > spec.basicSize() - bytes) {
            throw Py.ValueError("%s: member '%s' at offset %d is not within the struct of %d bytes"
                    .formatted(spec.name(), member.name(), member.offset(), spec.basicSize()));
        }
    }

    /** Without this an instance gives the descriptor itself away: it is asked of the Java class by default. */
    @Override
    public boolean implementsDescrGet() {
        return true;
    }

    @Override
    public boolean isDataDescr() {
        return true;
    }

    @Override
    public boolean implementsDescrSet() {
        return true;
    }

    @Override
    public boolean implementsDescrDelete() {
        return true;
    }

    @Override
    public PyObject __get__(PyObject instance, PyObject cls) {
        if (instance == null || instance == Py.None) {
            return this;
        }
        NativeState state = state(instance);
        long address = state.data() + member.offset();
        if (!type.isObject()) {
            return type.read(address);
        }
        PyObject value = state.load(field(address));
        if (value != null) {
            return value;
        }
        if (type == MemberType.OBJECT_EX) {
            throw Py.AttributeError("'" + Api.typeName(instance) + "' object has no attribute '" + member.name() + "'");
        }
        return Py.None;
    }

    @Override
    public void __set__(PyObject instance, PyObject value) {
        long address = writable(instance);
        if (type.isObject()) {
            store(state(instance), address, value);
        } else {
            type.write(address, value);
        }
    }

    @Override
    public void __delete__(PyObject instance) {
        long address = writable(instance);
        if (!type.isObject()) {
            throw Py.TypeError(
                    type == MemberType.STRING || type == MemberType.STRING_INPLACE
                            ? "readonly attribute"
                            : "can't delete numeric/char attribute");
        }
        NativeState state = state(instance);
        if (type == MemberType.OBJECT_EX && state.load(field(address)) == null) {
            throw Py.AttributeError(member.name());
        }
        store(state, address, null);
    }

    private static void store(NativeState state, long address, PyObject value) {
        NativeMemory.store(address, Long.BYTES, state.store(field(address), value));
    }

    private static int field(long address) {
        return FieldApi.checked(NativeMemory.load(address, Long.BYTES));
    }

    private long writable(PyObject instance) {
        NativeState state = state(instance);
        if (member.readonly()) {
            throw readOnly();
        }
        return state.data() + member.offset();
    }

    private NativeState state(PyObject instance) {
        owner.checkInstance(member.name(), instance);
        context.checkUse(() -> owner.name() + "." + member.name());
        return context.instances().stateOf(instance);
    }

    private PyException readOnly() {
        return Py.AttributeError("attribute '" + member.name() + "' of '" + owner.name() + "' objects is read-only");
    }

    @Override
    public String toString() {
        return "<member '" + member.name() + "' of '" + owner.name() + "' objects>";
    }

    @Override
    public PyObject __findattr_ex__(String name) {
        return switch (name) {
            case "__name__" -> Py.newStringOrUnicode(member.name());
            case "__doc__" -> member.doc() == null ? Py.None : Py.newStringOrUnicode(member.doc());
            default -> super.__findattr_ex__(name);
        };
    }
}
