/**
 * {@code ./hpyve conformance}: runs the test files of a checkout of HPy, unchanged, inside the host.
 *
 * <p>The command ({@link org.hpyve.tests.conformance.SuiteRun}) starts {@link org.hpyve.tests.conformance.Worker}s, JVMs
 * that run each test in an interpreter of its own, several at once. They talk by JSON lines: requests on the worker's
 * standard input, replies on its file descriptor 3, so that what tests and native code print cannot mix with them. A test
 * that ends or stops its worker costs that worker, not the run.
 *
 * <p>What makes Python 3 tests for pytest run on Jython is written in Python and lies in the resources of this package.
 */
package org.hpyve.tests.conformance;
