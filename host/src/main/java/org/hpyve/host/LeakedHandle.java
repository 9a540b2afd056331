package org.hpyve.host;

/**
 * Handles that calls of one function, made from one place, have left open; noted by {@link Interpreter#traceLeaks}.
 *
 * @param type the name of the objects' type, such as {@code list}
 * @param module the full name of the function's extension module
 * @param function the function's name, with that of its module or type, such as {@code m.f}
 * @param pythonFile the file whose code called it, as in a traceback; empty if it was not called by Python code
 * @param pythonLine the line in that file; 0 if there is none
 * @param count how many handles
 */
public record LeakedHandle(String type, String module, String function, String pythonFile, int pythonLine, long count) {

    /** For logs. */
    @Override
    public String toString() {
        String place = pythonFile.isEmpty() ? "" : " at " + pythonFile + ":" + pythonLine;
        return count + " of " + type + " left by " + function + "()" + place;
    }
}
