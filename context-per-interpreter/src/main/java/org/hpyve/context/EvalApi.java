package org.hpyve.context;

import org.hpyve.bridge.upcall.EvalUpcalls;
import org.python.core.CompileMode;
import org.python.core.CompilerFlags;
import org.python.core.Py;
import org.python.core.PyCode;
import org.python.core.PyObject;

/** Compiling and running Python source. */
final class EvalApi extends Api implements EvalUpcalls {

    private static final CompileMode[] KINDS = {CompileMode.eval, CompileMode.exec, CompileMode.single};

    EvalApi(InterpreterContext context) {
        super(context);
    }

    @Override
    public long Compile_s(String utf8_source, String utf8_filename, int kind) {
        if (kind < 0 || kind >= KINDS.length) {
            throw Py.SystemError("invalid source kind");
        }
        return handle(Py.compile_flags(utf8_source, utf8_filename, KINDS[kind], CompilerFlags.getCompilerFlags()));
    }

    @Override
    public long EvalCode(long code, long globals, long locals) {
        PyObject object = object(code);
        if (!(object instanceof PyCode pyCode)) {
            throw badArgument("HPy_EvalCode", object);
        }
        return handle(Py.runCode(pyCode, object(locals), object(globals)));
    }
}
