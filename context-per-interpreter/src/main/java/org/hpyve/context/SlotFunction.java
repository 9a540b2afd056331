package org.hpyve.context;

import java.math.BigInteger;
import java.util.Arrays;
import org.hpyve.bridge.DownCalls;
import org.hpyve.bridge.Handles;
import org.hpyve.bridge.NativeMemory;
import org.python.core.Py;
import org.python.core.PyBuiltinFunction;
import org.python.core.PyDictionary;
import org.python.core.PyMethod;
import org.python.core.PyObject;
import org.python.core.PyUnicode;

/** One special method of a type that an extension made; self comes first. */
final class SlotFunction extends PyBuiltinFunction implements HpyCallable {

    private static final long serialVersionUID = 1L;
    private static final int ANY = Integer.MAX_VALUE;

    private final transient SlotFunctions.Method method;
    private final transient long impl;
    private final transient InterpreterContext context;
    private final transient OwnerType owner;

    SlotFunction(SlotFunctions.Method method, long impl, InterpreterContext context, OwnerType owner) {
        super(method.name(), null);
        this.method = method;
        this.impl = impl;
        this.context = context;
        this.owner = owner;
    }

    @Override
    public String qualifiedName() {
        return owner.name() + "." + method.name();
    }

    @Override
    public int module() {
        return owner.module();
    }

    @Override
    public boolean implementsDescrGet() {
        return true;
    }

    /** {@code __new__} is static; all others bind to their instance. */
    @Override
    public PyObject __get__(PyObject instance, PyObject type) {
        if (instance == null || instance == Py.None || method.form() == SlotFunctions.Form.NEW) {
            return this;
        }
        return new PyMethod(this, instance, type);
    }

    @Override
    public PyObject __call__(PyObject[] args, String[] keywords) {
        checkCount(args.length, keywords.length);
        if (method.form() == SlotFunctions.Form.NEW) {
            owner.checkSubtype(args[0]);
        } else {
            owner.checkInstance(method.name(), args[0]);
        }
        HpyCallable outer = context.enter(this);
        long[] handles = new long[args.length];
        long keywordArgument = Handles.NULL;
        try {
            context.handles(args, handles);
            if (most() == ANY) {
                keywordArgument = keywordArgument(args, keywords);
            }
            PyObject result = call(args, handles, keywords.length, keywordArgument);
            context.checkArguments(this, context.areOpen(handles) && context.isOpen(keywordArgument));
            return result;
        } finally {
            context.close(keywordArgument);
            context.close(handles);
            context.leave(outer);
        }
    }

    private void checkCount(int given, int keywords) {
        boolean any = most() == ANY;
        if (given - (any ? keywords : 0) < least() || given > most() || (!any && keywords > 0)) {
            throw Py.TypeError(qualifiedName() + "() called with " + given + " arguments, self included");
        }
    }

    private int least() {
        return switch (method.form()) {
            case UNARY, TRUTH, SIZE, HASH, CALL, INIT, NEW -> 1;
            case BINARY,
                    REFLECTED,
                    COUNTED,
                    INDEXED,
                    COMPARE,
                    CONTAINS,
                    DELETE,
                    DELETE_ITEM,
                    POWER,
                    REFLECTED_POWER,
                    GET -> 2;
            case ASSIGN, ASSIGN_ITEM -> 3;
        };
    }

    private int most() {
        return switch (method.form()) {
            case POWER, GET -> 3;
            case CALL, INIT, NEW -> ANY;
            default -> least();
        };
    }

    /** A call takes the names of keywords, construction a dict of them. */
    private long keywordArgument(PyObject[] args, String[] keywords) {
        if (method.form() == SlotFunctions.Form.CALL || keywords.length == 0) {
            return context.keywordNames(keywords);
        }
        PyDictionary dict = new PyDictionary();
        for (int i = 0; i < keywords.length; i++) {
            dict.__setitem__(new PyUnicode(keywords[i]), args[args.length - keywords.length + i]);
        }
        return context.handle(dict);
    }

