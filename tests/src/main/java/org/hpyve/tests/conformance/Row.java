package org.hpyve.tests.conformance;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What became of one test.
 *
 * @param file the test file, relative to the checkout
 * @param node the test's id as pytest writes it
 * @param reason one line; empty if the test passed
 * @param traceback of a failed test, with what it printed; else empty
 * @param seconds from the making of the interpreter to the end of its close
 * @param interpreter the interpreter's name; null if it crashed
 * @param handlesLeft HPy handles that are still open when the interpreter has been closed; null if it crashed
 */
record Row(
        String file,
        String node,
        Outcome outcome,
        String reason,
        String traceback,
        double seconds,
        String interpreter,
        @JsonProperty("handles_left") Long handlesLeft) {

    enum Outcome {
        passed,
        failed,
        skipped,
        crashed
    }

    /** A test that gave no result: the JVM ended, or it took too long. */
    static Row crashed(String node, String reason, double seconds) {
        return new Row(fileOf(node), node, Outcome.crashed, reason, "", seconds, null, null);
    }

    static String fileOf(String node) {
        return node.split("::", 2)[0];
    }

    boolean leaks() {
        return handlesLeft != null && handlesLeft != 0;
    }
}
