package org.hpyve.tests.bench;

import org.hpyve.host.cli.CommandProvider;

/** Adds {@code hpyve bench}. */
public final class BenchProvider implements CommandProvider {

    @Override
    public Object command() {
        return new BenchCommand();
    }
}
