package org.hpyve.host.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options by which a command says how extensions reach their interpreter; a picocli mixin. */
public final class HpyOptions {

    enum HpyMode {
        universal,
        debug,
        trace
    }

    enum Bridge {
        batched,
        eager
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--hpy-mode",
            defaultValue = "universal",
            description = "${COMPLETION-CANDIDATES}; this version has universal only.")
    private HpyMode hpyMode;

    @Option(
            names = "--bridge",
            defaultValue = "eager",
            description = "${COMPLETION-CANDIDATES}; this version has eager only.")
    private Bridge bridge;

    /** HPy's mode, as the option is written. */
    public String hpyMode() {
        return hpyMode.name();
    }

    /** The kind of bridge, as the option is written. */
    public String bridge() {
        return bridge.name();
    }

    /** ParameterException for what this version has not. */
    public void check() {
        if (hpyMode != HpyMode.universal || bridge != Bridge.eager) {
            throw new ParameterException(
                    spec.commandLine(), "this version has --hpy-mode universal and --bridge eager only");
        }
    }
}
