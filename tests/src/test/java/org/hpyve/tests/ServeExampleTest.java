package org.hpyve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.hpyve.examples.serve.TenantServer;
import org.hpyve.host.cli.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The example server, without a browser. */
@Timeout(120)
class ServeExampleTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Not for its host: it sees that the server leaves no thread and no folder behind. */
    @RegisterExtension
    final HostExtension hosts = new HostExtension();

    private static HttpResponse<String> send(URI url, String method, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url)
                .method(method, BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(URI url) throws Exception {
        return send(url, "GET", "");
    }

    private static TenantServer server(int interpreters) throws Exception {
        return new TenantServer(new TenantServer.Options(0, 0, null, interpreters, false, 0));
    }

    @Test
    void tenantsHaveDocumentsOfTheirOwn() throws Exception {
        try (TenantServer server = server(2)) {
            URI first = server.service().resolve("tenants/first/");
            URI second = server.service().resolve("tenants/second/");

            assertThat(send(first.resolve("documents"), "POST", "{\"a\": [1, 2.5]}")
                            .body())
                    .isEqualTo("{\"number\": 1}");
            assertThat(send(second.resolve("documents"), "POST", "\"äß\"").statusCode())
                    .isEqualTo(201);

            assertThat(get(first.resolve("documents/1")).body()).isEqualToIgnoringWhitespace("{\"a\":[1,2.5]}");
            assertThat(get(second.resolve("documents/1")).body()).isEqualTo("\"äß\"");
            assertThat(get(first.resolve("documents/2")).statusCode()).isEqualTo(404);
            assertThat(get(server.service().resolve("tenants/first")).body()).contains("\"added\":1");
        }
    }

    @Test
    void whatIsNoJsonIsTheCallersFault() throws Exception {
        try (TenantServer server = server(1)) {
            HttpResponse<String> answer = send(server.service().resolve("tenants/me/documents"), "POST", "{");

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("Expecting");
        }
    }

    @Test
    void aForgottenTenantBeginsAnew() throws Exception {
        try (TenantServer server = server(1)) {
            URI tenant = server.service().resolve("tenants/me");
            send(server.service().resolve("tenants/me/documents"), "POST", "1");

            assertThat(send(tenant, "DELETE", "").statusCode()).isEqualTo(204);
            assertThat(send(tenant, "DELETE", "").statusCode()).isEqualTo(404);
            assertThat(get(tenant).body()).contains("\"added\":0");
        }
    }

    @Test
    void oneMoreTenantTakesTheInterpreterOfWhoWasAwayForLongest() throws Exception {
        try (TenantServer server = server(1)) {
            send(server.service().resolve("tenants/old/documents"), "POST", "1");
            send(server.service().resolve("tenants/new/documents"), "POST", "2");

            assertThat(get(server.service().resolve("tenants/new/documents/1")).body())
                    .isEqualTo("2");
            assertThat(get(server.service().resolve("tenants/old")).body()).contains("\"added\":0");
        }
    }

    @Test
    void tenantsThatTakeAnInterpreterFromEachOtherNeverSeeOthersDocuments() throws Exception {
        try (TenantServer server = server(1)) {
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
                clients.add(CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 30; i++) {
                        try {
                            send(server.service().resolve("tenants/" + name + "/documents"), "POST", '"' + name + '"');
                            HttpResponse<String> first =
                                    get(server.service().resolve("tenants/" + name + "/documents/1"));
                            if (first.statusCode() == 200) {
                                assertThat(first.body()).isEqualTo('"' + name + '"');
                            } else {
                                assertThat(first.statusCode()).isIn(404, 503);
                            }
                        } catch (Exception e) {
                            throw new CompletionException(e);
                        }
                    }
                }));
            }
            clients.forEach(CompletableFuture::join);
        }
    }

    @Test
    void aDocumentThatIsTooLargeIsTheCallersFault() throws Exception {
        try (TenantServer server = server(1)) {
            URI documents = server.service().resolve("tenants/me/documents");
            assertThat(send(documents, "POST", '"' + "x".repeat(1 << 20) + '"').statusCode())
                    .isEqualTo(413);
            assertThat(send(documents, "POST", "1").statusCode()).isEqualTo(201);
        }
    }

    @Test
    void theDashboardHasRowsAndMetricsOfTheTenants() throws Exception {
        try (TenantServer server = server(1)) {
            assertThat(send(server.service().resolve("tenants/me/documents"), "POST", "[\"text\"]")
                            .statusCode())
                    .isEqualTo(201);

            // It looks once a second.
            while (!get(server.dashboard().resolve("api/interpreters")).body().contains("\"tenant-1\"")) {
                Thread.sleep(50);
            }
            assertThat(get(server.dashboard().resolve("metrics")).body())
                    .contains("hpy_handles_open{", "hpy_calls_total{", "interpreter_pool_max{");
        }
    }

    @Test
    void aPortInUseIsSaidAndNothingStaysOpen() throws Exception {
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine().setErr(new PrintWriter(err, true));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            int code = commandLine.execute(
                    "serve", "--port", "" + taken.getLocalPort(), "--dashboard-port", "0", "--interpreters", "1");

            assertThat(code).isEqualTo(1);
            assertThat(err.toString()).startsWith("hpyve serve: port " + taken.getLocalPort() + " of localhost");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serve --port 70000",
                "serve --port many",
                "serve --dashboard-port -1",
                "serve --interpreters 0",
                "serve --load -1",
                "serve --token= "
            })
    void aWrongUseEndsWithTheUsage(String arguments) {
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine().setErr(new PrintWriter(err, true));

        assertThat(commandLine.execute(arguments.split(" "))).isEqualTo(2);

        assertThat(err.toString()).contains("Usage: hpyve serve");
    }
}
