package org.hpyve.tests.conformance;

import org.hpyve.host.cli.CommandProvider;

/** Adds {@code hpyve conformance}. */
public final class ConformanceProvider implements CommandProvider {

    @Override
    public Object command() {
        return new ConformanceCommand();
    }
}
