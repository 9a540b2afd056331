package org.hpyve.context;

/** A function of an extension that Python can call; names itself in errors. */
interface HpyCallable {

    /** Module or type and name, such as {@code mymodule.add}. */
    String qualifiedName();
}
