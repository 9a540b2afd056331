package org.hpyve.host;

/**
 * Python code raised an exception. It carries text only, no Python object, so it may leave its interpreter and outlive
 * it. Its Java stack trace is that of the caller of the interpreter; Python's is {@link #pythonTraceback}. If it was Java
 * code that threw, and Python code did not catch it, then that exception is the cause.
 */
public final class PythonException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String interpreter;
    private final String typeName;
    private final String pythonTraceback;
    private final Integer exitCode;
    private final String exitMessage;
    private final String fileName;
    private final int lineNumber;

    /** Where in a program something happened; no file and line -1 if that is not known. */
    public record Place(String fileName, int lineNumber) {

        /** Nobody knows. */
        public static final Place UNKNOWN = new Place(null, -1);
    }

    /** Made by the Python side of an interpreter. */
    public PythonException(
            String interpreter,
            String typeName,
            String message,
            String pythonTraceback,
            Integer exitCode,
            String exitMessage,
            Place place,
            Throwable cause) {
        super(typeName + (message.isEmpty() ? "" : ": " + message), cause);
        this.interpreter = interpreter;
        this.typeName = typeName;
        this.pythonTraceback = pythonTraceback;
        this.exitCode = exitCode;
        this.exitMessage = exitMessage;
        this.fileName = place.fileName();
        this.lineNumber = place.lineNumber();
    }

    /** None: the JVM's record of a stack would keep the interpreter's classes alive. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    /** The file that a SyntaxError is in, or of the code that raised the exception; null if that is not known. */
    public String fileName() {
        return fileName;
    }

    /** The line in that file, from 1; -1 if that is not known. */
    public int lineNumber() {
        return lineNumber;
    }

    /** The name of the interpreter. */
    public String interpreter() {
        return interpreter;
    }

    /** The name of the exception's class, such as {@code ValueError}. */
    public String typeName() {
        return typeName;
    }

    /** The traceback and the exception as Python prints them, lines ended by {@code \n}. */
    public String pythonTraceback() {
        return pythonTraceback;
    }

    /** The exit code that a {@code SystemExit} asks for; null for every other exception. */
    public Integer exitCode() {
        return exitCode;
    }

    /**
     * What a program is to print on its standard error when it ends: the text of a {@code SystemExit} with something
     * else than a number, such as {@code sys.exit("no input")}, whose exit code is 1. Null for every other exception.
     */
    public String exitMessage() {
        return exitMessage;
    }

    /** Gives an exception that has none the stack trace of this thread. */
    static void raisedHere(RuntimeException e) {
        if (e.getStackTrace().length == 0) {
            e.setStackTrace(new Throwable().getStackTrace());
        }
    }
}
