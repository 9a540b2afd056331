package org.hpyve.host.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.InterpreterPool;
import org.hpyve.host.PooledInterpreter;
import org.hpyve.include.ExtensionCompiler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The endpoints, without a browser. After each test no thread of a dashboard is left. */
@Timeout(60)
class DashboardTest {

    private static final String LEAKY = """
            #include <hpy.h>
            HPyDef_METH(forget, "forget", HPyFunc_O)
            static HPy forget_impl(HPyContext *ctx, HPy self, HPy object)
            {
                (void)HPy_Dup(ctx, object);
                return HPy_Dup(ctx, ctx->h_None);
            }
            static HPyDef *defines[] = {&forget, NULL};
            static HPyModuleDef def = {.defines = defines};
            HPy_MODINIT(leaky, def)
            """;

    private static final String LEAK = "import leaky\nfor each in range(10): leaky.forget(object())";

    @TempDir
    private Path folder;

    private InterpreterHost host;

    @BeforeEach
    void open() {
        host = InterpreterHost.builder().searchPath(folder).build();
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        host.close();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("hpyve-dashboard")) {
                // It has ended its work, and may have a few steps to go.
                thread.join(1000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    private void buildLeaky() throws Exception {
        Path source = Files.writeString(folder.resolve("leaky.c"), LEAKY);
        try (ExtensionCompiler compiler = new ExtensionCompiler()) {
            compiler.compile("leaky", List.of(source), folder, List.of("-std=c11"));
        }
    }

    private Dashboard.Builder dashboard() {
        return Dashboard.builder(host).period(20);
    }

    @Test
    void everyOpenInterpreterHasARow() throws Exception {
        try (Dashboard dashboard = dashboard().build()) {
            Site site = new Site(dashboard.url());
            Interpreter first = host.newInterpreter("first");
            host.newInterpreter("second");

            JsonNode row = site.await("second", node -> !node.isMissingNode());
            assertThat(row.get("slot").asInt()).isNotNegative();
            assertThat(row.get("status").asText()).isEqualTo("ok");
            assertThat(site.row("first").get("id").asLong()).isEqualTo(first.id());

            first.close();
            site.await("first", JsonNode::isMissingNode);
        }
    }

    @Test
    void aLeakingInterpreterIsFlaggedAndSaysWhatItHolds() throws Exception {
        buildLeaky();
        // A longer period than others: the trend needs some seconds.
        try (Dashboard dashboard = dashboard().period(200).token("secret").build()) {
            Site site = new Site(dashboard.url());
            Interpreter python = host.newInterpreter("leaking");
            host.newInterpreter("sound");
            python.traceLeaks(true);
            JsonNode row = site.await("leaking", node -> {
                python.exec(LEAK);
                return node.path("status").asText().equals("leaking");
            });
            assertThat(row.get("slope").asDouble()).isPositive();
            assertThat(row.get("tracing").asBoolean()).isTrue();
            assertThat(site.row("sound").get("status").asText()).isEqualTo("ok");

            JsonNode handles = site.json("api/interpreters/" + row.get("slot").asInt() + "/handles");
            JsonNode live = handles.get("live").get(0);
            assertThat(live.get("type").asText()).isEqualTo("object");
            assertThat(live.get("module").asText()).isEqualTo("leaky");
            assertThat(handles.get("leaks").get(0).get("function").asText()).contains("forget");
        }
    }

    @Test
    void theDetailHasAHistory() throws Exception {
        host.newInterpreter("only");
        try (Dashboard dashboard = dashboard().build()) {
            Site site = new Site(dashboard.url());
            int slot = site.await("only", node -> !node.isMissingNode())
                    .get("slot")
                    .asInt();
            Thread.sleep(200);

            JsonNode detail = site.json("api/interpreters/" + slot);

            assertThat(detail.get("interpreter").get("name").asText()).isEqualTo("only");
            assertThat(detail.get("history").get("open").size()).isGreaterThan(3);
            assertThat(site.get("api/interpreters/77").statusCode()).isEqualTo(404);
            assertThat(site.get("api/interpreters/x").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aBusyInterpreterIsNotWaitedFor() throws Exception {
        Interpreter python = host.newInterpreter("busy");
        try (Dashboard dashboard = dashboard().build()) {
            Site site = new Site(dashboard.url());
            int slot = site.await("busy", node -> !node.isMissingNode())
                    .get("slot")
                    .asInt();
            var loop = python.submit(self -> self.eval("[0 for x in iter(int, 1)]"));

            site.await("busy", node -> node.get("running").asBoolean());
            HttpResponse<String> handles = site.get("api/interpreters/" + slot + "/handles");

            assertThat(handles.statusCode()).isEqualTo(503);
            assertThat(handles.body()).contains("busy");
            assertThat(loop.cancel(true)).isTrue();
        }
    }

    @Test
    void eventsComeAsTheyHappen() throws Exception {
        buildLeaky();
        try (Dashboard dashboard = dashboard().build()) {
            try (var lines = new Site(dashboard.url()).events().body()) {
                Iterator<String> each = lines.iterator();
                assertThat(Site.next(each, "tick").get("interpreters").size()).isZero();

                Interpreter python = host.newInterpreter("leaving");
                python.exec(LEAK);
                JsonNode created = Site.next(each, "happening");
                assertThat(created.get("kind").asText()).isEqualTo("created");
                assertThat(created.get("interpreter").asText()).isEqualTo("leaving");

                python.close();
                JsonNode leaked = Site.next(each, "happening");
                assertThat(leaked.get("kind").asText()).isEqualTo("leaked");
                assertThat(leaked.get("text").asText()).isEqualTo("10 handles");
                assertThat(Site.next(each, "happening").get("kind").asText()).isEqualTo("closed");
            }
        }
    }

    @Test
    void whoDoesNotReadIsDroppedAndOthersGoOn() throws Exception {
        Feed feed = new Feed();
        Sampler sampler = new Sampler(host, "hpyve-dashboard-sampler", tracks -> {});
        Api api = new Api(sampler, new Chronicle(happening -> {}), null, null, null, null, null);
        try (sampler;
                Server server = new Server(InetAddress.getLoopbackAddress(), 0, api, feed);
                Socket silent = new Socket(
                        InetAddress.getLoopbackAddress(), server.url().getPort());
                var lines = new Site(server.url()).events().body()) {
            silent.getOutputStream()
                    .write("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (feed.size() < 2) {
                Thread.sleep(5);
            }
            Iterator<String> each = lines.iterator();
            String large = "\"" + "x".repeat(2 << 20) + "\"";

            int sent = 0;
            while (feed.size() > 1) {
                feed.send("large", large);
                assertThat(Site.next(each, "large").asText()).hasSize(2 << 20);
                assertThat(++sent).isLessThan(50);
            }

            feed.send("last", "1");
            assertThat(Site.next(each, "last").asInt()).isEqualTo(1);
        }
    }

    @Test
    void manyEventsAtOnceDropNobodyWhoReads() throws Exception {
        Feed feed = new Feed();
        Sampler sampler = new Sampler(host, "hpyve-dashboard-sampler", tracks -> {});
        Chronicle chronicle = new Chronicle(happening -> feed.send("happening", Json.of(happening)));
        Api api = new Api(sampler, chronicle, null, null, null, null, null);
        try (sampler;
                Server server = new Server(InetAddress.getLoopbackAddress(), 0, api, feed);
                var lines = new Site(server.url()).events().body()) {
            while (feed.isEmpty()) {
                Thread.sleep(5);
            }
            for (int i = 1; i <= 300; i++) {
                chronicle.add("closed", "python-" + i, "x".repeat(5000));
            }
            Iterator<String> each = lines.iterator();
            for (int i = 1; i <= 300; i++) {
                JsonNode event = Site.next(each, "happening");
                assertThat(event.get("serial").asInt()).isEqualTo(i);
                assertThat(event.get("text").asText()).as("cut").hasSizeLessThan(1100);
            }
        }
    }

    @Test
    void anActionMeantForAnInterpreterThatIsGoneIsRefused() throws Exception {
        String[] token = {"Authorization", "Bearer secret"};
        Interpreter gone = host.newInterpreter("gone");
        gone.close();
        Interpreter next = host.newInterpreter("next");
        assertThat(next.slot()).isEqualTo(gone.slot());
        try (Dashboard dashboard = dashboard().token("secret").build()) {
            Site site = new Site(dashboard.url());
            site.await("next", node -> !node.isMissingNode());
            String path = "api/interpreters/" + next.slot();
            assertThat(site.post(path + "/recycle?id=" + gone.id(), token).statusCode())
                    .isEqualTo(409);
            assertThat(site.post(path + "/trace?on=true&id=" + gone.id(), token).statusCode())
                    .isEqualTo(409);
            assertThat(next.isClosed()).isFalse();
            assertThat(next.isTracingLeaks()).isFalse();
            assertThat(site.post(path + "/trace?on=true&id=" + next.id(), token).statusCode())
                    .isEqualTo(202);
            assertThat(next.isTracingLeaks()).isTrue();
        }
    }

    @Test
    void aPoolThatWasClosedBeforeIsNotShown() throws Exception {
        InterpreterPool pool = host.pool().name("closed").max(1).build();
        pool.close();
        try (Dashboard dashboard = dashboard().build()) {
            dashboard.pool(pool);
            assertThat(new Site(dashboard.url())
                            .json("api/interpreters")
                            .get("pools")
                            .isEmpty())
                    .isTrue();
        }
    }

    @Test
    void anotherLoopbackAddressIsSaidAndAnswered() throws Exception {
        try (Dashboard dashboard =
                dashboard().address(InetAddress.getByName("127.0.0.2")).build()) {
            assertThat(dashboard.url().getHost()).isEqualTo("127.0.0.2");
            assertThat(new Site(dashboard.url()).get("").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void cpuTimeIsShownOfInterpretersThatShareThreads() throws Exception {
        try (InterpreterHost shared = InterpreterHost.builder().workers(1).build();
                Dashboard dashboard = Dashboard.builder(shared).period(20).build()) {
            Interpreter python = shared.newInterpreter("shared");
            new Site(dashboard.url()).await("shared", node -> {
                python.exec("sum(range(100000))");
                return node.path("cpu").asDouble() > 0;
            });
        }
    }

    @Test
    void nothingIsDoneWithoutTheToken() throws Exception {
        Interpreter python = host.newInterpreter("kept");
        try (Dashboard shows = dashboard().build();
                Dashboard acts = dashboard().token("secret").build()) {
            Site site = new Site(acts.url());
            int slot = site.await("kept", node -> !node.isMissingNode())
                    .get("slot")
                    .asInt();
            String recycle = "api/interpreters/" + slot + "/recycle";

            assertThat(new Site(shows.url())
                            .post(recycle, "Authorization", "Bearer secret")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(site.post(recycle).statusCode()).isEqualTo(403);
            assertThat(site.post(recycle, "Authorization", "Bearer wrong").statusCode())
                    .isEqualTo(403);
            assertThat(site.get(recycle, "Authorization", "Bearer secret").statusCode())
                    .isEqualTo(405);
            assertThat(python.isClosed()).isFalse();
        }
    }

    @Test
    void anOperatorTracesAndRecycles() throws Exception {
        String[] token = {"Authorization", "Bearer secret"};
        try (Dashboard dashboard = dashboard().token("secret").build()) {
            Site site = new Site(dashboard.url());
            InterpreterPool pool = host.pool().name("web").max(1).minIdle(1).build();
            dashboard.pool(pool);
            int slot = site.await("web-1", node -> !node.isMissingNode())
                    .get("slot")
                    .asInt();
            String path = "api/interpreters/" + slot;
            assertThat(site.json("api/interpreters")
                            .get("pools")
                            .get(0)
                            .get("max")
                            .asInt())
                    .isOne();

            assertThat(site.post(path + "/trace?on=true", token).statusCode()).isEqualTo(202);
            site.await("web-1", node -> node.path("tracing").asBoolean());
            assertThat(site.post(path + "/trace?on=false", token).statusCode()).isEqualTo(202);
            site.await("web-1", node -> !node.path("tracing").asBoolean());
            assertThat(site.post(path + "/trace", token).statusCode()).isEqualTo(400);
            assertThat(site.post("api/interpreters/99/recycle", token).statusCode())
                    .isEqualTo(404);

            long before = site.row("web-1").get("id").asLong();
            assertThat(site.post(path + "/recycle", token).statusCode()).isEqualTo(202);
            while (site.row("web-1").path("id").asLong(before) == before) {
                // The pool sees it with the next use.
                try (PooledInterpreter python = pool.acquire()) {
                    assertThat(python.eval("1 + 1")).isEqualTo(2);
                } catch (java.util.concurrent.RejectedExecutionException e) {
                    Thread.sleep(10);
                }
            }
            assertThat(site.json("api/interpreters").get("events"))
                    .anyMatch(event -> event.get("kind").asText().equals("operator"))
                    .anyMatch(event -> event.get("kind").asText().equals("recycled"));
        }
    }

    @Test
    void thePageIsServedWithAllThatItNeedsAndNothingElseMayRun() throws Exception {
        try (Dashboard dashboard = dashboard().build()) {
            Site site = new Site(dashboard.url());
            HttpResponse<String> page = site.get("");
            assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'", "script-src 'self'")
                    .doesNotContain("unsafe");
            assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(page.headers().map()).doesNotContainKey("access-control-allow-origin");
            assertThat(page.body()).doesNotContain("style=", "onclick=");

            Matcher linked = Pattern.compile("(?:src|href)=\"([a-z.]+)\"").matcher(page.body());
            while (linked.find()) {
                assertThat(site.get(linked.group(1)).statusCode())
                        .as(linked.group(1))
                        .isEqualTo(200);
            }
            HttpResponse<String> main = site.get("main.js");
            assertThat(main.headers().firstValue("Content-Type")).hasValue("text/javascript; charset=utf-8");
            Matcher imported = Pattern.compile("from '\\./([a-z.]+)'").matcher(main.body());
            assertThat(imported.results().toList()).isNotEmpty();
            imported.reset();
            while (imported.find()) {
                assertThat(site.get(imported.group(1)).statusCode())
                        .as(imported.group(1))
                        .isEqualTo(200);
            }
            String tag = main.headers().firstValue("ETag").orElseThrow();
            assertThat(site.get("main.js", "If-None-Match", tag).statusCode()).isEqualTo(304);
            assertThat(site.get("Dashboard.class").statusCode()).isEqualTo(404);
            assertThat(site.get("..%2fDashboard.class").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void requestsInTheNameOfAnotherHostAreRefused() throws Exception {
        try (Dashboard dashboard = dashboard().build();
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), dashboard.url().getPort())) {
            socket.getOutputStream()
                    .write("GET /api/interpreters HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(answer).startsWith("HTTP/1.1 421").doesNotContain("interpreters\"");
        }
    }

    @Test
    void metricsAreThoseThatWereBound() throws Exception {
        try (Dashboard without = dashboard().build();
                Dashboard with = dashboard().metrics(type -> "# " + type).build()) {
            assertThat(new Site(without.url()).get("metrics").statusCode()).isEqualTo(404);
            Site site = new Site(with.url());
            assertThat(site.get("metrics").body()).isEqualTo("# text/plain; version=0.0.4; charset=utf-8");
            HttpResponse<String> open =
                    site.get("metrics", "Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
            assertThat(open.body()).contains("openmetrics");
            assertThat(open.headers().firstValue("Content-Type").orElseThrow()).contains("openmetrics");
        }
    }

    @Test
    void aPortThatIsInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> dashboard().port(port).build())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("port " + port + " of ");
        }
    }

    @Test
    void closingTwiceIsFineAndFreesThePort() throws Exception {
        Dashboard dashboard = dashboard().build();
        URI url = dashboard.url();
        try (var lines = new Site(url).events().body()) {
            Iterator<String> each = lines.iterator();
            assertThat(Site.next(each, "tick")).isNotNull();
            dashboard.close();
            dashboard.close();
        }
        try (Dashboard again = dashboard().port(url.getPort()).build()) {
            assertThat(again.url()).isEqualTo(url);
        }
    }
}
