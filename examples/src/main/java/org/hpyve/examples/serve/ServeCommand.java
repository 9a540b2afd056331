package org.hpyve.examples.serve;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code hpyve serve}: the example server, until it is interrupted. */
@Command(
        name = "serve",
        description = {
            "Serves JSON documents of tenants over HTTP, each tenant in an interpreter of its own out of a pool, with an",
            "extension in C; and a dashboard of the interpreters. Ends with Ctrl-C.",
            "",
            "  curl -d '{\"a\": [1, 2]}' http://localhost:8080/tenants/me/documents",
            "  curl http://localhost:8080/tenants/me/documents/1",
            "  curl http://localhost:8080/tenants/me"
        })
final class ServeCommand implements Callable<Integer> {

    /** They tell at each start which versions they are. */
    private static final List<Logger> TALKATIVE =
            List.of(Logger.getLogger("io.undertow"), Logger.getLogger("org.xnio"), Logger.getLogger("org.jboss"));

    @Spec
    private CommandSpec spec;

    @Option(names = "--port", paramLabel = "P", description = "Port of the service; 0 for a free one (default: 8080).")
    private int port = 8080;

    @Option(
            names = "--dashboard-port",
            paramLabel = "P",
            description = "Port of the dashboard; 0 for a free one (default: the one after the service's).")
    private Integer dashboardPort;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "Who knows it may trace and recycle interpreters on the dashboard (default: nobody may).")
    private String token;

    @Option(
            names = "--interpreters",
            paramLabel = "N",
            description = "Interpreters, and so tenants at one time (default: 8).")
    private int interpreters = 8;

    @Option(names = "--leak", description = "Tenant N leaks a handle with each document, for the dashboard to show.")
    private boolean leak;

    @Option(
            names = "--load",
            arity = "0..1",
            paramLabel = "RATE",
            fallbackValue = "200",
            description = "Own clients send RATE documents a second (default without a number: 200).")
    private double load;

    @Override
    public Integer call() throws IOException, InterruptedException {
        check(port >= 0 && port <= 65535, "--port must be from 0 to 65535");
        int second = dashboardPort != null ? dashboardPort : port == 0 ? 0 : port + 1;
        check(second >= 0 && second <= 65535, "--dashboard-port must be from 0 to 65535");
        check(interpreters >= 1, "--interpreters must be at least 1");
        check(load >= 0, "--load must not be negative");
        check(token == null || !token.isBlank(), "--token must not be empty");
        TALKATIVE.forEach(logger -> logger.setLevel(Level.WARNING));
        TenantServer server = new TenantServer(new TenantServer.Options(port, second, token, interpreters, leak, load));
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            server.close();
                            ended.countDown();
                        },
                        "hpyve-serve-end"));
        PrintWriter out = spec.commandLine().getOut();
        out.println("service:   " + server.service() + "tenants/NAME");
        out.println("dashboard: " + server.dashboard());
        out.println("Ctrl-C ends both.");
        out.flush();
        ended.await();
        return 0;
    }

    private void check(boolean right, String message) {
        if (!right) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
