/** Benchmarks of what is inside Java, by JMH. {@code hpyve bench jmh} runs all of them. */
package org.hpyve.tests.bench.jmh;
