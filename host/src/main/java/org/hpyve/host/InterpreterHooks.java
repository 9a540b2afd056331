package org.hpyve.host;

import java.util.function.BiConsumer;
import java.util.function.Function;
import org.hpyve.host.boundary.Peers;

/**
 * What an interpreter asks and tells its host.
 *
 * @param peers the interpreters of the host as this one sees them
 * @param extensionLoading it loads a module of that name for the first time
 * @param closed it has come to its end, once; the report is null if closing failed
 */
record InterpreterHooks(
        Function<Interpreter, Peers> peers,
        BiConsumer<Interpreter, String> extensionLoading,
        BiConsumer<Interpreter, CloseReport> closed) {}
