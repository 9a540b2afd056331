package org.hpyve.tests.differential;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.hpyve.bridge.BridgeMode;

/**
 * A machine for each kind of bridge that this Java has; new ones after a number of programs.
 *
 * <p>The program that runs is in a file that is left if the JVM crashes.
 */
final class Machines implements AutoCloseable {

    private static final int PROGRAMS_OF_A_MACHINE = 20_000;

    /** Also beside the classes of the tests, where the next build does not look. */
    private static final Path CURRENT = Path.of("target", "differential-program.txt");

    private static final int LONGEST = 1 << 12;

    private final Path folder;
    private final MappedByteBuffer current;
    private final List<Machine> machines = new ArrayList<>();
    private int programs;

    Machines(Path folder) throws IOException {
        this.folder = folder;
        try (RandomAccessFile file = new RandomAccessFile(CURRENT.toFile(), "rw")) {
            current = file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, LONGEST);
        }
        open();
    }

    private void open() {
        modes().forEach(mode -> machines.add(new Machine(mode, folder)));
    }

    private static List<BridgeMode> modes() {
        Stream<String> modes = Runtime.version().feature() < 22
                ? Stream.of("eager,jni", "batched,jni")
                : Stream.of("eager,jni", "batched,jni", "eager,ffm", "batched,ffm");
        return modes.map(mode -> BridgeMode.parse(mode).resolved()).distinct().toList();
    }

    /** AssertionError if not all machines show the same, or if one keeps something. */
    void compare(Program program) {
        if (++programs % PROGRAMS_OF_A_MACHINE == 0) {
            closeMachines();
            open();
        }
        Map<BridgeMode, String> transcripts = transcripts(program);
        BridgeMode reference = machines.get(0).mode();
        transcripts.forEach((mode, text) -> {
            if (!text.equals(transcripts.get(reference))) {
                throw new AssertionError("%s shows\n%s\n\nand %s shows\n%s"
                        .formatted(reference, transcripts.get(reference), mode, text));
            }
        });
    }

    /** What each machine shows. */
    Map<BridgeMode, String> transcripts(Program program) {
        announce(program);
        List<Machine.Run> runs =
                machines.stream().map(machine -> machine.start(program)).toList();
        Map<BridgeMode, String> transcripts = new LinkedHashMap<>();
        for (int i = 0; i < runs.size(); i++) {
            transcripts.put(machines.get(i).mode(), runs.get(i).transcript());
        }
        return transcripts;
    }

    private void announce(Program program) {
        byte[] text = (program.hex() + "\n").getBytes(StandardCharsets.US_ASCII);
        current.put(0, text).put(text.length, new byte[current.capacity() - text.length]);
    }

    private void closeMachines() {
        machines.forEach(Machine::close);
        machines.clear();
    }

    @Override
    public void close() {
        closeMachines();
        try {
            Files.deleteIfExists(CURRENT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
