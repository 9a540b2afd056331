package org.hpyve.tests.conformance;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The command's side of a {@link Worker}. Used by one thread. */
final class WorkerProcess implements AutoCloseable {

    /** How long a JVM may take to start. */
    private static final Duration START = Duration.ofSeconds(60);

    /** The worker has ended, or was killed. */
    static final class Ended extends Exception {

        private static final long serialVersionUID = 1L;

        Ended(String reason) {
            super(reason);
        }
    }

    private final Kit kit;
    private final Path log;
    private final Process process;
    private final BufferedWriter requests;

    /** Empty at the end of the replies. */
    private final BlockingQueue<Optional<Messages.Reply>> replies = new LinkedBlockingQueue<>();

    /** Starts a worker and waits until it reads requests. */
    WorkerProcess(Kit kit, Path suite, String mode, int slots) throws IOException, InterruptedException, Ended {
        this.kit = kit;
        log = kit.newLog();
        List<String> command = kit.java(
                Worker.class,
                "-ea",
                // Most code runs a few times only: what starts fast is faster here.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + kit.folder().resolve("crash-%p.log"));
        command.addAll(List.of(kit.folder().toString(), suite.toString(), mode, Integer.toString(slots)));
        // The pipe becomes descriptor 3; 1 and 2 belong to what runs in the worker.
        command.addAll(0, List.of("/bin/sh", "-c", "ulimit -c 0; exec \"$@\" 3>&1 >\"$0\" 2>&1", log.toString()));
        process = kit.start(command);
        requests = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "replies");
        reader.setDaemon(true);
        reader.start();
        if (next(START).isEmpty()) {
            close();
            throw new Ended("the worker did not start");
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                replies.add(Optional.of(Messages.JSON.readValue(line, Messages.Reply.class)));
            }
        } catch (IOException e) {
            // The process was killed in the middle of a line.
        } finally {
            replies.add(Optional.empty());
        }
    }

    void send(Messages.Request request) throws Ended, InterruptedException {
        try {
            requests.write(Messages.JSON.writeValueAsString(request));
            requests.newLine();
            requests.flush();
        } catch (IOException e) {
            throw ended();
        }
    }

    /** The next reply; empty if there is none for so long. */
    Optional<Messages.Reply> next(Duration time) throws Ended, InterruptedException {
        Optional<Messages.Reply> reply = replies.poll(Math.max(0, time.toNanos()), TimeUnit.NANOSECONDS);
        if (reply == null) {
            return Optional.empty();
        }
        if (reply.isEmpty()) {
            throw ended();
        }
        return reply;
    }

    private Ended ended() throws InterruptedException {
        int code = process.waitFor();
        return new Ended(reason(code));
    }

    /** The JVM writes what killed it and where, each line behind a "# "; a worker that gives up writes one such line. */
    private String reason(int code) {
        String how = code > 128 ? "killed by signal " + (code - 128) : "the JVM ended with exit code " + code;
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            List<String> report = lines.filter(line -> line.startsWith("# "))
                    .map(line -> line.substring(1).strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
            String cause = report.stream()
                    .filter(line -> line.matches("(SIG|Internal Error|Out of Memory).*"))
                    .findFirst()
                    .map(line -> line.replaceFirst(" at pc=.*", ""))
                    .orElse(report.isEmpty() ? how : how + ": " + report.get(0));
            int frame = report.indexOf("Problematic frame:");
            return frame < 0 || frame + 1 == report.size() ? cause : cause + " in " + report.get(frame + 1);
        } catch (IOException | UncheckedIOException e) {
            return how;
        }
    }

    /** Ends the worker, whatever it does, and what its tests have started. */
    @Override
    public void close() {
        kit.end(process);
    }
}
