package org.hpyve.context;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.hpyve.bridge.HandleTable;
import org.python.core.PyObject;

/**
 * Calls of extensions that have left handles open: for each the serial numbers of what was opened meanwhile, and who made
 * it. Which of these handles are still open is looked up when somebody asks.
 *
 * <p>Owned by a {@link LeakTrace}; used by the thread that runs the interpreter.
 */
final class LeakNotes {

    static final int[] NO_CONSTANTS = {};

    private static final int MOST = 10_000;

    /** One or more calls of a function, one right after the other, from the same place. */
    static final class Note {

        private final HpyCallable callee;
        private final String file;
        private final int line;
        private final long before;
        private long last;
        private final int[] constants;
        /** How many of the handles were open when that was last looked up. */
        private long open;

        /**
         * A call.
         *
         * @param file of the Python code that made it, or empty
         * @param line in it, or 0
         * @param before the number of the last opening before the call
         * @param last the number of the last one in it
         * @param constants how many further handles of each constant it has left; may be empty
         */
        Note(HpyCallable callee, String file, int line, long before, long last, int[] constants) {
            this.callee = callee;
            this.file = file;
            this.line = line;
            this.before = before;
            this.last = last;
            this.constants = constants;
        }

        /** Takes in the one that follows, if there is nothing between them and they are of the same kind. */
        private boolean append(Note next) {
            boolean alike = next.before == last
                    && next.callee == callee
                    && next.line == line
                    && next.file.equals(file)
                    && next.constants.length == constants.length;
            if (alike) {
                last = next.last;
                for (int i = 0; i < constants.length; i++) {
                    constants[i] += next.constants[i];
                }
            }
            return alike;
        }
    }

    /** Handles that are open: those of one slot. */
    private record Open(PyObject object, int count) {}

    private final HandleTable table;

    /** In the order in which the calls ended: an inner one before those that it ran in. */
    private final ArrayDeque<Note> notes = new ArrayDeque<>();

    LeakNotes(HandleTable table) {
        this.table = table;
    }

    void add(Note note) {
        if (!notes.isEmpty() && notes.peekLast().append(note)) {
            return;
        }
        if (notes.size() == MOST) {
            // Those without open handles go first, then the oldest: so many that this is not to be done again soon.
            List<TracedLeak> unused = leaks();
            while (notes.size() > MOST / 2) {
                notes.removeFirst();
            }
        }
        notes.addLast(note);
    }

    /** What the calls have left and is still open, the most numerous first. Notes of which nothing is open are dropped. */
    List<TracedLeak> leaks() {
        if (notes.isEmpty()) {
            return List.of();
        }
        Map<List<Object>, Long> counts = new HashMap<>();
        countSlots(counts);
        countConstants(counts);
        notes.removeIf(note -> note.open == 0);
        return counts.entrySet().stream()
                .map(entry -> leak(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(TracedLeak::count)
                        .reversed()
                        .thenComparing(TracedLeak::function)
                        .thenComparing(TracedLeak::file)
                        .thenComparing(TracedLeak::line)
                        .thenComparing(TracedLeak::type))
                .toList();
    }

    private void countSlots(Map<List<Object>, Long> counts) {
        NavigableMap<Long, Open> open = new TreeMap<>();
        table.visitOpen((object, module, serial, count) -> {
            if (serial < Long.MAX_VALUE) {
                open.put(serial, new Open((PyObject) object, count));
            }
        });
        for (Note note : notes) {
            // What an inner call has left is not there any more when the outer one comes.
            NavigableMap<Long, Open> left = open.subMap(note.before, false, note.last, true);
            note.open = left.size();
            left.values().forEach(each -> count(counts, note, each.object, each.count));
            left.clear();
        }
    }

    /** Nobody knows which handles of a constant are whose: the newest calls get those that are open. */
    private void countConstants(Map<List<Object>, Long> counts) {
        int[] open = table.constantCounts();
        for (Iterator<Note> newest = notes.descendingIterator(); newest.hasNext(); ) {
            Note note = newest.next();
            for (int i = 0; i < note.constants.length; i++) {
                int left = Math.min(note.constants[i], open[i]);
                if (left > 0) {
                    open[i] -= left;
                    note.open += left;
                    count(counts, note, (PyObject) table.constant(i), left);
                }
            }
        }
    }

    private void count(Map<List<Object>, Long> counts, Note note, PyObject object, int count) {
        List<Object> key = List.of(
                Api.typeName(object), note.callee.calls().module(), note.callee.qualifiedName(), note.file, note.line);
        counts.merge(key, (long) count, Long::sum);
    }

    private static TracedLeak leak(List<Object> key, long count) {
        return new TracedLeak(
                (String) key.get(0),
                (String) key.get(1),
                (String) key.get(2),
                (String) key.get(3),
                (Integer) key.get(4),
                count);
    }
}
