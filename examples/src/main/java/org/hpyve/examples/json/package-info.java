/** The demo: many interpreters decode one JSON-lines file at once, with an extension in C. */
package org.hpyve.examples.json;
