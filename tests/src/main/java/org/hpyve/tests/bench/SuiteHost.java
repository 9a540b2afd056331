package org.hpyve.tests.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** A process that runs {@code suite.py}, and waits while another one works. It ends when this one does. */
final class SuiteHost implements AutoCloseable {

    /** A workload of the script. */
    record Workload(String name, String group, String unit) {}

    /**
     * What one round gave.
     *
     * @param value in the workload's unit
     * @param crossings for each item; NaN if the host counts none
     */
    record Round(double value, double crossings) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The program that was started. */
    private final String program;

    private final Process process;
    private final BufferedWriter commands;
    private final BufferedReader answers;
    private final String name;
    private final List<Workload> workloads;

    /**
     * Starts the script.
     *
     * @param python what runs Python scripts
     */
    SuiteHost(List<String> python, Path folder) throws IOException {
        program = python.get(0);
        List<String> command = new ArrayList<>(python);
        command.add(folder.resolve(SuiteFiles.SCRIPT).toString());
        command.add(folder.toString());
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        commands = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        JsonNode list = ask(Map.of("list", true));
        name = list.get("host").asText();
        workloads = StreamSupport.stream(list.get("workloads").spliterator(), false)
                .map(each -> new Workload(
                        each.get("name").asText(),
                        each.get("group").asText(),
                        each.get("unit").asText()))
                .toList();
    }

    /** What it says it is, such as {@code CPython 3.11.7}. */
    String name() {
        return name;
    }

    List<Workload> workloads() {
        return workloads;
    }

    void warm(Workload workload, double seconds) throws IOException {
        ask(Map.of("warm", workload.name(), "seconds", seconds));
    }

    Round run(Workload workload) throws IOException {
        JsonNode answer = ask(Map.of("run", workload.name()));
        return new Round(answer.get("value").asDouble(), answer.get("crossings").asDouble(Double.NaN));
    }

    private JsonNode ask(Map<String, Object> question) throws IOException {
        String answer = null;
        try {
            commands.write(JSON.writeValueAsString(question));
            commands.newLine();
            commands.flush();
            answer = answers.readLine();
        } catch (IOException e) {
            // A pipe to a process that is no more.
        }
        if (answer == null) {
            throw new IOException("%s ended at %s; see above".formatted(program, JSON.writeValueAsString(question)));
        }
        return JSON.readTree(answer);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
