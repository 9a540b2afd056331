package org.hpyve.context;

import java.math.BigInteger;
import org.hpyve.bridge.DownCalls;
import org.hpyve.bridge.Handles;
import org.hpyve.bridge.NativeMemory;
import org.python.core.Py;
import org.python.core.PyBuiltinCallable;
import org.python.core.PyBuiltinFunction;
import org.python.core.PyDictionary;
import org.python.core.PyException;
import org.python.core.PyInteger;
import org.python.core.PyObject;
import org.python.core.PyType;
import org.python.core.PyUnicode;

/** One special method of a type that an extension made; self comes first. */
final class SlotFunction extends PyBuiltinCallable {

    private static final long serialVersionUID = 1L;
    private static final PyType TYPE = PyType.fromClass(PyBuiltinFunction.class);

    private final transient SlotFunctions.Method method;
    private final transient SlotFunctions.Form form;
    private final transient long impl;
    private final transient InterpreterContext context;
    private final transient OwnerType owner;
    private final transient HpyCallable callee;

    SlotFunction(SlotFunctions.Method method, long impl, InterpreterContext context, OwnerType owner) {
        super(TYPE, new PyBuiltinCallable.DefaultInfo(method.name()));
        this.method = method;
        this.form = method.form();
        this.impl = impl;
        this.context = context;
        this.owner = owner;
        this.callee = HpyCallable.of(context.openers().calls(owner.module()), () -> owner.name() + "." + method.name());
    }

    @Override
    public PyBuiltinCallable bind(PyObject self) {
        throw Py.TypeError("Can't bind a builtin function");
    }

    @Override
    public String toString() {
        return "<built-in function " + method.name() + ">";
    }

    @Override
    public boolean implementsDescrGet() {
        return true;
    }

    /** Does it get the instance that it is looked up on? {@code __new__} is static. */
    boolean binds() {
        return form != SlotFunctions.Form.NEW;
    }

    @Override
    public PyObject __get__(PyObject instance, PyObject type) {
        return instance == null || instance == Py.None || !binds() ? this : new BoundSlot(this, instance, type);
    }

    @Override
    public PyObject __call__(PyObject self) {
        return form.variadic ? callVariadic(self, Py.EmptyObjects, 0, Py.NoKeywords) : call(1, self, null, null);
    }

    @Override
    public PyObject __call__(PyObject self, PyObject other) {
        return form.variadic
                ? callVariadic(self, new PyObject[] {other}, 0, Py.NoKeywords)
                : call(2, self, other, null);
    }

    @Override
    public PyObject __call__(PyObject self, PyObject other, PyObject third) {
        return form.variadic
                ? callVariadic(self, new PyObject[] {other, third}, 0, Py.NoKeywords)
                : call(3, self, other, third);
    }

    @Override
    public PyObject __call__(PyObject self, PyObject[] args, String[] keywords) {
        return form.variadic ? callVariadic(self, args, 0, keywords) : super.__call__(self, args, keywords);
    }

    @Override
    public PyObject __call__(PyObject[] args, String[] keywords) {
        int given = args.length;
        if (form.variadic && given > keywords.length) {
            return callVariadic(args[0], args, 1, keywords);
        }
        if (keywords.length > 0 || given < form.least || given > form.most) {
            throw wrongCount(given);
        }
        return call(given, args[0], given > 1 ? args[1] : null, given > 2 ? args[2] : null);
    }

    private PyException wrongCount(int given) {
        return Py.TypeError(callee.qualifiedName() + "() called with " + given + " arguments, self included");
    }

    /** With the first {@code count} of the arguments. */
    private PyObject call(int count, PyObject self, PyObject other, PyObject third) {
        if (count < form.least || count > form.most) {
            throw wrongCount(count);
        }
        owner.checkInstance(method.name(), self);
        HpyCallable outer = context.enter(callee);
        long h0 = Handles.NULL;
        long h1 = Handles.NULL;
        long h2 = Handles.NULL;
        boolean intact;
        PyObject result;
        try {
            h0 = context.self(self);
            if (count > 1 && !form.number) {
                h1 = context.argument(callee, other);
            }
            if (count > 2) {
                h2 = context.argument(callee, third);
            }
            result = call(self, other, third, h0, h1, h2);
        } finally {
            intact = context.releaseArguments(h2, h1);
            intact = context.releaseArgument(h0) && intact;
            context.leave(outer);
        }
        context.checkArguments(callee, intact);
        return result;
    }

    private PyObject call(PyObject self, PyObject other, PyObject third, long h0, long h1, long h2) {
        long address = context.address();
        return switch (form) {
            case UNARY -> object(DownCalls.unaryfunc(address, impl, h0));
            case BINARY -> object(DownCalls.binaryfunc(address, impl, h0, h1));
            case REFLECTED -> object(DownCalls.binaryfunc(address, impl, h1, h0));
            case COMPARE -> object(DownCalls.richcmpfunc(address, impl, h0, h1, method.argument()));
            case COUNTED -> object(DownCalls.ssizeargfunc(address, impl, h0, number(other)));
            case INDEXED -> object(DownCalls.ssizeargfunc(address, impl, h0, index(self, other)));
            case POWER -> object(DownCalls.ternaryfunc(address, impl, h0, h1, third != null ? h2 : none()));
            case REFLECTED_POWER -> object(DownCalls.ternaryfunc(address, impl, h1, h0, none()));
            case GET -> get(other, third, h0, h1, h2);
            case ASSIGN -> none(DownCalls.objobjargproc(address, impl, h0, h1, h2));
            case DELETE -> none(DownCalls.objobjargproc(address, impl, h0, h1, Handles.NULL));
            case ASSIGN_ITEM -> none(DownCalls.ssizeobjargproc(address, impl, h0, index(self, other), h2));
            case DELETE_ITEM -> none(DownCalls.ssizeobjargproc(address, impl, h0, index(self, other), Handles.NULL));
            case TRUTH -> truth(DownCalls.inquiry(address, impl, h0));
            case CONTAINS -> truth(DownCalls.objobjproc(address, impl, h0, h1));
            case SIZE -> size(DownCalls.lenfunc(address, impl, h0));
            case HASH -> hash(DownCalls.hashfunc(address, impl, h0));
            case CALL, INIT, NEW -> throw new IllegalStateException(form.name());
        };
    }

