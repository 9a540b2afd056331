/**
 * The author's side of HPy: the API list and what is generated from it, and the compiler driver that turns C sources
 * into a universal extension with this project's headers.
 */
package org.hpyve.include;
