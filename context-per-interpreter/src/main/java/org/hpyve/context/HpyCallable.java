package org.hpyve.context;

import java.util.function.Supplier;

/**
 * Who a function of an extension is, for messages and for the count of handles. One for each function, not for each
 * object that Python calls: whoever remembers it keeps no instance alive.
 */
final class HpyCallable {

    private final int module;
    private final ModuleCalls calls;
    private final Supplier<String> qualifiedName;

    /** In how many calls the bytes of its texts are still likely to be asked for. */
    private int textsExpected;

    private HpyCallable(ModuleCalls calls, Supplier<String> qualifiedName) {
        this.module = calls.number();
        this.calls = calls;
        this.qualifiedName = qualifiedName;
    }

    /**
     * A function.
     *
     * @param module where calls of the module's functions are counted, see {@link Openers}
     * @param qualifiedName module or type and name, such as {@code mymodule.add}; asked for when there is an error
     */
    static HpyCallable of(ModuleCalls module, Supplier<String> qualifiedName) {
        return new HpyCallable(module, qualifiedName);
    }

    /** Module or type and name. */
    String qualifiedName() {
        return qualifiedName.get();
    }

    /** See {@link ArgumentTexts}. */
    int textsExpected() {
        return textsExpected;
    }

    void expectTexts(int calls) {
        textsExpected = calls;
    }

    /** Where its calls are counted. */
    ModuleCalls calls() {
        return calls;
    }

    /** The number of the module that it belongs to. */
    int module() {
        return module;
    }
}
