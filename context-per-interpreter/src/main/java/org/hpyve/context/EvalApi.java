package org.hpyve.context;

import org.hpyve.bridge.upcall.EvalUpcalls;
import org.python.core.AbstractDict;
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
        CompilerFlags flags = CompilerFlags.getCompilerFlags();
        // As in Python 2: the bytes of a literal are those of the source. In plain ASCII a declaration may stay in it.
        flags.source_is_utf8 = !utf8_source.chars().allMatch(c -> c < 0x80);
        return handle(Py.compile_flags(utf8_source, utf8_filename, KINDS[kind], flags));
    }

    @Override
    public long EvalCode(long code, long globals, long locals) {
        PyObject object = object(code);
        if (!(object instanceof PyCode pyCode)) {
            throw badArgument("HPy_EvalCode", object);
        }
        PyObject global = object(globals);
        if (!(global instanceof AbstractDict)) {
            throw badArgument("HPy_EvalCode", global);
        }
        PyObject local = objectOrNull(locals);
        return handle(Py.runCode(pyCode, local == null ? global : local, global));
    }
}
