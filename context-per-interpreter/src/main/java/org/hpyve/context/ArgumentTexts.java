package org.hpyve.context;

import java.nio.charset.StandardCharsets;
import org.hpyve.bridge.HandleTable;
import org.hpyve.bridge.NativeContext;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyUnicode;

/**
 * Texts that go along with a call. A function that has asked for the bytes of an argument mostly asks the next time,
 * too: it gets them with the handle, and does not cross. One that has not asked for long has to cross again.
 *
 * <p>Owned by an interpreter's context; used by the thread that runs it.
 */
final class ArgumentTexts {

    /** Calls for which one that asked speaks. */
    private static final int CALLS = 64;

    /** A longer one is worth a crossing. */
    private static final int MAX_LENGTH = 1 << 16;

    private final HandleTable table;
    private final NativeContext bridge;

    ArgumentTexts(NativeContext bridge) {
        this.table = bridge.table();
        this.bridge = bridge;
    }

    /** A function has crossed for the bytes of a text. */
    void asked(HpyCallable callee, long handle) {
        if (bridge.mode().batched() && table.isArgument(handle)) {
            callee.expectTexts(CALLS);
        }
    }

    /** Brings the bytes of an argument that is an exact text or str. */
    void bring(HpyCallable callee, long handle, PyObject object) {
        Class<?> cls = object.getClass();
        boolean unicode = cls == PyUnicode.class;
        if (!unicode && cls != PyString.class) {
            return;
        }
        String text = ((PyString) object).getString();
        if (text.length() <= MAX_LENGTH && table.isArgument(handle)) {
            callee.expectTexts(callee.textsExpected() - 1);
            bridge.bringContent(handle, text.getBytes(unicode ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1));
        }
    }
}
