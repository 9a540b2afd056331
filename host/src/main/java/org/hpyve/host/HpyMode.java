package org.hpyve.host;

/** How the HPy context of an interpreter treats extensions. */
public enum HpyMode {

    /** As fast as it can. */
    UNIVERSAL,

    /** With checks of how handles are used. Not in this version. */
    DEBUG,

    /** With a record of the calls. Not in this version. */
    TRACE
}
