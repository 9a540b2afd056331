package org.hpyve.context;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.collections.impl.list.mutable.primitive.LongArrayList;
import org.python.core.AbstractDict;
import org.python.core.Py;
import org.python.core.PyDictionary;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyTuple;
import org.python.core.PyType;

/** Makes one Python class from an {@code HPyType_Spec}: checks it, fills the class's attributes, calls the metaclass. */
final class TypeMaker {

    private static final long FLAG_BASETYPE = 1 << 10;
    private static final long FLAG_HAVE_GC = 1 << 14;

    private static final int BF_GETBUFFER = 1;
    private static final int BF_RELEASEBUFFER = 2;
    private static final int TP_CALL = 50;
    private static final int TP_HASH = 59;
    private static final int TP_RICHCOMPARE = 67;
    private static final int TP_TRAVERSE = 71;
    private static final int TP_FINALIZE = 80;
    private static final int TP_DESTROY = 1000;

    /** Their functions are called by the host, not through a special method. */
    private static final Set<Integer> NO_METHOD =
            Set.of(BF_GETBUFFER, BF_RELEASEBUFFER, TP_TRAVERSE, TP_FINALIZE, TP_DESTROY);

    private static final String SLOTS = "__slots__";
    private static final String CALL_OFFSET = "__vectorcalloffset__";

    /** {@code sizeof(HPyCallFunction)}. */
    private static final int CALL_FUNCTION_BYTES = 16;

    /** {@code PyType.setIsBaseType}, the one thing about a class that Jython lets only its own built-in types say. */
    private static final MethodHandle SET_IS_BASE_TYPE;

