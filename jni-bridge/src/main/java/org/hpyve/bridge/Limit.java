package org.hpyve.bridge;

/** Of what an interpreter may have only so much. */
public enum Limit {
    /** Table handles that are open at once. */
    OPEN_HANDLES,
    /** Native memory that is held for objects, texts, work areas and the handle table, in bytes. */
    NATIVE_BYTES
}
