package org.hpyve.tests.bench;

import java.lang.management.ManagementFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.hpyve.host.Interpreter;

/**
 * What C code other than the JVM's has allocated: what {@code malloc} gave out, less what the JVM's own count says it
 * holds (compiled code, names and the like grow for a long time). The JVM must run with {@link #JVM_OPTION}.
 */
final class NativeHeap {

    static final String JVM_OPTION = "-XX:NativeMemoryTracking=summary";

    /** What the C library needs for a block beside what was asked for: 8 bytes, and 8 on average to a multiple of 16. */
    private static final int BLOCK = 16;

    private static final Pattern BLOCKS = Pattern.compile("malloc=(\\d+)B? #(\\d+)");
    private static final Pattern HEADERS = Pattern.compile("tracking overhead=(\\d+)");

    private static final int SAMPLES = 5;

    private NativeHeap() {}

    /**
     * Bytes in use; the least of some samples, because the two counts cannot be taken in the same moment.
     *
     * @param observer has imported {@code cycle}
     */
    static long bytes(Interpreter observer) throws JMException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < SAMPLES; i++) {
            long jvm = bytesOfJvm();
            least = Math.min(least, ((Number) observer.eval("cycle.allocated()")).longValue() - jvm);
        }
        return least;
    }

    private static long bytesOfJvm() throws JMException {
        String report = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "vmNativeMemory",
                        new Object[] {new String[] {"summary", "scale=B"}},
                        new String[] {String[].class.getName()});
        long bytes = 0;
        // The first lines are totals; the parts follow, each behind a hyphen.
        Matcher blocks = BLOCKS.matcher(report.substring(report.indexOf("\n-")));
        while (blocks.find()) {
            bytes += Long.parseLong(blocks.group(1)) + BLOCK * Long.parseLong(blocks.group(2));
        }
        Matcher headers = HEADERS.matcher(report);
        return headers.find() ? bytes + Long.parseLong(headers.group(1)) : bytes;
    }
}
