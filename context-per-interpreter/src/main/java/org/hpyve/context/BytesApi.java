package org.hpyve.context;

import java.nio.charset.StandardCharsets;
import org.hpyve.bridge.upcall.BytesUpcalls;
import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyUnicode;

/** HPy's bytes, which are Python 2.7's str: a string of characters 0 to 255. */
final class BytesApi extends Api implements BytesUpcalls {

    BytesApi(InterpreterContext context) {
        super(context);
    }

    @Override
    public long Bytes_FromBytes(byte[] bytes) {
        return handle(new PyString(new String(bytes, StandardCharsets.ISO_8859_1)));
    }

    @Override
    public int Bytes_Content(long h) {
        context.textAsked(h);
        context.bridge().keepContent(h, bytes(object(h)).getString().getBytes(StandardCharsets.ISO_8859_1));
        return 0;
    }

    @Override
    public long Bytes_Size(long h) {
        return bytes(object(h)).getString().length();
    }

    private static PyString bytes(PyObject object) {
        if (object instanceof PyString pyString && !(object instanceof PyUnicode)) {
            return pyString;
        }
        throw Py.TypeError("expected bytes, " + typeName(object) + " found");
    }
}
