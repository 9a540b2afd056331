package org.hpyve.bridge;

/** Whether an interpreter gets an image of an extension of its own. */
public enum Sharing {
    /** A private image, unless the extension exports {@link Image#SHARE_SYMBOL}. */
    AS_MARKED,
    /** A private image, whatever the extension exports. */
    PRIVATE,
    /** The one image that serves all interpreters that ask for it. */
    SHARED
}
