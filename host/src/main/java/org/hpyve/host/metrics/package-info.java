/**
 * Meters of a host, its interpreters and its pools for Micrometer.
 *
 * <p>Only this package and what serves metrics over HTTP know Micrometer. Meters read counts that the interpreters' own
 * threads keep; nothing here locks or stops an interpreter. The lock of a {@link org.hpyve.host.metrics.Binding} is held
 * while meters come and go, never while they are read.
 */
package org.hpyve.host.metrics;
