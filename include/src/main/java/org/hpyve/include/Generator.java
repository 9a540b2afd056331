package org.hpyve.include;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes the generated files of a room. Run by the build:
 *
 * <pre>
 * Generator headers SPEC OUT               the headers of extensions
 * Generator bridge SPEC LAYOUT C_OUT JAVA_OUT  the mechanical half of jni-bridge
 * </pre>
 */
public final class Generator {

    private Generator() {}

    /** Entry point of the build; see the class comment for its arguments. */
    public static void main(String[] args) throws IOException {
        ApiList api = ApiList.read(Path.of(args[1]));
        switch (args[0]) {
            case "headers" -> write(Path.of(args[2]), new HeaderGenerator(api).files());
            case "bridge" -> {
                LayoutGenerator layout = new LayoutGenerator(Path.of(args[2]));
                Path c = Path.of(args[3]);
                Path java = Path.of(args[4]);
                write(c, new UpcallGenerator(api).cFiles());
                write(java, new UpcallGenerator(api).javaFiles());
                write(c, new DownCallGenerator(api).cFiles());
                write(java, new DownCallGenerator(api).javaFiles());
                write(c, new MemberGenerator(api).cFiles());
                write(java, new MemberGenerator(api).javaFiles());
                write(c, layout.cFiles());
                write(java, layout.javaFiles());
            }
            default -> throw new IllegalArgumentException("unknown output: " + args[0]);
        }
    }

    /** Writes only what changed, so that nothing is compiled again without need. */
    private static void write(Path directory, Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = directory.resolve(file.getKey());
            if (!Files.exists(path) || !Files.readString(path).equals(file.getValue())) {
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
        }
    }
}
