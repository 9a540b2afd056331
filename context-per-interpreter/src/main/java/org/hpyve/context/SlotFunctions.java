package org.hpyve.context;

import java.util.HashMap;
import java.util.Map;
import org.python.core.Py;
import org.python.core.PyDictionary;
import org.python.core.PyObject;

/**
 * Slots of types as the special methods that Python 2.7 looks up.
 *
 * <p>Slot numbers are the ABI's, which are CPython's.
 */
final class SlotFunctions {

    /** How a special method calls its slot. */
    enum Form {
        /** {@code m(self)}. */
        UNARY(1, 1, false),
        /** {@code m(self, other)}, or NotImplemented. */
        BINARY(2, 2, false),
        /** {@code m(other, self)}: the reflected operator calls the same function. */
        REFLECTED(2, 2, false),
        /** {@code m(self, number)} with a C integer. */
        COUNTED(2, 2, true),
        /** {@code m(self, index)} with a C integer; a negative one counts from the end. */
        INDEXED(2, 2, true),
        /** {@code m(self)} gives a truth value. */
        TRUTH(1, 1, false),
        /** {@code m(self)} gives a size. */
        SIZE(1, 1, false),
        /** {@code m(self)} gives a hash. */
        HASH(1, 1, false),
        /** {@code m(self, other)} with a comparison operator. */
        COMPARE(2, 2, false),
        /** {@code m(self, item)} gives a truth value. */
        CONTAINS(2, 2, false),
        /** {@code m(self, key, value)}. */
        ASSIGN(3, 3, false),
        /** {@code m(self, key)}: assignment of nothing. */
        DELETE(2, 2, false),
        /** {@code m(self, index, value)} with a C integer; a negative one counts from the end. */
        ASSIGN_ITEM(3, 3, true),
        /** {@code m(self, index)}: assignment of nothing. */
        DELETE_ITEM(2, 2, true),
        /** {@code m(self, other)} or {@code m(self, other, modulus)}. */
        POWER(2, 3, false),
        /** {@code m(other, self)}. */
        REFLECTED_POWER(2, 2, false),
        /** {@code m(self, instance)} or {@code m(self, instance, type)}; None for nothing. */
        GET(2, 3, false),
        /** {@code m(self, *args, **keywords)} with a tuple of names. */
        CALL,
        /** {@code m(self, *args, **keywords)} with a dict, giving nothing. */
        INIT,
        /** {@code m(type, *args, **keywords)} with a dict. */
        NEW;

        /** How many arguments it takes, self included; without meaning if there can be any number. */
        final int least;

        final int most;
        /** Is the second argument given to C as an integer, not as an object? */
        final boolean number;
        /** Does it take any number of arguments behind self, and keywords? */
        final boolean variadic;

        Form() {
            this.least = 1;
            this.most = Integer.MAX_VALUE;
            this.number = false;
            this.variadic = true;
        }

        Form(int least, int most, boolean number) {
            this.least = least;
            this.most = most;
            this.number = number;
            this.variadic = false;
        }
    }

    /**
     * A special method of a slot.
     *
     * @param argument the operator of a comparison
     */
    record Method(String name, Form form, int argument) {}

    private static final Map<Integer, Method[]> METHODS = new HashMap<>();

