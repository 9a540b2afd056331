/**
 * The scripting API of the JDK ({@code javax.script}, JSR-223): an engine named {@code hpyve}, found by a {@code
 * ScriptEngineManager}. An engine has an interpreter of its own.
 *
 * <p>Threads: any, as with {@link org.hpyve.host.Interpreter}; evaluations of one engine wait for each other.
 */
package org.hpyve.host.script;
