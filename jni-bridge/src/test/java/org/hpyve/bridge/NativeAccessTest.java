package org.hpyve.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A Java that keeps everybody from native code: Hpyve cannot run there, and says what it wants. */
class NativeAccessTest {

    /** What the other Java runs. */
    static final class Load {

        private Load() {}

        public static void main(String[] args) throws Exception {
            Class.forName("org.hpyve.bridge.NativeContext");
        }
    }

    @Test
    void aJavaWithoutNativeAccessIsToldWhichOptionIsMissing() throws Exception {
        // Older ones have no such option.
        assumeThat(Runtime.version().feature()).isGreaterThanOrEqualTo(24);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java,
                        "--illegal-native-access=deny",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Load.class.getName())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isNotZero();
        assertThat(output).contains("UnsatisfiedLinkError").contains("--enable-native-access=ALL-UNNAMED");
        assertThat(output).doesNotContain("ExceptionInInitializerError");
    }
}
