/**
 * {@code hpyve bench}: figures, each with what it is compared with, made in JVMs of their own so that one measurement
 * does not warm or fill the other's.
 */
package org.hpyve.tests.bench;
