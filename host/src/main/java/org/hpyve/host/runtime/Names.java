package org.hpyve.host.runtime;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.python.core.PyObject;
import org.python.core.PyUnicode;

/** Names of variables: text in Java, and in Python 2.7 bytes, here of UTF-8. Jython has each byte as a char. */
final class Names {

    private Names() {}

    /** For Jython, interned. */
    static String toPython(String name) {
        return isAscii(name)
                ? name.intern()
                : new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1).intern();
    }

    /** The same for a name that is a Python object. */
    static String toPython(PyObject name) {
        return name instanceof PyUnicode text
                ? toPython(text.getString())
                : name.toString().intern();
    }

    /** The text of a name; one that is no UTF-8 stays as it is. */
    static String toJava(String name) {
        if (isAscii(name)) {
            return name;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return name;
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
