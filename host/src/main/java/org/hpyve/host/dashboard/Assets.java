package org.hpyve.host.dashboard;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.ETag;
import io.undertow.util.ETagUtils;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.zip.CRC32;

/** The files of the page, from memory. Any thread. */
final class Assets implements HttpHandler {

    private record Asset(String type, byte[] content, ETag tag) {}

    private static final String CHART = "chart.umd.min.js";

    /** The library is on the class path under its version. */
    private static final String CHART_RESOURCE = "/META-INF/resources/webjars/chart.js/%s/dist/" + CHART;

    private static final String CHART_PROPERTIES = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";

    private static final List<String> FILES = List.of(
            "index.html",
            "style.css",
            "icon.svg",
            "main.js",
            "feed.js",
            "table.js",
            "charts.js",
            "detail.js",
            "tiles.js",
            "events.js",
            "operator.js",
            "format.js");

    private final Map<String, Asset> assets = new HashMap<>();

    Assets() {
        for (String file : FILES) {
            add("/" + file, file);
        }
        assets.put("/", assets.get("/index.html"));
        add("/" + CHART, CHART_RESOURCE.formatted(chartVersion()));
    }

    private static String chartVersion() {
        Properties properties = new Properties();
        try (InputStream stream = open(CHART_PROPERTIES)) {
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static InputStream open(String resource) {
        InputStream stream = Assets.class.getResourceAsStream(resource);
        if (stream == null) {
            throw new IllegalStateException("the dashboard is not complete: " + resource + " is missing");
        }
        return stream;
    }

    private void add(String path, String resource) {
        try (InputStream stream = open(resource)) {
            byte[] content = stream.readAllBytes();
            CRC32 sum = new CRC32();
            sum.update(content);
            assets.put(path, new Asset(type(resource), content, new ETag(false, Long.toHexString(sum.getValue()))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String type(String resource) {
        return switch (resource.substring(resource.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalArgumentException(resource);
        };
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        Asset asset = assets.get(exchange.getRelativePath());
        if (asset == null) {
            exchange.setStatusCode(StatusCodes.NOT_FOUND).endExchange();
            return;
        }
        // Kept by browsers, and asked for whether it is still the same.
        exchange.getResponseHeaders()
                .put(Headers.CACHE_CONTROL, "no-cache")
                .put(Headers.ETAG, asset.tag().toString());
        if (!ETagUtils.handleIfNoneMatch(exchange, asset.tag(), false)) {
            exchange.setStatusCode(StatusCodes.NOT_MODIFIED).endExchange();
            return;
        }
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, asset.type());
        exchange.getResponseSender().send(ByteBuffer.wrap(asset.content()));
    }
}
