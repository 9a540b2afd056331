package org.hpyve.host.dashboard;

import org.hpyve.host.CloseReport;
import org.hpyve.host.HostListener;
import org.hpyve.host.Interpreter;
import org.hpyve.scheduler.Stuck;

/** Notes what becomes of a host's interpreters. Any thread. */
final class InterpreterEvents implements HostListener {

    private final Chronicle chronicle;

    InterpreterEvents(Chronicle chronicle) {
        this.chronicle = chronicle;
    }

    @Override
    public void created(Interpreter interpreter) {
        chronicle.add("created", interpreter.name(), "slot " + interpreter.slot());
    }

    @Override
    public void leaked(Interpreter interpreter, long handles) {
        chronicle.add("leaked", interpreter.name(), handles == 1 ? "one handle" : handles + " handles");
    }

    @Override
    public void closed(Interpreter interpreter, CloseReport report) {
        chronicle.add("closed", interpreter.name(), report.clean() ? "" : "left " + report);
    }

    @Override
    public void abandoned(Interpreter interpreter, Stuck reason) {
        chronicle.add("killed", interpreter.name(), reason.reason());
    }
}
