package org.hpyve.examples.json;

import org.hpyve.host.cli.CommandProvider;

/** Adds {@code hpyve demo}. */
public final class DemoProvider implements CommandProvider {

    @Override
    public Object command() {
        return new DemoCommand();
    }
}
