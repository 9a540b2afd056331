package org.hpyve.host;

/** How far interpreters of one process are kept apart. Extensions have private images and own contexts at both levels. */
public enum Isolation {

    /**
     * All interpreters use one copy of Jython's classes; every place where stock Jython shares state between them is
     * closed. An interpreter takes milliseconds and less than a megabyte.
     */
    SHARED_RUNTIME,

    /**
     * Each interpreter has its own copy of Jython's classes, in a class loader of its own, which goes with it. An
     * interpreter takes about a second and tens of megabytes.
     */
    OWN_RUNTIME
}
