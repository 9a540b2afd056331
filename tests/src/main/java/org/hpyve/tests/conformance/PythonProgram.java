package org.hpyve.tests.conformance;

import java.io.File;
import java.nio.file.Path;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.PythonException;

/** What {@code sys.executable} starts in a test: Python with one option, {@code -c CODE}. */
final class PythonProgram {

    private PythonProgram() {}

    /** Arguments: the kit's folder, {@code -c}, the code. */
    public static void main(String[] args) throws Exception {
        if (args.length != 3 || !args[1].equals("-c")) {
            System.err.println("usage: python -c CODE");
            System.exit(2);
        }
        InterpreterHost.Builder builder = InterpreterHost.builder().strictText(true);
        String path = System.getenv("PYTHONPATH");
        if (path != null && !path.isEmpty()) {
            for (String folder : path.split(File.pathSeparator)) {
                builder.searchPath(Path.of(folder));
            }
        }
        Path kit = Path.of(args[0]);
        int code = 0;
        try (InterpreterHost host = builder.build();
                Sandbox sandbox = new Sandbox(host, kit, new Toolbox(kit, null))) {
            sandbox.interpreter().exec("from conformance import python3; python3.install(); del python3");
            sandbox.interpreter().exec(args[2]);
        } catch (PythonException e) {
            code = e.exitCode() == null ? 1 : e.exitCode();
            System.err.print(e.exitCode() == null ? e.pythonTraceback() : "");
        }
        System.exit(code);
    }
}
