package org.hpyve.context;

import org.hpyve.bridge.DownCalls;
import org.hpyve.bridge.Handles;
import org.python.core.Py;
import org.python.core.PyBuiltinCallable;
import org.python.core.PyBuiltinFunction;
import org.python.core.PyObject;
import org.python.core.PyType;

/**
 * A C function of an extension, bound to its module or to an instance: what Python calls.
 *
 * <p>A call opens handles for self and the arguments, makes the one down-call and takes the result's object; the handles
 * that it opened are closed whatever happened. Calls without keywords make no array, up to four arguments.
 */
abstract class HpyFunction extends PyBuiltinCallable {

    private static final long serialVersionUID = 1L;

    /** Given, not found out: a method is bound for each call. */
    private static final PyType TYPE = PyType.fromClass(PyBuiltinFunction.class);

    final transient NativeFunction function;
    private final PyObject self;
    /** Open as long as the context; {@code HPy_NULL} if one is opened for each call. */
    private final transient long permanentSelf;

    private HpyFunction(NativeFunction function, PyObject self, long permanentSelf) {
        super(TYPE, function.info);
        this.function = function;
        this.self = self;
        this.permanentSelf = permanentSelf;
    }

    @Override
    public PyBuiltinCallable bind(PyObject other) {
        throw Py.TypeError("Can't bind a builtin function");
    }

    @Override
    public String getDoc() {
        return function.doc();
    }

    @Override
    public PyObject getModule() {
        return Py.newStringOrUnicode(function.owner());
    }

    @Override
    public PyObject getSelf() {
        return self;
    }

    /** A method is bound anew each time that it is looked up: equal are two of the same function and object. */
    private boolean isSame(PyObject other) {
        return other instanceof HpyFunction that && that.self == self && that.function == function;
    }

    @Override
    public PyObject __eq__(PyObject other) {
        return other instanceof HpyFunction ? Py.newBoolean(isSame(other)) : null;
    }

    @Override
    public PyObject __ne__(PyObject other) {
        return other instanceof HpyFunction ? Py.newBoolean(!isSame(other)) : null;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HpyFunction that && isSame(that);
    }

    @Override
    public int hashCode() {
        return 31 * System.identityHashCode(self) + System.identityHashCode(function);
    }

    @Override
    public boolean isMappingType() {
        return false;
    }

    @Override
    public boolean isNumberType() {
        return false;
    }

    @Override
    public boolean isSequenceType() {
        return false;
    }

    @Override
    public String toString() {
        return "<built-in function " + function.name() + ">";
    }

    final long openSelf(InterpreterContext context) {
        return permanentSelf != Handles.NULL ? permanentSelf : context.self(self);
    }

    /** False if it was closed already. */
    final boolean closeSelf(InterpreterContext context, long handle) {
        return permanentSelf != Handles.NULL || context.releaseArgument(handle);
    }

    static final class NoArgs extends HpyFunction {

        private static final long serialVersionUID = 1L;

        NoArgs(NativeFunction function, PyObject self, long permanentSelf) {
            super(function, self, permanentSelf);
        }

        @Override
        public PyObject __call__() {
            NativeFunction called = function;
            InterpreterContext context = called.context;
            HpyCallable outer = context.enter(called.callee);
            long selfHandle = Handles.NULL;
            boolean intact;
            PyObject value;
            try {
                selfHandle = openSelf(context);
                value = context.complete(called.callee, DownCalls.noargs(context.address(), called.impl, selfHandle));
            } finally {
                intact = closeSelf(context, selfHandle);
                context.leave(outer);
            }
            context.checkArguments(called.callee, intact);
            return value;
        }

        @Override
        public PyObject __call__(PyObject[] args, String[] keywords) {
            if (keywords.length > 0) {
                throw function.noKeywords();
            }
            if (args.length > 0) {
                throw function.argumentCount("no arguments", args.length);
            }
            return __call__();
        }
    }

    static final class OneArg extends HpyFunction {

        private static final long serialVersionUID = 1L;

        OneArg(NativeFunction function, PyObject self, long permanentSelf) {
            super(function, self, permanentSelf);
        }

