package org.hpyve.host.runtime;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.python.core.CompileMode;
import org.python.core.Py;
import org.python.core.PyCode;

/**
 * Source text as code. Programs give the same short texts again and again, such as the name of a function to call, and to
 * compile one takes a thousand times as long as to run it; so the last ones are kept. Used by the interpreter's thread only.
 */
final class CompiledSources {

    private static final int MOST = 64;

    /** Longer texts, in characters, are seldom given twice. */
    private static final int LONGEST = 1_000;

    /** By text, name and mode. No record as the key: the JDK keeps the class of what one is asked to compare. */
    private final Map<List<Object>, PyCode> recent = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Object>, PyCode> eldest) {
            return size() > MOST;
        }
    };

    /** Python's SyntaxError for what is none. */
    PyCode code(String text, String fileName, CompileMode mode) {
        if (text.length() > LONGEST) {
            return compile(text, fileName, mode);
        }
        List<Object> source = List.of(text, fileName, mode);
        PyCode code = recent.get(source);
        if (code == null) {
            code = compile(text, fileName, mode);
            recent.put(source, code);
        }
        return code;
    }

    void clear() {
        recent.clear();
    }

    private static PyCode compile(String text, String fileName, CompileMode mode) {
        String source = Sources.of(text);
        return Py.compile_flags(source, fileName, mode, Sources.flags(source));
    }
}
