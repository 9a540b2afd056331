package org.hpyve.context;

import java.util.ArrayList;
import org.hpyve.bridge.upcall.DictUpcalls;
import org.python.core.PyDictionary;
import org.python.core.PyList;
import org.python.core.PyObject;
import org.python.core.PyStringMap;

/** Dicts; the dict of a module, which Jython keeps in another class, is one too. */
final class DictApi extends Api implements DictUpcalls {

    private final ReadAhead readAhead;

    DictApi(InterpreterContext context, ReadAhead readAhead) {
        super(context);
        this.readAhead = readAhead;
    }

    @Override
    public long Dict_New() {
        return handle(new PyDictionary());
    }

    /** The keys themselves, whatever a subclass says of them. */
    @Override
    public long Dict_Keys(long h) {
        PyObject dict = dict(h, "HPyDict_Keys");
        return handle(dict instanceof PyDictionary pyDictionary ? keys(pyDictionary) : ((PyStringMap) dict).keys());
    }

    private static PyList keys(PyDictionary dict) {
        return PyList.fromList(new ArrayList<>(dict.getMap().keySet()));
    }

    @Override
    public long Read_Keys(long dict, long n, long block, long counts) {
        return handle(readAhead.fillKeys((PyDictionary) object(dict), (int) n, block, counts));
    }

    @Override
    public long Dict_Copy(long h) {
        PyDictionary copy = new PyDictionary();
        copy.update(dict(h, "HPyDict_Copy"));
        return handle(copy);
    }

    private PyObject dict(long h, String function) {
        PyObject object = object(h);
        if (object instanceof PyDictionary || object instanceof PyStringMap) {
            return object;
        }
        throw badArgument(function, object);
    }
}
