package org.hpyve.host.script;

import java.util.List;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineFactory;

/** Makes script engines, each with an interpreter of its own. Made by the JDK. */
public final class HpyveScriptEngineFactory implements ScriptEngineFactory {

    private static final String VERSION = "0.1.0";

    /** Not {@code python} or {@code jython}, which are those of Jython's own engine. */
    private static final List<String> NAMES = List.of("hpyve", "hpyve-python");

    @Override
    public String getEngineName() {
        return "Hpyve";
    }

    @Override
    public String getEngineVersion() {
        return VERSION;
    }

    /** None: a {@code .py} file may be meant for another engine. */
    @Override
    public List<String> getExtensions() {
        return List.of();
    }

    @Override
    public List<String> getMimeTypes() {
        return List.of();
    }

    @Override
    public List<String> getNames() {
        return NAMES;
    }

    @Override
    public String getLanguageName() {
        return "python";
    }

    @Override
    public String getLanguageVersion() {
        return "2.7";
    }

    @Override
    public Object getParameter(String key) {
        return switch (key) {
            case ScriptEngine.ENGINE -> getEngineName();
            case ScriptEngine.ENGINE_VERSION -> getEngineVersion();
            case ScriptEngine.LANGUAGE -> getLanguageName();
            case ScriptEngine.LANGUAGE_VERSION -> getLanguageVersion();
            case ScriptEngine.NAME -> NAMES.get(0);
            // Any thread may use an engine, but what one thread does another sees.
            case "THREADING" -> "MULTITHREADED";
            default -> null;
        };
    }

    @Override
    public String getMethodCallSyntax(String object, String method, String... arguments) {
        return object + "." + method + "(" + String.join(", ", arguments) + ")";
    }

    @Override
    public String getOutputStatement(String text) {
        return "print " + literal(text);
    }

    private static String literal(String text) {
        StringBuilder literal = new StringBuilder("u'");
        text.codePoints().forEach(c -> {
            if (c >= ' ' && c < 0x7f && c != '\'' && c != '\\') {
                literal.append((char) c);
            } else {
                literal.append("\\U%08x".formatted(c));
            }
        });
        return literal.append('\'').toString();
    }

    @Override
    public String getProgram(String... statements) {
        return String.join("\n", statements) + "\n";
    }

    @Override
    public ScriptEngine getScriptEngine() {
        return new HpyveScriptEngine(this);
    }
}
