package org.hpyve.host.metrics;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.DuplicateLabelsException;
import java.util.function.UnaryOperator;

/**
 * All metrics of a registry in the format of a content type, for an HTTP endpoint. Any thread.
 *
 * <p>While the registry is read, an interpreter may be closed and another one get its slot. The registry may then have met
 * the meters of both, and refuses to write the same labels twice; it is read again.
 */
public final class PrometheusScrape implements UnaryOperator<String> {

    /** Each needs another interpreter to come and go within the microseconds in which one kind of meter is read. */
    private static final int ATTEMPTS = 10;

    private final PrometheusMeterRegistry registry;

    /** Of a registry. */
    public PrometheusScrape(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * The metrics now.
     *
     * @param contentType such as {@code text/plain}, what Prometheus asks for in its header {@code Accept}
     */
    @Override
    public String apply(String contentType) {
        for (int i = 1; i < ATTEMPTS; i++) {
            try {
                return registry.scrape(contentType);
            } catch (DuplicateLabelsException e) {
                Thread.onSpinWait();
            }
        }
        return registry.scrape(contentType);
    }
}
