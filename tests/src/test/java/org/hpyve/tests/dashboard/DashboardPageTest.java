package org.hpyve.tests.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.hpyve.examples.serve.TenantServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/**
 * The dashboard in a browser, beside the example server with 50 interpreters that are in use, one of which leaks. With the
 * system property {@code hpyve.screenshots} the pictures go to that folder, such as that of the documentation.
 */
@Timeout(180)
class DashboardPageTest {

    private static final int INTERPRETERS = 50;
    private static final double LOAD = 80;
    private static final String TOKEN = "secret";
    private static final String SCREENSHOTS = "hpyve.screenshots";
    private static final Path PICTURES = Path.of(System.getProperty(SCREENSHOTS, "target/screenshots"));

    @TempDir
    private static Path profile;

    private static TenantServer server;
    private static Chromium browser;

    @BeforeAll
    static void start() throws Exception {
        Chromium.isNeeded();
        server = new TenantServer(new TenantServer.Options(0, 0, TOKEN, INTERPRETERS, true, LOAD));
        browser = new Chromium(profile);
        if (System.getProperty(SCREENSHOTS) != null) {
            // So that the charts of the pictures have something to show.
            Thread.sleep(90_000);
        }
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void openPage() {
        browser.prefer("light");
        browser.open(server.dashboard().resolve("?fresh=" + System.nanoTime()));
        browser.ask("sessionStorage.clear()");
        browser.await("all interpreters", () -> browser.all("#table tbody tr").size() == INTERPRETERS);
    }

    @AfterEach
    void nothingWentWrongInThePage() {
        // A refused action is an answer with an error status, which browsers note.
        assertThat(browser.complaints()).allMatch(line -> line.contains("403") || line.contains("503"));
    }

    private static void awaitLeak() {
        browser.await(
                "a leaking interpreter",
                () -> !browser.all("tr[data-status=leaking]").isEmpty());
    }

    private static List<String> names() {
        return browser.texts("#table tbody th a");
    }

    private static void sortBy(String label) {
        for (WebElement button : browser.all("#table thead button")) {
            if (button.getText().startsWith(label)) {
                button.click();
                return;
            }
        }
        throw new AssertionError("no column " + label);
    }

    @Test
    void numbersChangeWhileInterpretersWork() {
        String calls = ".tile:nth-child(4) .value";
        browser.await("handles are opened", () -> !browser.text(calls).equals("0"));
        List<String> before = browser.texts("#table tbody tr td:nth-child(5)");

        browser.await(
                "rows change",
                () -> !browser.texts("#table tbody tr td:nth-child(5)").equals(before));

        assertThat(browser.text("#state")).isEqualTo("Live");
        assertThat(browser.text(".tile:nth-child(1) .value")).isEqualTo("50");
        assertThat(browser.text(".tile:nth-child(2) .value")).endsWith(" of 50");
    }

    @Test
    void theTableSortsByItsHeaders() {
        sortBy("Name");
        Comparator<String> byNumber = Comparator.comparingInt(name -> Integer.parseInt(name.replaceAll("\\D", "")));
        List<String> ascending = new ArrayList<>(names());
        assertThat(ascending).isSortedAccordingTo(byNumber);
        assertThat(browser.find("#table [aria-sort]").getDomAttribute("aria-sort"))
                .isEqualTo("ascending");

        sortBy("Name");
        Collections.reverse(ascending);
        assertThat(names()).isEqualTo(ascending);
        assertThat(browser.find("#table [aria-sort]").getDomAttribute("aria-sort"))
                .isEqualTo("descending");
        assertThat(browser.all("#table [aria-sort]")).hasSize(1);
    }

    @Test
    void theFilterLeavesThoseWhoseNameFits() {
        browser.find("#filter").sendKeys("NANT-4");

        assertThat(names()).isNotEmpty().allMatch(name -> name.startsWith("tenant-4"));
        assertThat(browser.text("#count")).isEqualTo("11 of 50");

        browser.find("#filter").sendKeys("nobody");
        assertThat(names()).isEmpty();
        assertThat(browser.find("#nothing").isDisplayed()).isTrue();
    }

    @Test
    void theLeakingInterpreterIsFlaggedByTextAndFoundByOneClick() {
        awaitLeak();
        browser.find("#flagged").click();

        browser.await("one row", () -> names().size() == 1);
        assertThat(browser.text("tr[data-status=leaking] .badge")).contains("Leaking");
        assertThat(browser.text("tr[data-status=leaking] td.number:nth-child(7)"))
                .startsWith("+");
        assertThat(browser.text(".tile.bad .more")).isEqualTo("1 leaking");
    }

    @Test
    void theDetailTellsWhichLineLeaks() throws IOException {
        awaitLeak();
        browser.find("tr[data-status=leaking] a").click();
        browser.await("live handles", () -> browser.text("#live").contains("leaky"));
        assertThat(browser.address()).matches(".*#\\d+");
        assertThat(browser.text("#detail-title")).startsWith("tenant-");
        assertThat(browser.all("#charts canvas"))
                .hasSize(6)
                .allMatch(canvas -> canvas.getDomAttribute("aria-label").contains(": "));

        browser.find("#trace").click();
        browser.find("#token").sendKeys("wrong", Keys.ENTER);
        browser.await("refused", () -> browser.text("#ask-problem").contains("wrong"));
        browser.find("#token").sendKeys(TOKEN, Keys.ENTER);
        browser.await("tracing", () -> browser.text("#trace").equals("Stop tracing"));
        browser.await("a leak is found", () -> {
            browser.find("#again").click();
            return browser.text("#leaks tbody").contains("tenant.py:");
        });
        assertThat(browser.text("#leaks tbody")).contains("forget");
        browser.shoot(PICTURES.resolve("dashboard-detail.png"));

        browser.find("#trace").click();
        browser.await("the token is remembered", () -> browser.text("#trace").equals("Trace leaks"));
        browser.press(Keys.ESCAPE);
        browser.await("closed", () -> !browser.find("#detail").isDisplayed());
        assertThat(browser.focused().getText()).startsWith("tenant-");
    }

    @Test
    void anOperatorRecyclesAnInterpreter() {
        sortBy("Name");
        String id = "return document.querySelector('#detail-state').textContent";
        browser.find("#table tbody tr:nth-child(3) a").click();
        browser.await("the detail", () -> browser.find("#detail").isDisplayed());
        String before = browser.ask(id);

        browser.find("#recycle").click();
        assertThat(browser.text("#ask-text")).contains("tenant-3");
        browser.find("#token").sendKeys(TOKEN, Keys.ENTER);

        browser.await("the event", () -> browser.text("#events").contains("Recycled"));
        browser.await("another interpreter", () -> !browser.ask(id).equals(before));
    }

    @Test
    void everythingIsReachedWithTheKeyboard() {
        browser.press(Keys.TAB);
        assertThat(browser.focused().getText()).isEqualTo("Skip to the interpreters");
        for (String expected : List.of("flagged", "filter", "interpreters")) {
            browser.press(Keys.TAB);
            assertThat(browser.focused().getDomAttribute("id")).isEqualTo(expected);
        }
        browser.press(Keys.TAB, Keys.TAB, Keys.TAB, Keys.ENTER);
        assertThat(browser.find("#table [aria-sort]").getText()).startsWith("Name");

        // From the last header to the first row.
        while (!browser.focused().getTagName().equals("a")) {
            browser.press(Keys.TAB);
        }
        assertThat(browser.focused().getText()).isEqualTo("tenant-1");
        browser.press(Keys.TAB, Keys.ENTER);
        browser.await("the detail", () -> browser.find("#detail").isDisplayed());
        assertThat(browser.text("#detail-title")).isEqualTo("tenant-2");
        assertThat(browser.focused().getDomAttribute("id")).isEqualTo("close");
        browser.press(Keys.ENTER);
        browser.await("closed", () -> !browser.find("#detail").isDisplayed());
        assertThat(browser.focused().getText()).isEqualTo("tenant-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void thePageHasNoBarriers(String scheme) throws IOException {
        browser.prefer(scheme);
        awaitLeak();
        assertThat(browser.barriers()).isEmpty();
        browser.shoot(PICTURES.resolve("dashboard-" + scheme + ".png"));

        browser.find("tr[data-status=leaking] a").click();
        browser.await("live handles", () -> browser.text("#live").contains("leaky"));
        assertThat(browser.barriers()).isEmpty();
        browser.shoot(PICTURES.resolve("dashboard-detail-" + scheme + ".png"));
        browser.find("#trace").click();
        assertThat(browser.find("#ask").isDisplayed()).isTrue();
        assertThat(browser.barriers()).isEmpty();
    }
}
