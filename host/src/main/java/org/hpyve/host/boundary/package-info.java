/**
 * What the two sides of an interpreter know of each other. Jython and all that touches it may be loaded once for each
 * interpreter, by a class loader under this one; the types here, and the public ones of {@code org.hpyve.host}, are loaded
 * once for all.
 *
 * <p>Public for that reason only; no part of the API.
 */
package org.hpyve.host.boundary;
