package org.hpyve.host.cli;

import org.hpyve.bridge.BridgeMode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options by which a command says how extensions reach their interpreter; a picocli mixin. */
public final class HpyOptions {

    enum HpyMode {
        universal,
        debug,
        trace
    }

    private static final class BridgeConverter implements ITypeConverter<BridgeMode> {

        @Override
        public BridgeMode convert(String text) {
            try {
                return BridgeMode.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--hpy-mode",
            defaultValue = "universal",
            description = "${COMPLETION-CANDIDATES}; this version has universal only.")
    private HpyMode hpyMode;

    /** Null if it is not given. */
    @Option(
            names = "--bridge",
            paramLabel = "MODE",
            converter = BridgeConverter.class,
            description = {
                "How extensions reach Java: batched or eager, and jni or ffm, such as 'eager,jni'",
                "(default: what the system property " + BridgeMode.PROPERTY + " says, or batched)."
            })
    private BridgeMode bridge;

    /** HPy's mode, as the option is written. */
    public String hpyMode() {
        return hpyMode.name();
    }

    /** How extensions reach Java, resolved for this Java; to be called after {@link #check}. */
    public BridgeMode bridge() {
        return (bridge == null ? BridgeMode.byDefault() : bridge).resolved();
    }

    /** ParameterException for what this version, or this Java, has not. */
    public void check() {
        if (hpyMode != HpyMode.universal) {
            throw new ParameterException(spec.commandLine(), "this version has --hpy-mode universal only");
        }
        try {
            bridge();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
