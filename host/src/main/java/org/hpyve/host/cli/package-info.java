/**
 * The command line. A module on the class path adds commands by a service of type
 * {@link org.hpyve.host.cli.CommandProvider}.
 */
package org.hpyve.host.cli;
