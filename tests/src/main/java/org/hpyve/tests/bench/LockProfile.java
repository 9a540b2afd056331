package org.hpyve.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;

/**
 * What interpreters that are busy at the same time wait for: the monitors and parks that the JVM's flight recorder sees on
 * their threads.
 */
public final class LockProfile {

    /**
     * One place where threads waited.
     *
     * @param lock the class of the monitor, or of what a thread parked for
     * @param place the innermost method outside of the JDK that waited
     * @param waits how often
     * @param nanos how long in all
     */
    public record Contention(String lock, String place, long waits, long nanos) {

        /** Is the lock this project's, or does its code take it? */
        public boolean ours() {
            return lock.startsWith("org.hpyve.") || place.startsWith("org.hpyve.");
        }
    }

    /**
     * What was seen.
     *
     * @param rounds rounds of the program that all interpreters ran together
     */
    public record Result(List<Contention> contentions, long rounds) {}

    private static final List<String> WAITS = List.of("jdk.JavaMonitorEnter", "jdk.ThreadPark", "jdk.JavaMonitorWait");

    private static final String THREADS = "locks-";

    private LockProfile() {}

    /**
     * Runs a program in several interpreters at once.
     *
     * @param extensions a folder for {@code sys.path}, and for the recording
     * @param prepare done once with each interpreter, before the recording
     * @param program runs again and again until the time is over
     */
    public static Result record(
            int interpreters, Path extensions, Consumer<Interpreter> prepare, String program, Duration time)
            throws IOException, InterruptedException {
        Path file = Files.createTempFile(extensions, "locks-", ".jfr");
        try (InterpreterHost host =
                        InterpreterHost.builder().searchPath(extensions).build();
                Recording recording = new Recording()) {
            for (String event : WAITS) {
                recording.enable(event).withThreshold(Duration.ZERO).withStackTrace();
            }
            List<Interpreter> all = IntStream.range(0, interpreters)
                    .mapToObj(i -> host.newInterpreter(THREADS + i))
                    .toList();
            for (Interpreter python : all) {
                prepare.accept(python);
                python.exec("def program():\n" + program.indent(4));
                // Once more than the first time, when Java classes are loaded.
                python.exec("program()\nprogram()");
            }
            CountDownLatch ready = new CountDownLatch(interpreters);
            recording.start();
            var runs = all.stream()
                    .map(python -> python.submit(self -> {
                        ready.countDown();
                        // Both at once; a spin is no park.
                        while (ready.getCount() > 0) {
                            Thread.onSpinWait();
                        }
                        long end = System.nanoTime() + time.toNanos();
                        long rounds = 0;
                        while (System.nanoTime() < end) {
                            self.exec("program()");
                            rounds++;
                        }
                        return rounds;
                    }))
                    .toList();
            long rounds = runs.stream().mapToLong(run -> run.join()).sum();
            recording.stop();
            recording.dump(file);
            return new Result(contentions(file), rounds);
        } finally {
            Files.delete(file);
        }
    }

    private static List<Contention> contentions(Path file) throws IOException {
        Map<List<String>, Contention> found = new HashMap<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            RecordedThread thread = event.getThread();
            if (thread == null
                    || !WAITS.contains(event.getEventType().getName())
                    || thread.getJavaName() == null
                    || !thread.getJavaName().startsWith("hpyve-" + THREADS)) {
                continue;
            }
            String field = event.getEventType().getName().equals("jdk.ThreadPark") ? "parkedClass" : "monitorClass";
            RecordedClass lock = event.getClass(field);
            String name = lock == null ? "unknown" : lock.getName();
            String place = place(event);
            // An interpreter that has nothing to do waits for its mailbox.
            if (name.equals("org.hpyve.scheduler.Worker") && place.contains("Worker.look")) {
                continue;
            }
            Contention one = new Contention(name, place, 1, event.getDuration().toNanos());
            found.merge(
                    List.of(name, place),
                    one,
                    (a, b) -> new Contention(name, place, a.waits() + b.waits(), a.nanos() + b.nanos()));
        }
        List<Contention> all = new ArrayList<>(found.values());
        all.sort(Comparator.comparingLong(Contention::nanos).reversed());
        return all;
    }

    private static String place(RecordedEvent event) {
        if (event.getStackTrace() == null) {
            return "unknown";
        }
        for (RecordedFrame frame : event.getStackTrace().getFrames()) {
            String type = frame.getMethod().getType().getName();
            if (!type.startsWith("java.") && !type.startsWith("jdk.") && !type.startsWith("sun.")) {
                return type + "." + frame.getMethod().getName();
            }
        }
        return "the JDK";
    }
}
