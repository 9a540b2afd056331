package org.hpyve.host.script;

import javax.script.CompiledScript;
import javax.script.ScriptContext;
import javax.script.ScriptEngine;
import javax.script.ScriptException;
import org.hpyve.host.PythonCode;

/** A script that its engine has compiled. */
final class HpyveCompiledScript extends CompiledScript {

    private final HpyveScriptEngine engine;
    private final PythonCode code;

    HpyveCompiledScript(HpyveScriptEngine engine, PythonCode code) {
        this.engine = engine;
        this.code = code;
    }

    @Override
    public Object eval(ScriptContext context) throws ScriptException {
        return engine.run(code, context);
    }

    @Override
    public ScriptEngine getEngine() {
        return engine;
    }
}
