package org.hpyve.host.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.hpyve.host.dashboard.Trend.Point;
import org.junit.jupiter.api.Test;

class TrendTest {

    private static List<Point> minute(IntToDoubleFunction open) {
        return IntStream.range(0, 60)
                .mapToObj(second -> new Point(1000 + second, open.applyAsDouble(second)))
                .toList();
    }

    @Test
    void handlesThatStayOpenGiveASlopeAMinute() {
        List<Point> points = minute(second -> 5 + 2 * second);

        Trend trend = Trend.of(points, points);

        assertThat(trend.perMinute()).isCloseTo(120, within(1e-6));
        assertThat(trend.growth()).isEqualTo(118);
        assertThat(trend.leaking()).isTrue();
    }

    @Test
    void handlesThatDoNotBecomeMoreAreNoLeak() {
        List<Point> points = minute(second -> 700);

        Trend trend = Trend.of(points, points);

        assertThat(trend.perMinute()).isZero();
        assertThat(trend.leaking()).isFalse();
    }

    @Test
    void aSingleHandleIsNoTrend() {
        List<Point> points = minute(second -> second < 30 ? 0 : 1);

        assertThat(Trend.of(points, points).leaking()).isFalse();
    }

    @Test
    void momentsOfRestCountAndBusyOnesDoNot() {
        List<Point> all = minute(second -> second % 3 == 0 ? 4 : 1000 + 7 * second);
        List<Point> atRest = all.stream().filter(point -> point.open() == 4).toList();

        Trend trend = Trend.of(atRest, all);

        assertThat(trend.sure()).isTrue();
        assertThat(trend.perMinute()).isZero();
    }

    @Test
    void withoutAMomentOfRestTheLeastOfEachStretchCounts() {
        List<Point> growing = minute(second -> 10 * second + (second * 37) % 50);
        List<Point> steady = minute(second -> 100 + (second * 37) % 50);

        Trend leak = Trend.of(List.of(), growing);

        assertThat(leak.sure()).isFalse();
        assertThat(leak.perMinute()).isCloseTo(600, within(60.0));
        assertThat(leak.leaking()).isTrue();
        assertThat(Trend.of(List.of(), steady).leaking()).isFalse();
    }

    @Test
    void aFewPointsAreNotEnough() {
        assertThat(Trend.of(List.of(new Point(1, 0), new Point(2, 50)), List.of()))
                .isNull();
        assertThat(Trend.of(List.of(), List.of())).isNull();
    }
}
