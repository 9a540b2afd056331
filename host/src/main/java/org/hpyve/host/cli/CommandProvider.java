package org.hpyve.host.cli;

/** Adds a command to the command line. */
public interface CommandProvider {

    /** An object with picocli's annotations; its exit code is the program's. */
    Object command();
}
