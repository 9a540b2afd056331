package org.hpyve.context;

import org.hpyve.bridge.DownCalls;
import org.hpyve.bridge.Handles;
import org.python.core.Py;
import org.python.core.PyBuiltinFunction;
import org.python.core.PyException;
import org.python.core.PyObject;

/**
 * A C function of an extension, bound to its module or to an instance: what Python calls.
 *
 * <p>One subclass for each signature. A call opens handles for self and the arguments, makes the one down-call and
 * takes the result's object; the handles that it opened are closed whatever happened.
 */
abstract class HpyFunction extends PyBuiltinFunction implements HpyCallable {

    private static final long serialVersionUID = 1L;

    /**
     * To whom a function belongs.
     *
     * @param name of the module or type, for messages
     * @param module the number of the module
     */
    record Owner(String name, int module) {}

    final transient InterpreterContext context;
    final transient long impl;
    private final transient Owner owner;
    private final PyObject self;
    /** Open as long as the context; {@code HPy_NULL} if one is opened for each call. */
    private final transient long permanentSelf;

    private HpyFunction(
            Definition.Method method, InterpreterContext context, Owner owner, PyObject self, long permanentSelf) {
        super(method.name(), method.doc());
        this.context = context;
        this.impl = method.impl();
        this.owner = owner;
        this.self = self;
        this.permanentSelf = permanentSelf;
    }

    /**
     * Binds a method.
     *
     * @param permanentSelf a permanent handle of self, or {@code HPy_NULL}
     */
    static HpyFunction of(
            Definition.Method method, InterpreterContext context, Owner owner, PyObject self, long permanentSelf) {
        return switch (method.signature()) {
            case DownCalls.NOARGS -> new NoArgs(method, context, owner, self, permanentSelf);
            case DownCalls.O -> new OneArg(method, context, owner, self, permanentSelf);
            case DownCalls.VARARGS -> new VarArgs(method, context, owner, self, permanentSelf);
            case DownCalls.KEYWORDS -> new Keywords(method, context, owner, self, permanentSelf);
            default -> throw Py.ValueError("Unsupported HPyMeth signature");
        };
    }

    @Override
    public String qualifiedName() {
        return owner.name() + "." + info.getName();
    }

    @Override
    public int module() {
        return owner.module();
    }

    @Override
    public PyObject getModule() {
        return Py.newStringOrUnicode(owner.name());
    }

    @Override
    public PyObject getSelf() {
        return self;
    }

    final long address() {
        return context.bridge().address();
    }

    final long openSelf() {
        return permanentSelf != Handles.NULL ? permanentSelf : context.handle(self);
    }

    final void closeSelf(long handle) {
        if (handle != permanentSelf) {
            context.close(handle);
        }
    }

    final PyException argumentCount(String takes, int given) {
        return Py.TypeError("%s() takes %s (%d given)".formatted(info.getName(), takes, given));
    }

    final PyException noKeywords() {
        return Py.TypeError(info.getName() + "() takes no keyword arguments");
    }

    private static final class NoArgs extends HpyFunction {

        private static final long serialVersionUID = 1L;

        NoArgs(Definition.Method method, InterpreterContext context, Owner owner, PyObject self, long permanentSelf) {
            super(method, context, owner, self, permanentSelf);
        }

        @Override
        public PyObject __call__() {
            HpyCallable outer = context.enter(this);
            long selfHandle = Handles.NULL;
            try {
                selfHandle = openSelf();
                long result = DownCalls.noargs(address(), impl, selfHandle);
                PyObject value = context.complete(this, result);
                context.checkArguments(this, context.isOpen(selfHandle));
                return value;
            } finally {
                closeSelf(selfHandle);
                context.leave(outer);
            }
        }

        @Override
        public PyObject __call__(PyObject[] args, String[] keywords) {
            if (keywords.length > 0) {
                throw noKeywords();
            }
            if (args.length > 0) {
                throw argumentCount("no arguments", args.length);
            }
            return __call__();
        }
    }

    private static final class OneArg extends HpyFunction {

        private static final long serialVersionUID = 1L;

        OneArg(Definition.Method method, InterpreterContext context, Owner owner, PyObject self, long permanentSelf) {
            super(method, context, owner, self, permanentSelf);
        }

        @Override
        public PyObject __call__(PyObject arg) {
            HpyCallable outer = context.enter(this);
            long selfHandle = Handles.NULL;
            long handle = Handles.NULL;
            try {
                selfHandle = openSelf();
                handle = context.handle(arg);
                long result = DownCalls.o(address(), impl, selfHandle, handle);
                PyObject value = context.complete(this, result);
                context.checkArguments(this, context.isOpen(selfHandle) && context.isOpen(handle));
                return value;
            } finally {
                context.close(handle);
                closeSelf(selfHandle);
                context.leave(outer);
            }
        }

        @Override
        public PyObject __call__(PyObject[] args, String[] keywords) {
            if (keywords.length > 0) {
                throw noKeywords();
            }
            if (args.length != 1) {
                throw argumentCount("exactly one argument", args.length);
            }
            return __call__(args[0]);
        }
    }

    private static final class VarArgs extends HpyFunction {

        private static final long serialVersionUID = 1L;

        VarArgs(Definition.Method method, InterpreterContext context, Owner owner, PyObject self, long permanentSelf) {
            super(method, context, owner, self, permanentSelf);
        }

        @Override
        public PyObject __call__(PyObject[] args, String[] keywords) {
            if (keywords.length > 0) {
                throw noKeywords();
            }
            HpyCallable outer = context.enter(this);
            long selfHandle = Handles.NULL;
            long[] handles = new long[args.length];
            try {
                selfHandle = openSelf();
                context.handles(args, handles);
                long result = DownCalls.varargs(address(), impl, selfHandle, handles, args.length);
                PyObject value = context.complete(this, result);
                context.checkArguments(this, context.isOpen(selfHandle) && context.areOpen(handles));
                return value;
            } finally {
                context.close(handles);
                closeSelf(selfHandle);
                context.leave(outer);
            }
        }
    }

    private static final class Keywords extends HpyFunction {

        private static final long serialVersionUID = 1L;

        Keywords(Definition.Method method, InterpreterContext context, Owner owner, PyObject self, long permanentSelf) {
            super(method, context, owner, self, permanentSelf);
        }

        @Override
        public PyObject __call__(PyObject[] args, String[] keywords) {
            HpyCallable outer = context.enter(this);
            long selfHandle = Handles.NULL;
            long names = Handles.NULL;
            long[] handles = new long[args.length];
            try {
                selfHandle = openSelf();
                context.handles(args, handles);
                names = context.keywordNames(keywords);
                long result =
                        DownCalls.keywords(address(), impl, selfHandle, handles, args.length - keywords.length, names);
                PyObject value = context.complete(this, result);
                boolean intact = context.isOpen(selfHandle) && context.areOpen(handles) && context.isOpen(names);
                context.checkArguments(this, intact);
                return value;
            } finally {
                context.close(names);
                context.close(handles);
                closeSelf(selfHandle);
                context.leave(outer);
            }
        }
    }
}
