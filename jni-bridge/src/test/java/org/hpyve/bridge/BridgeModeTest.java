package org.hpyve.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.hpyve.bridge.BridgeMode.Binding;
import org.hpyve.bridge.BridgeMode.Crossing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BridgeModeTest {

    private final String property = System.getProperty(BridgeMode.PROPERTY);

    @AfterEach
    void restoreProperty() {
        setProperty(property);
    }

    private static void setProperty(String value) {
        if (value == null) {
            System.clearProperty(BridgeMode.PROPERTY);
        } else {
            System.setProperty(BridgeMode.PROPERTY, value);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "eager         | EAGER   | AUTO",
                "batched       | BATCHED | AUTO",
                "jni           | BATCHED | JNI",
                "ffm           | BATCHED | FFM",
                "auto          | BATCHED | AUTO",
                "eager,jni     | EAGER   | JNI",
                "jni,eager     | EAGER   | JNI",
                "batched , ffm | BATCHED | FFM",
                "Eager,FFM     | EAGER   | FFM",
            })
    void aModeIsWrittenAsWordsInAnyOrder(String text, Crossing crossing, Binding binding) {
        assertThat(BridgeMode.parse(text)).isEqualTo(new BridgeMode(crossing, binding));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none", "eager,", "eager jni", "eager,panama"})
    void aWordThatIsNotKnownIsRefusedWithThoseThatAre(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BridgeMode.parse(text))
                .withMessageContainingAll("batched, eager", "auto, jni, ffm");
    }

    @ParameterizedTest
    @ValueSource(strings = {"eager,batched", "eager,eager", "jni,eager,ffm"})
    void twoWordsOfAKindAreRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BridgeMode.parse(text))
                .withMessageContaining("only one of");
    }

    @Test
    void whatIsWrittenCanBeRead() {
        for (Crossing crossing : Crossing.values()) {
            for (Binding binding : Binding.values()) {
                BridgeMode mode = new BridgeMode(crossing, binding);
                assertThat(BridgeMode.parse(mode.toString())).isEqualTo(mode);
            }
        }
    }

    @Test
    void aResolvedModeNamesItsBindingAndStaysAsItIs() {
        BridgeMode resolved = BridgeMode.parse("eager").resolved();

        assertThat(resolved.crossing()).isEqualTo(Crossing.EAGER);
        assertThat(resolved.binding()).isNotEqualTo(Binding.AUTO);
        assertThat(resolved.resolved()).isEqualTo(resolved);
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21)
    void foreignFunctionsAreRefusedOnAJavaThatHasThemNot() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BridgeMode.parse("ffm").resolved())
                .withMessageContainingAll("ffm", "Java 22");
    }

    @Test
    void theSystemPropertyIsTheDefault() {
        setProperty(null);
        assertThat(BridgeMode.byDefault()).isEqualTo(BridgeMode.DEFAULT);

        setProperty("eager,jni");
        assertThat(BridgeMode.byDefault()).isEqualTo(new BridgeMode(Crossing.EAGER, Binding.JNI));

        setProperty("slow");
        assertThatIllegalArgumentException()
                .isThrownBy(BridgeMode::byDefault)
                .withMessageContainingAll("hpyve.bridge", "slow");
    }
}