    static {
        operator(7, "add");
        operator(8, "and");
        operator(10, "divmod");
        operator(12, "floordiv");
        operator(28, "lshift");
        operator(29, "mul");
        operator(31, "or");
        operator(34, "mod");
        operator(35, "rshift");
        operator(36, "sub");
        operator(38, "xor");
        operator(75, "matmul");
        // Python 2.7 has two divisions; HPy's true division answers both.
        METHODS.put(37, new Method[] {
            binary("__truediv__"), reflected("__rtruediv__"), binary("__div__"), reflected("__rdiv__")
        });
        unary(6, "__abs__");
        unary(11, "__float__");
        unary(13, "__index__");
        unary(27, "__invert__");
        unary(30, "__neg__");
        unary(32, "__pos__");
        unary(66, "__repr__");
        unary(70, "__str__");
        METHODS.put(26, new Method[] {method("__int__", Form.UNARY), method("__long__", Form.UNARY)});
        METHODS.put(9, new Method[] {method("__nonzero__", Form.TRUTH)});
        METHODS.put(4, new Method[] {method("__len__", Form.SIZE)});
        METHODS.put(45, new Method[] {method("__len__", Form.SIZE)});
        METHODS.put(5, new Method[] {binary("__getitem__")});
        METHODS.put(44, new Method[] {method("__getitem__", Form.INDEXED)});
        METHODS.put(3, new Method[] {method("__setitem__", Form.ASSIGN), method("__delitem__", Form.DELETE)});
        METHODS.put(
                39, new Method[] {method("__setitem__", Form.ASSIGN_ITEM), method("__delitem__", Form.DELETE_ITEM)});
        METHODS.put(33, new Method[] {method("__pow__", Form.POWER), method("__rpow__", Form.REFLECTED_POWER)});
        METHODS.put(20, new Method[] {method("__ipow__", Form.POWER)});
        METHODS.put(54, new Method[] {method("__get__", Form.GET)});
        METHODS.put(40, new Method[] {binary("__add__")});
        METHODS.put(46, new Method[] {method("__mul__", Form.COUNTED), method("__rmul__", Form.COUNTED)});
        METHODS.put(41, new Method[] {method("__contains__", Form.CONTAINS)});
        METHODS.put(59, new Method[] {method("__hash__", Form.HASH)});
        METHODS.put(50, new Method[] {method("__call__", Form.CALL)});
        METHODS.put(60, new Method[] {method("__init__", Form.INIT)});
        METHODS.put(65, new Method[] {method("__new__", Form.NEW)});
        METHODS.put(67, new Method[] {
            new Method("__lt__", Form.COMPARE, 0),
            new Method("__le__", Form.COMPARE, 1),
            new Method("__eq__", Form.COMPARE, 2),
            new Method("__ne__", Form.COMPARE, 3),
            new Method("__gt__", Form.COMPARE, 4),
            new Method("__ge__", Form.COMPARE, 5)
        });
        String[] inPlace = {
            "add", "and", "floordiv", "lshift", "mul", "or", null, "mod", "rshift", "sub", "truediv", "xor"
        };
        for (int i = 0; i < inPlace.length; i++) {
            if (inPlace[i] != null) {
                METHODS.put(14 + i, new Method[] {binary("__i" + inPlace[i] + "__")});
            }
        }
        METHODS.put(24, new Method[] {binary("__itruediv__"), binary("__idiv__")});
        METHODS.put(76, new Method[] {binary("__imatmul__")});
        METHODS.put(42, new Method[] {binary("__iadd__")});
        METHODS.put(43, new Method[] {method("__imul__", Form.COUNTED)});
    }

    private SlotFunctions() {}

    private static Method method(String name, Form form) {
        return new Method(name, form, 0);
    }

    private static Method binary(String name) {
        return method(name, Form.BINARY);
    }

    private static Method reflected(String name) {
        return method(name, Form.REFLECTED);
    }

    private static void operator(int slot, String name) {
        METHODS.put(slot, new Method[] {binary("__" + name + "__"), reflected("__r" + name + "__")});
    }

    private static void unary(int slot, String name) {
        METHODS.put(slot, new Method[] {method(name, Form.UNARY)});
    }

    /** Adds a slot's special methods to the attributes of a class. A method that is there already stays. */
    static void add(PyDictionary attributes, Definition.Slot slot, InterpreterContext context, OwnerType owner) {
        Method[] methods = METHODS.get(slot.number());
        if (methods == null) {
            throw Py.SystemError(owner.name() + ": HPyType_FromSpec: invalid slot " + slot.number());
        }
        for (Method method : methods) {
            PyObject name = Py.newString(method.name());
            if (attributes.__finditem__(name) == null) {
                attributes.__setitem__(name, new SlotFunction(method, slot.impl(), context, owner));
            }
        }
    }
}
