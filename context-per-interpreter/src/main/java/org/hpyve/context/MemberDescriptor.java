package org.hpyve.context;

import java.lang.ref.Reference;
import org.hpyve.bridge.NativeMemory;
import org.python.core.Py;
import org.python.core.PyObject;

/** An attribute of a type that an extension made, which is a field of the C struct; Python reads and writes it. */
final class MemberDescriptor extends Descriptor.Data {

    private static final long serialVersionUID = 1L;

    private final transient Definition.Member member;
    private final MemberType type;

    MemberDescriptor(Definition.Member member, InterpreterContext context, OwnerType owner) {
        super("member", member.name(), member.doc(), context, owner);
        this.member = member;
        this.type = MemberType.of(member.type(), member.name());
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

    @Override
    PyObject get(PyObject instance) {
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
            throw Py.AttributeError("'" + Api.typeName(instance) + "' object has no attribute '" + name() + "'");
        }
        return Py.None;
    }

    @Override
    void set(PyObject instance, PyObject value) {
        long address = writable(instance);
        NativeState state = state(instance);
        if (type.isObject()) {
            store(state, address, value);
        } else {
            try {
                type.write(address, value);
            } finally {
                // The conversion of the value may run code that sees to the structs of dead objects.
                Reference.reachabilityFence(state);
            }
        }
    }

    @Override
    void delete(PyObject instance) {
        long address = writable(instance);
        if (!type.isObject()) {
            throw Py.TypeError(
                    type == MemberType.STRING || type == MemberType.STRING_INPLACE
                            ? "readonly attribute"
                            : "can't delete numeric/char attribute");
        }
        NativeState state = state(instance);
        if (type == MemberType.OBJECT_EX && state.load(field(address)) == null) {
            throw Py.AttributeError(name());
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
            throw Py.AttributeError("attribute '" + name() + "' of '" + owner.name() + "' objects is read-only");
        }
        return state.data() + member.offset();
    }

    private NativeState state(PyObject instance) {
        context.checkThread(callee);
        return context.instances().stateOf(instance);
    }
}
