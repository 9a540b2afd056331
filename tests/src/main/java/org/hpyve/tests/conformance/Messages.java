package org.hpyve.tests.conformance;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/** What a worker is asked, and what it replies. */
final class Messages {

    static final ObjectMapper JSON = new ObjectMapper()
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

    private Messages() {}

    /** A test to run; without a node, all tests are to be listed. */
    record Request(String node) {}

    /** The first reply has neither; then the tests that were asked for, or the result of a test. */
    record Reply(List<TestFile> files, Row row) {}
}
