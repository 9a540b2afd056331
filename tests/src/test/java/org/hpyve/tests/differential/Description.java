package org.hpyve.tests.differential;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.python.core.Py;
import org.python.core.PyBaseException;
import org.python.core.PyDictionary;
import org.python.core.PyFloat;
import org.python.core.PyInteger;
import org.python.core.PyLong;
import org.python.core.PyObject;
import org.python.core.PySequenceList;
import org.python.core.PyString;
import org.python.core.PyStringMap;
import org.python.core.PyType;

/** An object as text that is the same in each run of a program, whatever the order of dicts. Runs no Python code. */
final class Description {

    private static final int DEEPEST = 6;
    private static final int LONGEST = 60;
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-f]+");

    /** Those that are being described, the innermost first. */
    private final Deque<PyObject> outer = new ArrayDeque<>();

    private Description() {}

    static String of(PyObject object) {
        return new Description().describe(object);
    }

    private String describe(PyObject object) {
        if (object instanceof PyString string) {
            return text(string);
        }
        if (object == Py.None || object instanceof PyInteger || object instanceof PyLong || object instanceof PyFloat) {
            return object.toString();
        }
        if (outer.size() > DEEPEST || outer.stream().anyMatch(each -> each == object)) {
            return "...";
        }
        outer.push(object);
        try {
            return object.getType().fastGetName() + content(object);
        } finally {
            outer.pop();
        }
    }

    private static String text(PyString string) {
        String type = string.getType().fastGetName();
        String text = string.getString().contains("0x")
                ? ADDRESS.matcher(string.getString()).replaceAll("0x")
                : string.getString();
        return text.length() > LONGEST ? type + " of " + text.length() + "#" + text.hashCode() : type + string(text);
    }

    private static String string(String text) {
        StringBuilder escaped = new StringBuilder("'");
        text.chars().forEach(c -> {
            if (c >= ' ' && c < 0x7f) {
                escaped.append((char) c);
            } else {
                escaped.append("\\").append(Integer.toHexString(c));
            }
        });
        return escaped.append('\'').toString();
    }

    private String content(PyObject object) {
        if (object instanceof PySequenceList sequence) {
            return shortened(
                    Arrays.stream(sequence.getArray()).map(this::describe).collect(Collectors.joining(", ", "(", ")")));
        }
        if (object instanceof PyDictionary dictionary) {
            return entries(dictionary.getMap());
        }
        if (object instanceof PyBaseException exception) {
            return describe(exception.args);
        }
        if (object instanceof PyType type) {
            return " " + type.fastGetName();
        }
        if (object.fastGetDict() instanceof PyStringMap attributes) {
            return entries(attributes.getMap());
        }
        return "";
    }

    private String entries(Map<?, PyObject> entries) {
        return shortened(entries.entrySet().stream()
                .map(entry -> key(entry.getKey()) + ": " + describe(entry.getValue()))
                .sorted()
                .collect(Collectors.joining(", ", "{", "}")));
    }

    private String key(Object key) {
        return key instanceof PyObject object ? describe(object) : key.toString();
    }

    private static String shortened(String content) {
        return content.length() > 4000 ? content.substring(0, 1000) + "... #" + content.hashCode() : content;
    }
}
