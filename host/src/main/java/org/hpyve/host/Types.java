package org.hpyve.host;

import java.lang.invoke.MethodType;

/** Types that callers ask for. */
final class Types {

    private Types() {}

    /** What was converted to the type; for a primitive one that is an instance of its wrapper. */
    @SuppressWarnings("unchecked")
    static <T> T cast(Class<T> type, Object value) {
        return (T) MethodType.methodType(type).wrap().returnType().cast(value);
    }
}