        @Override
        public PyObject __call__(PyObject arg) {
            NativeFunction called = function;
            InterpreterContext context = called.context;
            HpyCallable outer = context.enter(called.callee);
            long selfHandle = Handles.NULL;
            long handle = Handles.NULL;
            boolean intact;
            PyObject value;
            try {
                selfHandle = openSelf(context);
                handle = context.argument(called.callee, arg);
                value = context.complete(
                        called.callee, DownCalls.o(context.address(), called.impl, selfHandle, handle));
            } finally {
                intact = context.releaseArgument(handle);
                intact = closeSelf(context, selfHandle) && intact;
                context.leave(outer);
            }
            context.checkArguments(called.callee, intact);
            return value;
        }

        @Override
        public PyObject __call__(PyObject[] args, String[] keywords) {
            if (keywords.length > 0) {
                throw function.noKeywords();
            }
            if (args.length != 1) {
                throw function.argumentCount("exactly one argument", args.length);
            }
            return __call__(args[0]);
        }
    }

    /** One that takes any number of arguments, with keywords or without. */
    static final class ManyArgs extends HpyFunction {

        private static final long serialVersionUID = 1L;

        ManyArgs(NativeFunction function, PyObject self, long permanentSelf) {
            super(function, self, permanentSelf);
        }

        @Override
        public PyObject __call__() {
            return call(0, null, null, null, null);
        }

        @Override
        public PyObject __call__(PyObject a) {
            return call(1, a, null, null, null);
        }

        @Override
        public PyObject __call__(PyObject a, PyObject b) {
            return call(2, a, b, null, null);
        }

        @Override
        public PyObject __call__(PyObject a, PyObject b, PyObject c) {
            return call(3, a, b, c, null);
        }

        @Override
        public PyObject __call__(PyObject a, PyObject b, PyObject c, PyObject d) {
            return call(4, a, b, c, d);
        }

        /** With the first {@code count} of the arguments. */
        private PyObject call(int count, PyObject a, PyObject b, PyObject c, PyObject d) {
            NativeFunction called = function;
            InterpreterContext context = called.context;
            HpyCallable outer = context.enter(called.callee);
            Arguments arguments = context.arguments();
            int begin = arguments.begin();
            long selfHandle = Handles.NULL;
            boolean intact;
            PyObject value;
            try {
                arguments = arguments.room(count);
                begin = arguments.begin();
                selfHandle = openSelf(context);
                if (count > 0) {
                    arguments.push(context.argument(called.callee, a));
                }
                if (count > 1) {
                    arguments.push(context.argument(called.callee, b));
                }
                if (count > 2) {
                    arguments.push(context.argument(called.callee, c));
                }
                if (count > 3) {
                    arguments.push(context.argument(called.callee, d));
                }
                value = context.complete(
                        called.callee, downCall(selfHandle, arguments.address(begin), count, Handles.NULL));
            } finally {
                intact = arguments.end(begin);
                intact = closeSelf(context, selfHandle) && intact;
                context.leave(outer);
            }
            context.checkArguments(called.callee, intact);
            return value;
        }

        @Override
        public PyObject __call__(PyObject[] args, String[] keywords) {
            NativeFunction called = function;
            if (keywords.length > 0 && !called.takesKeywords()) {
                throw called.noKeywords();
            }
            InterpreterContext context = called.context;
            HpyCallable outer = context.enter(called.callee);
            Arguments arguments = context.arguments();
            int begin = arguments.begin();
            long selfHandle = Handles.NULL;
            long names = Handles.NULL;
            boolean intact;
            PyObject value;
            try {
                arguments = arguments.room(args.length);
                begin = arguments.begin();
                selfHandle = openSelf(context);
                for (PyObject arg : args) {
                    arguments.push(context.argument(called.callee, arg));
                }
                names = context.keywordNames(keywords);
                value = context.complete(
                        called.callee,
                        downCall(selfHandle, arguments.address(begin), args.length - keywords.length, names));
            } finally {
                intact = arguments.end(begin);
                intact = context.releaseNames(names) && intact;
                intact = closeSelf(context, selfHandle) && intact;
                context.leave(outer);
            }
            context.checkArguments(called.callee, intact);
            return value;
        }

        private long downCall(long selfHandle, long arguments, int positional, long names) {
            long address = function.context.address();
            return function.takesKeywords()
                    ? DownCalls.keywords(address, function.impl, selfHandle, arguments, positional, names)
                    : DownCalls.varargs(address, function.impl, selfHandle, arguments, positional);
        }
    }
}
