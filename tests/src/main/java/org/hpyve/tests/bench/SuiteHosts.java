package org.hpyve.tests.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The commands of the hosts that the suite compares: this program on one Java or several, and a peer. */
final class SuiteHosts {

    /** Homes of more Javas, separated as a class path is. */
    static final String JAVAS = "HPYVE_BENCH_JAVA";

    /** The command of another Python that has HPy. */
    static final String PEER = "HPYVE_PEER";

    private SuiteHosts() {}

    /**
     * How to run a script with this program: on the running Java first, then on those of the environment.
     *
     * @param bridges what to give to {@code --bridge}, one host for each; none means the default
     */
    static List<List<String>> ours(Map<String, String> environment, List<String> bridges) throws IOException {
        List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        for (String home : environment.getOrDefault(JAVAS, "").split(java.io.File.pathSeparator)) {
            if (!home.isEmpty()) {
                homes.add(Path.of(home));
            }
        }
        List<List<String>> all = new ArrayList<>();
        for (Path home : homes) {
            if (bridges.isEmpty()) {
                all.add(ours(home, List.of()));
            }
            for (String bridge : bridges) {
                all.add(ours(home, List.of("--bridge", bridge)));
            }
        }
        return all;
    }

    private static List<String> ours(Path home, List<String> options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/java").toString());
        command.addAll(jvmOptions(home));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.hpyve.host.cli.Main", "run"));
        command.addAll(options);
        return command;
    }

    /** What the launcher gives to such a Java. */
    private static List<String> jvmOptions(Path home) throws IOException {
        Properties release = new Properties();
        Path file = home.resolve("release");
        if (!Files.isRegularFile(file)) {
            throw new IOException("no Java: " + home);
        }
        try (InputStream stream = Files.newInputStream(file)) {
            release.load(stream);
        }
        int feature = Runtime.Version.parse(release.getProperty("JAVA_VERSION").replace("\"", ""))
                .feature();
        List<String> options = new ArrayList<>();
        if (feature >= 22) {
            options.add("--enable-native-access=ALL-UNNAMED");
        }
        if (feature >= 23) {
            options.add("--sun-misc-unsafe-memory-access=allow");
        }
        if (feature < 18) {
            options.add("-Dfile.encoding=UTF-8");
        }
        return options;
    }

    /** The peer's command, or an empty list if the environment names none; fails if it has no HPy. */
    static List<String> peer(Map<String, String> environment) throws IOException, InterruptedException {
        String peer = environment.getOrDefault(PEER, "").strip();
        if (peer.isEmpty()) {
            return List.of();
        }
        List<String> command = List.of(peer.split("\\s+"));
        List<String> check = new ArrayList<>(command);
        check.addAll(List.of("-c", "import hpy.universal"));
        Process process = new ProcessBuilder(check).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException("%s=\"%s\" cannot import hpy.universal; is PYTHONPATH set? It says: %s"
                    .formatted(PEER, peer, said.substring(said.lastIndexOf('\n') + 1)));
        }
        return command;
    }
}
