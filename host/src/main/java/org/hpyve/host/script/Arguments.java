package org.hpyve.host.script;

import org.hpyve.host.boundary.Lenient;

/** Values that scripts are given. */
final class Arguments {

    private static final Object[] NONE = {};

    private Arguments() {}

    static Object of(Object value) {
        return new Lenient(value);
    }

    /** @param values null for none, as the scripting API has it */
    static Object[] all(Object[] values) {
        if (values == null) {
            return NONE;
        }
        Object[] all = new Object[values.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = of(values[i]);
        }
        return all;
    }
}
