package org.hpyve.context;

import org.hpyve.bridge.upcall.ImportUpcalls;
import org.python.core.Py;
import org.python.core.PyTuple;
import org.python.core.__builtin__;

/** Imports. */
final class ImportApi extends Api implements ImportUpcalls {

    ImportApi(InterpreterContext context) {
        super(context);
    }

    /**
     * The module itself, also for a dotted name: something is asked for that every module has, so that no submodule is
     * imported with it.
     */
    @Override
    public long Import_ImportModule(String utf8_name) {
        return handle(
                __builtin__.__import__(attributeName(utf8_name), null, null, new PyTuple(Py.newString("__name__")), 0));
    }
}