    private PyObject call(PyObject[] args, long[] h, int keywords, long keywordArgument) {
        long address = context.bridge().address();
        long[] rest = most() == ANY ? Arrays.copyOfRange(h, 1, h.length) : h;
        int positional = rest.length - keywords;
        return switch (method.form()) {
            case UNARY -> object(DownCalls.unaryfunc(address, impl, h[0]));
            case BINARY -> object(DownCalls.binaryfunc(address, impl, h[0], h[1]));
            case REFLECTED -> object(DownCalls.binaryfunc(address, impl, h[1], h[0]));
            case COMPARE -> object(DownCalls.richcmpfunc(address, impl, h[0], h[1], method.argument()));
            case COUNTED -> object(DownCalls.ssizeargfunc(address, impl, h[0], number(args[1])));
            case INDEXED -> object(DownCalls.ssizeargfunc(address, impl, h[0], index(args[0], args[1])));
            case POWER -> object(DownCalls.ternaryfunc(address, impl, h[0], h[1], h.length > 2 ? h[2] : none()));
            case REFLECTED_POWER -> object(DownCalls.ternaryfunc(address, impl, h[1], h[0], none()));
            case GET -> get(args, h);
            case CALL ->
                object(DownCalls.keywords(address, callFunction(args[0]), h[0], rest, positional, keywordArgument));
            case NEW -> object(DownCalls.newfunc(address, impl, h[0], rest, positional, keywordArgument));
            case INIT -> none(DownCalls.initproc(address, impl, h[0], rest, positional, keywordArgument));
            case ASSIGN -> none(DownCalls.objobjargproc(address, impl, h[0], h[1], h[2]));
            case DELETE -> none(DownCalls.objobjargproc(address, impl, h[0], h[1], Handles.NULL));
            case ASSIGN_ITEM -> none(DownCalls.ssizeobjargproc(address, impl, h[0], index(args[0], args[1]), h[2]));
            case DELETE_ITEM ->
                none(DownCalls.ssizeobjargproc(address, impl, h[0], index(args[0], args[1]), Handles.NULL));
            case TRUTH -> truth(DownCalls.inquiry(address, impl, h[0]));
            case CONTAINS -> truth(DownCalls.objobjproc(address, impl, h[0], h[1]));
            case SIZE -> size(DownCalls.lenfunc(address, impl, h[0]));
            case HASH -> hash(DownCalls.hashfunc(address, impl, h[0]));
        };
    }

    /** The handle of None, which is not to be closed. */
    private long none() {
        return context.constantHandle(Py.None);
    }

    private PyObject get(PyObject[] args, long[] h) {
        long instance = args[1] == Py.None ? Handles.NULL : h[1];
        long type = args.length < 3 || args[2] == Py.None ? Handles.NULL : h[2];
        if (instance == Handles.NULL && type == Handles.NULL) {
            throw Py.TypeError("__get__(None, None) is invalid");
        }
        return object(DownCalls.ternaryfunc(context.bridge().address(), impl, h[0], instance, type));
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
        BigInteger number = LongApi.index(value);
        if (number.bitLength() > 63) {
            throw Py.OverflowError("cannot fit '" + Api.typeName(value) + "' into an index-sized integer");
        }
        return number.longValue();
    }

    private PyObject object(long result) {
        return context.complete(this, result);
    }

    private PyObject none(int status) {
        context.completeNumber(this, status != 0);
        return Py.None;
    }

    private PyObject truth(int answer) {
        context.completeNumber(this, answer == -1);
        return answer != 0 ? Py.True : Py.False;
    }

    /** Unlike for other functions, -1 without an exception is no mistake. */
    private PyObject hash(long answer) {
        context.completeNumber(this, answer == -1 && context.bridge().error());
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
        context.completeNumber(this, answer == -1);
        return Py.newInteger(answer);
    }
}
