/** What the example programs have in common. */
package org.hpyve.examples;
