package org.hpyve.host.dashboard;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether the number of open handles grows, as a line through points of the last minute.
 *
 * @param perMinute by how many handles, by least squares
 * @param growth the last point minus the first, in handles
 * @param sure whether all points are of moments of rest, when every handle that is open has leaked
 */
record Trend(double perMinute, double growth, boolean sure) {

    /** The number of open handles at a time, in seconds. */
    record Point(double seconds, double open) {}

    private static final int FEWEST = 3;
    private static final double SHORTEST_SECONDS = 4;

    /** The length of a stretch of busy time of which the least number counts. */
    private static final double STRETCH_SECONDS = 6;

    /** How much has to be added in busy times, when the number goes up and down anyway. */
    private static final double NOTABLE_WHEN_BUSY = 20;

    /**
     * The trend of some points.
     *
     * @param atRest points of moments without a task
     * @param all these and others, in the order of time
     * @return null if there are too few points
     */
    static Trend of(List<Point> atRest, List<Point> all) {
        if (enough(atRest)) {
            return line(atRest, true);
        }
        List<Point> lowest = lowest(all);
        return enough(lowest) ? line(lowest, false) : null;
    }

    /** Whether handles leak. */
    boolean leaking() {
        return perMinute >= 1 && growth >= (sure ? 2 : NOTABLE_WHEN_BUSY);
    }

    private static boolean enough(List<Point> points) {
        return points.size() >= FEWEST
                && points.get(points.size() - 1).seconds() - points.get(0).seconds() >= SHORTEST_SECONDS;
    }

    /** What is open below all calls of a stretch has stayed open between them. */
    private static List<Point> lowest(List<Point> points) {
        List<Point> lowest = new ArrayList<>();
        Point least = null;
        double begin = 0;
        for (Point point : points) {
            if (least == null) {
                least = point;
                begin = point.seconds();
            } else if (point.seconds() - begin >= STRETCH_SECONDS) {
                lowest.add(least);
                least = point;
                begin = point.seconds();
            } else if (point.open() < least.open()) {
                least = point;
            }
        }
        return lowest;
    }

    private static Trend line(List<Point> points, boolean sure) {
        double x = points.stream().mapToDouble(Point::seconds).average().orElseThrow();
        double y = points.stream().mapToDouble(Point::open).average().orElseThrow();
        double covariance = 0;
        double variance = 0;
        for (Point point : points) {
            covariance += (point.seconds() - x) * (point.open() - y);
            variance += (point.seconds() - x) * (point.seconds() - x);
        }
        double growth = points.get(points.size() - 1).open() - points.get(0).open();
        return new Trend(covariance / variance * 60, growth, sure);
    }
}