    /**
     * With any number of arguments.
     *
     * @param first the index of the first in {@code args}
     */
    PyObject callVariadic(PyObject self, PyObject[] args, int first, String[] keywords) {
        if (binds()) {
            owner.checkInstance(method.name(), self);
        } else {
            owner.checkSubtype(self);
        }
        int count = args.length - first;
        HpyCallable outer = context.enter(callee);
        Arguments arguments = context.arguments();
        int begin = arguments.begin();
        long selfHandle = Handles.NULL;
        long names = Handles.NULL;
        boolean intact;
        PyObject result;
        try {
            arguments = arguments.room(count);
            begin = arguments.begin();
            selfHandle = context.self(self);
            for (int i = first; i < args.length; i++) {
                arguments.push(context.argument(callee, args[i]));
            }
            names = keywordArgument(args, keywords);
            long address = arguments.address(begin);
            result = callVariadic(self, selfHandle, address, count - keywords.length, names);
        } finally {
            intact = arguments.end(begin);
            intact = context.releaseNames(names) && intact;
            intact = context.releaseArgument(selfHandle) && intact;
            context.leave(outer);
        }
        context.checkArguments(callee, intact);
        return result;
    }

    private PyObject callVariadic(PyObject self, long handle, long arguments, int positional, long names) {
        long address = context.address();
        return switch (form) {
            case CALL -> object(DownCalls.keywords(address, callFunction(self), handle, arguments, positional, names));
            case NEW -> object(DownCalls.newfunc(address, impl, handle, arguments, positional, names));
            default -> none(DownCalls.initproc(address, impl, handle, arguments, positional, names));
        };
    }

    /** A call takes the names of keywords, construction a dict of them. */
    private long keywordArgument(PyObject[] args, String[] keywords) {
        if (form == SlotFunctions.Form.CALL || keywords.length == 0) {
            return context.keywordNames(keywords);
        }
        PyDictionary dict = new PyDictionary();
        for (int i = 0; i < keywords.length; i++) {
            dict.__setitem__(new PyUnicode(keywords[i]), args[args.length - keywords.length + i]);
        }
        return context.handle(dict);
    }

    /** The handle of None, which is not to be closed. */
    private long none() {
        return context.objects().constantHandle(Py.None);
    }

    private PyObject get(PyObject object, PyObject cls, long h0, long h1, long h2) {
        long instance = object == Py.None ? Handles.NULL : h1;
        long type = cls == null || cls == Py.None ? Handles.NULL : h2;
        if (instance == Handles.NULL && type == Handles.NULL) {
            throw Py.TypeError("__get__(None, None) is invalid");
        }
        return object(DownCalls.ternaryfunc(context.address(), impl, h0, instance, type));
    }

    /** The instance's own, or that of its class. */
    private long callFunction(PyObject self) {
        NativeState state = context.instances().stateOf(self);
        if (state != null && state.callFunction() != 0) {
            return state.callFunction();
        }
        long function = impl;
        HpyType.Call call = state == null ? null : state.made().call();
        if (function == 0 && call != null) {
            // A base's functions lie in the struct, but a type derived from it may have one for all instances.
            function = call.impl() != 0
                    ? call.impl()
                    : NativeMemory.load(state.data() + call.offset() + Long.BYTES, Long.BYTES);
        }
        if (function == 0) {
            throw Py.TypeError("'" + Api.typeName(self) + "' object is not callable");
        }
        return function;
    }

    private static long index(PyObject self, PyObject key) {
        long index = number(key);
        return index < 0 && self.getType().lookup("__len__") != null ? index + self.__len__() : index;
    }

    private static long number(PyObject value) {
        if (value.getClass() == PyInteger.class) {
            return ((PyInteger) value).getValue();
        }
        BigInteger number = LongApi.index(value);
        if (number.bitLength() > 63) {
            throw Py.OverflowError("cannot fit '" + Api.typeName(value) + "' into an index-sized integer");
        }
        return number.longValue();
    }

    private PyObject object(long result) {
        return context.complete(callee, result);
    }

    private PyObject none(int status) {
        context.completeNumber(callee, status != 0);
        return Py.None;
    }

    private PyObject truth(int answer) {
        context.completeNumber(callee, answer == -1);
        return answer != 0 ? Py.True : Py.False;
    }

    /** Unlike for other functions, -1 without an exception is no mistake. */
    private PyObject hash(long answer) {
        context.completeNumber(callee, answer == -1 && context.bridge().error());
        return Py.newInteger(answer);
    }

    private PyObject size(long answer) {
        PyObject size = number(answer);
        if (answer < 0) {
            throw Py.ValueError("__len__() should return >= 0");
        }
        return size;
    }

    private PyObject number(long answer) {
        context.completeNumber(callee, answer == -1);
        return Py.newInteger(answer);
    }
}
