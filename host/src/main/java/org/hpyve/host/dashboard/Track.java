package org.hpyve.host.dashboard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hpyve.host.Interpreter;

/** What is known of one interpreter over time. Only the sampler changes it; its lock guards the history for others. */
final class Track {

    /** How far back the charts of one interpreter go, in seconds. */
    static final int LONG = 300;

    /** How far back the chart in a row goes, and the trend. */
    static final int SHORT = 60;

    private static final double NEAR = 0.8;

    private record Point(Trend.Point open, boolean atRest) {}

    private final Interpreter interpreter;
    private final Map<String, Series> history = new LinkedHashMap<>();
    private final Deque<Point> points = new ArrayDeque<>();
    private Reading before;
    private volatile Reading last;
    private volatile Row row;

    Track(Interpreter interpreter) {
        this.interpreter = interpreter;
    }

    Interpreter interpreter() {
        return interpreter;
    }

    int slot() {
        return interpreter.slot();
    }

    /** What the sampler saw last. */
    Row row() {
        return row;
    }

    /** The counts behind it. */
    Reading last() {
        return last;
    }

    /** Takes the next reading. */
    void add(Reading reading) {
        Reading from = before == null ? reading : before;
        before = reading;
        last = reading;
        points.addLast(new Point(new Trend.Point(reading.nanos() / 1e9, reading.open()), reading.atRest()));
        if (points.size() > SHORT) {
            points.removeFirst();
        }
        row = row(from, reading);
        synchronized (history) {
            note("open", (double) reading.open());
            note("opened", row.opened());
            note("closed", row.closed());
            note("nativeBytes", (double) row.nativeBytes());
            note("calls", row.calls());
            note("upcalls", row.crossings().upcalls());
            note("latency", row.latency() == null ? Double.NaN : row.latency());
            note("mailbox", row.mailbox());
        }
    }

    private void note(String name, double value) {
        history.computeIfAbsent(name, key -> new Series(LONG)).add(value);
    }

    /** The open handles of the last minute. Any thread. */
    Float[] recentlyOpen() {
        synchronized (history) {
            Series open = history.get("open");
            return open == null ? new Float[0] : open.last(SHORT);
        }
    }

    /** Everything of the last minutes, by name. Any thread. */
    Map<String, Float[]> history() {
        synchronized (history) {
            Map<String, Float[]> copy = new LinkedHashMap<>();
            history.forEach((name, series) -> copy.put(name, series.last(LONG)));
            return copy;
        }
    }

    /** Calls so far by the module of the extension. Any thread. */
    Map<String, Long> callsByModule() {
        Reading reading = last;
        return reading == null ? Map.of() : new TreeMap<>(reading.callsByModule());
    }

    private Row row(Reading from, Reading to) {
        double seconds = Math.max(1e-3, (to.nanos() - from.nanos()) / 1e9);
        Trend trend = trend();
        long tasks = to.tasks() - from.tasks();
        Reading.Crossings was = from.crossings();
        Reading.Crossings is = to.crossings();
        return new Row(
                slot(),
                interpreter.id(),
                interpreter.name(),
                status(to, trend),
                to.running(),
                to.tracing(),
                to.open(),
                to.limit(),
                to.peak(),
                rate(from.opened(), to.opened(), seconds),
                rate(from.closed(), to.closed(), seconds),
                trend == null ? null : round(trend.perMinute()),
                new Row.Crossings(
                        rate(was.answered(), is.answered(), seconds),
                        rate(was.deferred(), is.deferred(), seconds),
                        rate(was.bulk(), is.bulk(), seconds),
                        rate(was.upcalls(), is.upcalls(), seconds)),
                to.nativeBytes(),
                to.nativeLimit(),
                rate(from.calls(), to.calls(), seconds),
                rate(from.tasks(), to.tasks(), seconds),
                tasks > 0 ? round3((to.taskNanos() - from.taskNanos()) / 1e6 / tasks) : null,
                round3((to.cpuNanos() - from.cpuNanos()) / 1e9 / seconds),
                to.mailbox());
    }

    private Trend trend() {
        List<Trend.Point> all = new ArrayList<>();
        List<Trend.Point> atRest = new ArrayList<>();
        for (Point point : points) {
            all.add(point.open());
            if (point.atRest()) {
                atRest.add(point.open());
            }
        }
        return Trend.of(atRest, all);
    }

    private static Row.Status status(Reading reading, Trend trend) {
        if (trend != null && trend.leaking()) {
            return Row.Status.LEAKING;
        }
        if (near(reading.open(), reading.limit()) || near(reading.nativeBytes(), reading.nativeLimit())) {
            return Row.Status.NEAR_LIMIT;
        }
        return reading.atRest() && reading.open() > 0 ? Row.Status.LEFT_OPEN : Row.Status.OK;
    }

    private static boolean near(long value, long limit) {
        return limit > 0 && value > NEAR * limit;
    }

    private static double rate(long from, long to, double seconds) {
        return round((to - from) / seconds);
    }

    /** One digit after the point is enough for eyes, and makes messages short. */
    private static double round(double value) {
        return Math.round(value * 10) / 10.0;
    }

    private static double round3(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
