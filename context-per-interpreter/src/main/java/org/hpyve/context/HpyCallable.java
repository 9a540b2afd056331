package org.hpyve.context;

import java.util.function.Supplier;

/** A function of an extension that Python can call; names itself in errors, and says whose it is. */
interface HpyCallable {

    /** Module or type and name, such as {@code mymodule.add}. */
    String qualifiedName();

    /** The number of the module that it belongs to, see {@link Openers}. */
    int module();

    /** One that Python does not see. */
    static HpyCallable of(int module, Supplier<String> qualifiedName) {
        return new HpyCallable() {
            @Override
            public String qualifiedName() {
                return qualifiedName.get();
            }

            @Override
            public int module() {
                return module;
            }
        };
    }
}