    static {
        try {
            SET_IS_BASE_TYPE = MethodHandles.privateLookupIn(PyType.class, MethodHandles.lookup())
                    .findVirtual(PyType.class, "setIsBaseType", MethodType.methodType(void.class, boolean.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final InterpreterContext context;
    private final Definition.TypeSpec spec;
    private final PyTuple bases;
    private final PyDictionary attributes = new PyDictionary();
    /** Tells the class that is made here from any other. */
    private final PyTuple noSlots = new PyTuple();

    private final Map<Integer, Long> slots = new HashMap<>();
    private final OwnerType owner;

    /** The base whose struct an instance's struct begins with; null if there is none. */
    private HpyType inherited;

    TypeMaker(InterpreterContext context, Definition.TypeSpec spec, PyTuple bases) {
        this.context = context;
        this.spec = spec;
        this.bases = bases;
        this.owner = new OwnerType(spec.name(), context.bridge().table().opener());
    }

    /**
     * Makes the class.
     *
     * @param metaclass null for the one that follows from the bases
     */
    PyType make(PyType metaclass) {
        check();
        inherited = inheritedStruct();
        fill();
        PyType type = callMetaclass(metaclass);
        owner.set(type);
        context.instances().made(describe(type));
        return type;
    }

    // --- Checks

    private void check() {
        if (spec.name() == null) {
            throw Py.ValueError("HPyType_Spec without a name");
        }
        if (spec.itemSize() < 0) {
            throw Py.ValueError(spec.name() + ": HPyType_Spec.itemsize must not be negative");
        }
        if (spec.basicSize() < 0) {
            throw Py.ValueError(spec.name() + ": HPyType_Spec.basicsize must not be negative");
        }
        if (spec.legacySlots() || spec.shape() == HpyType.SHAPE_LEGACY) {
            throw Py.TypeError(spec.name() + ": legacy types need CPython's C API");
        }
        if (spec.shape() < HpyType.SHAPE_OBJECT || spec.shape() > HpyType.SHAPE_DICT) {
            throw Py.ValueError("invalid shape: " + spec.shape());
        }
        Set<Integer> numbers = new HashSet<>();
        spec.defines().slots().forEach(slot -> numbers.add(slot.number()));
        if ((spec.flags() & FLAG_HAVE_GC) != 0 && !numbers.contains(TP_TRAVERSE)) {
            throw Py.ValueError("You must specify an HPy_tp_traverse slot since the flag HPy_TPFLAGS_HAVE_GC is set"
                    + " for type '" + spec.name() + "'");
        }
        if (numbers.contains(TP_CALL) && spec.itemSize() != 0) {
            throw Py.TypeError(spec.name() + ": Cannot use HPy call protocol with var objects");
        }
        checkMembers(numbers.contains(TP_CALL));
    }

    private void checkMembers(boolean call) {
        if (spec.basicSize() == 0 && !spec.defines().members().isEmpty()) {
            throw Py.TypeError(spec.name() + ": Type claims to have basicsize==0 but defines members");
        }
        for (Definition.Member member : spec.defines().members()) {
            MemberDescriptor.check(member, spec);
            if (member.name().equals(CALL_OFFSET)) {
                if (call) {
                    throw Py.TypeError(spec.name() + ": Cannot have HPy_tp_call and explicit member '" + CALL_OFFSET
                            + "'. Specify just one of them.");
                }
                MemberDescriptor.check(member, spec, CALL_FUNCTION_BYTES);
            }
        }
    }

    private HpyType inheritedStruct() {
        HpyType found = null;
        for (PyObject object : bases.getArray()) {
            if (!(object instanceof PyType base)) {
                throw Py.TypeError(spec.name() + ": a base must be a type, not '" + Api.typeName(object) + "'");
            }
            HpyType made = HpyType.nearest(base, context);
            boolean more = found != null && found.basicSize() == 0 && made != null && made.basicSize() != 0;
            if (found == null || more || (made != null && made.beginsWith(found))) {
                found = made;
            }
        }
        checkOneStruct(found);
        if (found != null && spec.basicSize() != 0 && spec.basicSize() < found.basicSize()) {
            throw Py.TypeError("%s: HPyType_Spec.basicsize (%d) is too small for the base '%s' (%d)"
                    .formatted(spec.name(), spec.basicSize(), found.type().fastGetName(), found.basicSize()));
        }
        return found;
    }

    /** Functions of each base take its struct for granted, and an object has one only. */
    private void checkOneStruct(HpyType found) {
        for (PyObject base : bases.getArray()) {
            HpyType other = found == null ? null : found.conflictIn((PyType) base);
            if (other != null) {
                throw Py.TypeError("%s: multiple bases have instance lay-out conflict: '%s' and '%s'"
                        .formatted(
                                spec.name(),
                                found.type().fastGetName(),
                                other.type().fastGetName()));
            }
        }
    }

    // --- Attributes

    private void fill() {
        int dot = spec.name().lastIndexOf('.');
        if (dot >= 0) {
            put("__module__", Py.newStringOrUnicode(spec.name().substring(0, dot)));
        }
        if (spec.doc() != null) {
            put("__doc__", Py.newStringOrUnicode(spec.doc()));
        }
        // As a type in C: its instances have no __dict__, those of a Python subclass have one.
        put(SLOTS, noSlots);
        for (Definition.Method method : spec.defines().methods()) {
            put(method.name(), new MethodDescriptor(method, context, owner));
        }
        for (Definition.Member member : spec.defines().members()) {
            if (!member.name().equals(CALL_OFFSET)) {
                put(member.name(), new MemberDescriptor(member, context, owner));
            }
        }
        for (Definition.GetSet getSet : spec.defines().getSets()) {
            put(getSet.name(), new GetSetDescriptor(getSet, context, owner));
        }
        fillSlots();
        if (!has("__new__") && inherited == null) {
            put("__new__", new DefaultNew(context, owner));
        }
        if (spec.basicSize() > 0 && hasObjectLayout() && !has("__reduce__") && !has("__reduce_ex__")) {
            put("__reduce_ex__", new Reduce());
        }
    }

    private boolean hasObjectLayout() {
        return Stream.of(bases.getArray()).allMatch(base -> HpyType.layoutOf((PyType) base) == PyObject.TYPE);
    }

    private void fillSlots() {
        // By number: a mapping's item goes before a sequence's, a number's sum before a concatenation, as in CPython.
        spec.defines().slots().stream()
                .sorted(Comparator.comparingInt(Definition.Slot::number))
                .forEach(slot -> {
                    slots.put(slot.number(), slot.impl());
                    if (!NO_METHOD.contains(slot.number())) {
                        // What inspects slots for itself is not needed: the collector sees the objects of fields.
                        SlotFunctions.add(attributes, slot, context, owner);
                    }
                });
        if (callOffset() >= 0 && !has("__call__")) {
            SlotFunctions.add(attributes, new Definition.Slot(TP_CALL, 0), context, owner);
        }
        // What can be equal without being the same has no hash of its identity.
        if (slots.containsKey(TP_RICHCOMPARE) && !slots.containsKey(TP_HASH) && !has("__hash__")) {
            put("__hash__", Py.None);
        }
    }

    private void put(String name, PyObject value) {
        attributes.__setitem__(Api.attributeName(name), value);
    }

    private boolean has(String name) {
        return attributes.__finditem__(name) != null;
    }

    private long callOffset() {
        return spec.defines().members().stream()
                .filter(member -> member.name().equals(CALL_OFFSET))
                .mapToLong(Definition.Member::offset)
                .findAny()
                .orElse(-1);
    }

    // --- The class

    private PyType callMetaclass(PyType metaclass) {
        PyString name =
                new PyString(Api.attributeName(spec.name().substring(spec.name().lastIndexOf('.') + 1)));
        PyType meta = metaclass == null ? PyType.TYPE : metaclass;
        // The metaclass's own __new__ and __init__ are for class statements.
        PyObject made = PyType.TYPE.__getattr__("__new__").__call__(meta, name, bases, attributes);
        if (!(made instanceof PyType type)) {
            throw Py.TypeError(
                    spec.name() + ": the metaclass of a base made a '" + Api.typeName(made) + "', not a type");
        }
        PyString slots = new PyString(SLOTS);
        if (!(type.fastGetDict() instanceof AbstractDict dict) || dict.__finditem__(slots) != noSlots) {
            throw Py.TypeError(
                    spec.name() + ": the metaclass of a base made another class, '" + type.fastGetName() + "'");
        }
        dict.__delitem__(slots);
        try {
            SET_IS_BASE_TYPE.invokeExact(type, (spec.flags() & FLAG_BASETYPE) != 0);
        } catch (Throwable e) {
            throw Py.JavaError(e);
        }
        return type;
    }

    private HpyType describe(PyType type) {
        LongArrayList destroys = new LongArrayList();
        if (slots.containsKey(TP_DESTROY)) {
            destroys.add(slots.get(TP_DESTROY));
        }
        int basicSize = spec.basicSize();
        if (inherited != null) {
            destroys.addAll(inherited.destroys());
            basicSize = basicSize == 0 ? inherited.basicSize() : basicSize;
        }
        PyType layout = HpyType.layoutOf(type);
        checkBuffer(layout);
        return new HpyType(
                context,
                type,
                HpyType.bases(type),
                inherited,
                layout,
                spec.shape(),
                basicSize,
                destroys,
                slots.containsKey(TP_FINALIZE) ? slots.get(TP_FINALIZE) : HpyType.finalizerOf(type, context),
                call(),
                buffer(type),
                owner.module());
    }

    private HpyType.Call call() {
        if (slots.containsKey(TP_CALL)) {
            return new HpyType.Call(slots.get(TP_CALL), 0);
        }
        if (callOffset() >= 0) {
            return new HpyType.Call(0, callOffset());
        }
        return inherited == null ? null : inherited.call();
    }

    /** Each of the two functions is inherited for itself, as in CPython. */
    private HpyType.Buffer buffer(PyType type) {
        HpyType.Buffer base = HpyType.bufferOf(type, context);
        if (!slots.containsKey(BF_GETBUFFER) && !slots.containsKey(BF_RELEASEBUFFER)) {
            return base;
        }
        long get = slots.getOrDefault(BF_GETBUFFER, base == null ? 0L : base.get());
        long release = slots.getOrDefault(BF_RELEASEBUFFER, base == null ? 0L : base.release());
        return get == 0 ? null : new HpyType.Buffer(get, release, owner.module());
    }

    /** Jython asks an object's Java class for the buffer protocol, and that of a built-in type is not ours. */
    private void checkBuffer(PyType layout) {
        if (slots.containsKey(BF_GETBUFFER) && layout != PyObject.TYPE) {
            throw Py.TypeError(spec.name() + ": HPy_bf_getbuffer is not supported for subclasses of '"
                    + layout.fastGetName() + "'");
        }
    }
}
