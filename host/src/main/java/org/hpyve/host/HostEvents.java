package org.hpyve.host;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listeners of a host what becomes of its interpreters. Any thread; those of one interpreter do not overtake each
 * other.
 */
final class HostEvents {

    private static final Logger LOG = LoggerFactory.getLogger(HostEvents.class);

    private final List<HostListener> listeners = new CopyOnWriteArrayList<>();

    /** For each open interpreter, whether listeners know of it. */
    private final Map<Interpreter, AtomicBoolean> told = new ConcurrentHashMap<>();

    void add(HostListener listener) {
        listeners.add(listener);
    }

    void remove(HostListener listener) {
        listeners.remove(listener);
    }

    /** An interpreter is about to be seen by others, who may close it at once. */
    void begin(Interpreter interpreter) {
        told.put(interpreter, new AtomicBoolean());
    }

    /** Tells of a new interpreter, unless its end has done so. */
    void created(Interpreter interpreter) {
        AtomicBoolean known = told.get(interpreter);
        if (known != null) {
            created(interpreter, known);
        }
    }

    private void created(Interpreter interpreter, AtomicBoolean known) {
        // Whoever comes second waits until listeners know.
        synchronized (known) {
            if (known.compareAndSet(false, true)) {
                tell(each -> each.created(interpreter));
            }
        }
    }

    /** Tells of an extension, between the interpreter's creation and its end. */
    void extensionLoading(Interpreter interpreter, String module) {
        AtomicBoolean known = told.get(interpreter);
        if (known != null) {
            created(interpreter, known);
            tell(each -> each.extensionLoading(interpreter, module));
        }
    }

    /**
     * Tells of the end of an interpreter, unless nobody has ever seen it.
     *
     * @param report never null
     */
    void ended(Interpreter interpreter, CloseReport report) {
        AtomicBoolean known = told.remove(interpreter);
        if (known == null) {
            return;
        }
        created(interpreter, known);
        if (report.stuck() != null) {
            tell(each -> each.abandoned(interpreter, report.stuck()));
            return;
        }
        long leaked = report.handleCount();
        if (leaked > 0) {
            tell(each -> each.leaked(interpreter, leaked));
        }
        tell(each -> each.closed(interpreter, report));
    }

    private void tell(Consumer<HostListener> event) {
        for (HostListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException | Error e) {
                LOG.warn("a listener of the host failed", e);
            }
        }
    }
}
