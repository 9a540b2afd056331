package org.hpyve.examples.serve;

import org.hpyve.host.cli.CommandProvider;

/** Adds {@code hpyve serve}. */
public final class ServeProvider implements CommandProvider {

    @Override
    public Object command() {
        return new ServeCommand();
    }
}
