package org.hpyve.tests.isolation;

import static java.util.stream.Collectors.toMap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.PythonException;

/**
 * Sets every item of a list, each in an interpreter of its own or several in one, and looks at all of them in interpreters that did not:
 * one that was made before, one that had also used the things before, one made after, and one made when all that set
 * something are closed. What an interpreter says that nobody could influence is the measure.
 */
final class Experiment {

    /**
     * What came of one item.
     *
     * @param refusal the Python exception with which setting it was refused, or null
     * @param after what the interpreter that set it says then
     * @param seen what the others say, by who and when
     */
    record Outcome(String control, String refusal, String after, Map<String, String> seen) {

        /** If there was anything to be seen at all. */
        boolean wasSetOrRefused() {
            return refusal != null || !after.equals(control);
        }
    }

    /** How many interpreters have set something and are open. */
    private static final int AT_ONCE = 40;

    private final List<Leak> leaks;
    private final int itemsEach;
    private final Map<Leak, String> refusals = new LinkedHashMap<>();
    private final Map<Leak, String> after = new LinkedHashMap<>();
    private final Map<Leak, Map<String, String>> seen = new LinkedHashMap<>();

    /** @param itemsEach how many items one interpreter sets */
    Experiment(List<Leak> leaks, int itemsEach) {
        this.leaks = leaks;
        this.itemsEach = itemsEach;
        leaks.forEach(leak -> seen.put(leak, new LinkedHashMap<>()));
    }

    Map<Leak, Outcome> run(Supplier<InterpreterHost> newHost) {
        try (InterpreterHost host = newHost.get()) {
            Map<Leak, String> control = probes(newInterpreter(host), leaks);
            Interpreter untouched = newInterpreter(host);
            Interpreter user = newInterpreter(host);
            look("used before", user, leaks);
            for (int from = 0; from < leaks.size(); from += AT_ONCE) {
                some(leaks.subList(from, Math.min(from + AT_ONCE, leaks.size())), user, host);
            }
            look("made before", untouched, leaks);
            look("made before, and used before", user, leaks);
            look("made after others were closed", newInterpreter(host), leaks);
            return leaks.stream()
                    .collect(toMap(
                            leak -> leak,
                            leak -> new Outcome(
                                    control.get(leak), refusals.get(leak), after.get(leak), seen.get(leak))));
        }
    }

    private void some(List<Leak> some, Interpreter user, InterpreterHost host) {
        List<Interpreter> setters = new ArrayList<>();
        for (int from = 0; from < some.size(); from += itemsEach) {
            setters.add(set(some.subList(from, Math.min(from + itemsEach, some.size())), host));
        }
        look("used before, others open", user, some);
        Interpreter newer = newInterpreter(host);
        look("made after", newer, some);
        newer.close();
        setters.forEach(Interpreter::close);
    }

    private static Interpreter newInterpreter(InterpreterHost host) {
        Interpreter python = host.newInterpreter();
        python.exec(Leak.PRELUDE);
        return python;
    }

    private Interpreter set(List<Leak> few, InterpreterHost host) {
        Interpreter python = newInterpreter(host);
        for (Leak leak : few) {
            try {
                python.exec(leak.set());
            } catch (PythonException e) {
                refusals.put(leak, e.getMessage());
            }
            after.put(leak, probe(leak, python));
        }
        return python;
    }

    private void look(String when, Interpreter python, List<Leak> some) {
        probes(python, some).forEach((leak, state) -> seen.get(leak).put(when, state));
    }

    /** All probes in one piece of Python, as compiling costs more than running. */
    private static Map<Leak, String> probes(Interpreter python, List<Leak> some) {
        StringBuilder lambdas = new StringBuilder();
        some.forEach(
                leak -> lambdas.append("    lambda: (").append(leak.probe()).append("),\n"));
        python.exec("states = probe_all([\n" + lambdas + "])");
        List<?> states = (List<?>) python.eval("states");
        Map<Leak, String> found = new LinkedHashMap<>();
        for (int i = 0; i < states.size(); i++) {
            found.put(some.get(i), (String) states.get(i));
        }
        return found;
    }

    private static String probe(Leak leak, Interpreter python) {
        try {
            return (String) python.eval("repr((" + leak.probe() + "))");
        } catch (PythonException e) {
            return e.getMessage();
        }
    }
}
