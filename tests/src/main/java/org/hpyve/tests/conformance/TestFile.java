package org.hpyve.tests.conformance;

import java.util.List;

/**
 * A test file and its tests.
 *
 * @param file relative to the checkout
 * @param nodes the ids of its tests that can be run in the chosen mode, in the order of the file
 * @param reason why it has none; else empty
 * @param broken whether the file should have tests, but could not be imported
 */
record TestFile(String file, List<String> nodes, String reason, boolean broken) {}
