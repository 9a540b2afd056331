/**
 * {@code ./hpyve serve}: an HTTP service whose tenants have an interpreter each, out of a pool, with a C extension; beside
 * it the dashboard.
 */
package org.hpyve.examples.serve;
