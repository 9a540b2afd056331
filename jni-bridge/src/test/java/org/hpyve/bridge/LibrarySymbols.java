package org.hpyve.bridge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a shared library exports, and which of its variables can be written to while it is loaded, as readelf shows it.
 *
 * @param exported names of dynamic symbols that it defines
 * @param writable names of variables, thread-locals included, in sections that stay writable after relocation
 */
record LibrarySymbols(Set<String> exported, Set<String> writable) {

    /** {@code [26] .bss NOBITS address offset size entry-size WA ...}. */
    private static final Pattern SECTION =
            Pattern.compile(" *\\[ *(\\d+)\\] (\\S+) +\\S+ +[0-9a-f]+ [0-9a-f]+ [0-9a-f]+ [0-9a-f]+ +(\\w*) .*");

    /** {@code number: value size type bind visibility section name}. */
    private static final Pattern SYMBOL =
            Pattern.compile(" *\\d+: [0-9a-f]+ +\\S+ (\\w+) +(\\w+) +\\w+ +(\\w+) +(\\S+)");

    /** Written by the dynamic linker only, then made read-only ({@code -z relro -z now}). */
    private static final Set<String> RELOCATED =
            Set.of(".data.rel.ro", ".got", ".dynamic", ".init_array", ".fini_array");

    static LibrarySymbols of(Path library) throws IOException, InterruptedException {
        Set<String> writableSections = new HashSet<>(Set.of("COM"));
        boolean sections = false;
        for (String line : readelf("-SW", library)) {
            Matcher section = SECTION.matcher(line);
            if (section.matches()) {
                sections = true;
                if (section.group(3).contains("W") && !RELOCATED.contains(section.group(2))) {
                    writableSections.add(section.group(1));
                }
            }
        }
        Set<String> exported = new TreeSet<>();
        Set<String> writable = new TreeSet<>();
        boolean dynamic = false;
        int symbols = 0;
        for (String line : readelf("-sW", library)) {
            if (line.startsWith("Symbol table")) {
                dynamic = line.contains("'.dynsym'");
            }
            Matcher symbol = SYMBOL.matcher(line);
            if (!symbol.matches() || symbol.group(3).equals("UND")) {
                continue;
            }
            symbols++;
            if (dynamic) {
                exported.add(symbol.group(4));
            }
            if (!symbol.group(1).equals("SECTION") && writableSections.contains(symbol.group(3))) {
                writable.add(symbol.group(4));
            }
        }
        if (!sections || symbols == 0) {
            throw new IOException("readelf shows no sections or no symbols of " + library);
        }
        return new LibrarySymbols(exported, writable);
    }

    private static List<String> readelf(String option, Path library) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("readelf", option, library.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + "\n" + printed);
        }
        return printed.lines().toList();
    }
}
