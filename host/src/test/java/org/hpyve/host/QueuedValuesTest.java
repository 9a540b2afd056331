package org.hpyve.host;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is put into queues, and what is not: values of Java, values with queues in them, values that are large only if copied. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QueuedValuesTest {

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    private InterpreterHost host(Isolation isolation) {
        return InterpreterHost.builder()
                .isolation(isolation)
                .searchPath(fixture.folder())
                .build();
    }

    /** To follow every way through it would take for ever. */
    @ParameterizedTest
    @EnumSource
    void tuplesThatHoldTheNextOneTwiceCross(Isolation isolation) {
        try (InterpreterHost host = host(isolation)) {
            host.newInterpreter().exec("""
                    import interpreters
                    it = interpreters.create()
                    q = interpreters.create_queue()
                    it.prepare_main(q=q)
                    def last_of(t):
                        for i in range(60):
                            assert type(t) is tuple and len(t) == 2
                            t = t[i % 2]
                        return t
                    for last in ((), [], (set(), 1L)):
                        t = last
                        for i in range(60):
                            t = (t, t)
                        q.put(t)
                        it.exec("t = q.get(); q.put(t)")
                        assert last_of(q.get()) == last
                        it.prepare_main(t=t)
                        assert interpreters.is_shareable(t) == (last == ())
                        assert last_of(it.call(tuple, t)) == last
                        assert last_of(it.call(dict, a=t)["a"]) == last
                    """);
        }
    }
}
