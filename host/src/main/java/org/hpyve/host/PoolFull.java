package org.hpyve.host;

import java.util.concurrent.RejectedExecutionException;

/** As many callers as may wait for an interpreter of a pool do so already. */
public final class PoolFull extends RejectedExecutionException {

    private static final long serialVersionUID = 1L;

    PoolFull(String message) {
        super(message);
    }
}
