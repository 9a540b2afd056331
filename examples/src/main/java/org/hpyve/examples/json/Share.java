package org.hpyve.examples.json;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What one interpreter did.
 *
 * @param name the interpreter's name
 * @param thread the name of the thread that did the work
 * @param records records decoded
 * @param handlesOpen HPy handles open when it was done
 * @param handlesOpened HPy handles opened
 * @param crossings calls from C into Java
 * @param bytes bytes decoded
 * @param seconds time that the decoding took
 */
record Share(
        @JsonProperty("name") String name,
        @JsonProperty("thread") String thread,
        @JsonProperty("records") int records,
        @JsonProperty("handles_open") long handlesOpen,
        @JsonProperty("handles_opened") long handlesOpened,
        @JsonProperty("crossings") long crossings,
        @JsonIgnore long bytes,
        @JsonIgnore double seconds) {}
