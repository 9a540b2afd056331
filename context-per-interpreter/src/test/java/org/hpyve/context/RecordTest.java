package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.hpyve.bridge.BridgeMode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.python.core.PyDictionary;
import org.python.core.PyObject;

/** Dicts that an extension fills, with keys that come again and others: Python sees dicts like all others. */
class RecordTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    /** {@code record} makes a dict of the words of its argument and their numbers; a word of digits is an int, !x a str. */
    @BeforeEach
    void loadRecords() {
        python.loadFunctions("record:O swap:O", """
                #include <stdlib.h>
                #include <string.h>
                static HPy key_of(HPyContext *ctx, const char *word, HPy_ssize_t n)
                {
                    if (*word >= '0' && *word <= '9')
                        return HPyLong_FromInt64_t(ctx, atoi(word));
                    if (*word == '!')
                        return HPyBytes_FromStringAndSize(ctx, word + 1, n - 1);
                    return HPyUnicode_DecodeASCII(ctx, word, n, "");
                }
                static HPy record_impl(HPyContext *ctx, HPy self, HPy words)
                {
                    const char *at = HPyUnicode_AsUTF8AndSize(ctx, words, NULL);
                    HPy dict = at ? HPyDict_New(ctx) : HPy_NULL;
                    for (int64_t number = 0; !HPy_IsNull(dict) && *at; number++) {
                        HPy_ssize_t n = (HPy_ssize_t)strcspn(at, " ");
                        HPy key = key_of(ctx, at, n);
                        HPy value = HPyLong_FromInt64_t(ctx, number);
                        if (HPy_SetItem(ctx, dict, key, value) < 0) {
                            HPy_Close(ctx, dict);
                            dict = HPy_NULL;
                        }
                        HPy_Close(ctx, key);
                        HPy_Close(ctx, value);
                        at += n + (at[n] == ' ');
                    }
                    return dict;
                }
                /* [{a: 0}] made here, read and changed while this code still has the dict */
                static HPy swap_impl(HPyContext *ctx, HPy self, HPy value)
                {
                    HPy dict = HPyDict_New(ctx), list = HPyList_New(ctx, 0);
                    HPyTracker t = HPyTracker_New(ctx, 2);
                    for (int round = 0; round < 3; round++) {
                        HPy a = HPyUnicode_FromString(ctx, "a"), b = HPyUnicode_FromString(ctx, "b");
                        HPy_SetItem(ctx, dict, a, value);
                        HPyList_Append(ctx, list, dict);
                        HPy got = HPy_GetItem(ctx, dict, a);
                        HPy_SetItem(ctx, dict, b, got);
                        HPy_Close(ctx, got);
                        HPy_Close(ctx, a);
                        HPy_Close(ctx, b);
                    }
                    HPy_Close(ctx, dict);
                    HPyTracker_Close(ctx, t);
                    return list;
                }
                """);
        python.exec("""
                def plain(words):
                    made = {}
                    for i, w in enumerate(words.split()):
                        made[int(w) if w.isdigit() else w[1:] if w[0] == '!' else unicode(w)] = i
                    return made
                def made(words, times=4):
                    for i in range(times):
                        last = m.record(unicode(words))
                    return last
                def same(words):
                    all = [m.record(unicode(words)) for i in range(4)]
                    assert [d.keys() for d in all] == [plain(words).keys()] * 4, all
                    assert [d.items() for d in all] == [plain(words).items()] * 4, all
                    assert all == [plain(words)] * 4
                    return len(all[-1])
                """);
    }

    private static boolean isShaped(PyObject dict) {
        return ((PyDictionary) dict).getMap() instanceof ShapedMap;
    }

    @Test
    void recordsHaveTheItemsInTheOrderOfOtherDicts() {
        assertThat(python.repr("same('id name price'), same('id name tags'), same('name id'), same('id'), same('')"))
                .isEqualTo("(3, 3, 2, 1, 0)");
    }

    @Test
    void aKeyThatComesTwiceHasTheLastValue() {
        assertThat(python.repr("same('a b a c b a'), made('a b a')['a'], made('a b a')['b']"))
                .isEqualTo("(3, 2, 1)");
    }

    @Test
    void otherKeysAreKeysToo() {
        assertThat(python.repr("same('a 1 b 2 !c c !a a 1')")).isEqualTo("5");
    }

    @Test
    void thousandKeysAndKeysThatNeverComeAgain() {
        assertThat(python.repr("same(' '.join('k%d' % i for i in range(1000)))"))
                .isEqualTo("1000");
        assertThat(python.repr("sum(same('id once%d' % i) for i in range(300))"))
                .isEqualTo("600");
    }

    @Test
    void whatComesAgainIsShared() {
        PyObject record = python.eval("made('id name')");

        assertThat(isShaped(record)).isEqualTo(python.context().bridgeMode().crossing() == BridgeMode.Crossing.BATCHED);
    }

    @Test
    void readingFindsWhatIsThere() {
        assertThat(python.repr(
                        "[(d['id'], d[u'name'], d.get('x'), d.get('name', 7), 'id' in d, 3 in d, len(d), bool(d))"
                                + " for d in [made('id name')]]"))
                .isEqualTo("[(0, 1, None, 1, True, False, 2, True)]");
        assertThat(python.raised("made('id name')['x']")).isEqualTo("KeyError: 'x'");
        assertThat(python.raised("made('id name')[[]]")).startsWith("TypeError: unhashable type");
    }

    @Test
    void pythonMayChangeItInEveryWay() {
        python.exec("""
                import copy, pickle
                def changes():
                    def each(change):
                        d, e = made('a b c'), plain('a b c')
                        other = made('a b c')
                        got = change(d), change(e)
                        assert got[0] == got[1], got
                        assert d == e and d.items() == e.items(), (d, e)
                        assert other == plain('a b c')
                        return 1
                    return sum(each(c) for c in (
                        lambda d: d.__setitem__('a', 9), lambda d: d.__setitem__('z', 9), lambda d: d.__delitem__('b'),
                        lambda d: d.pop('a'), lambda d: d.popitem(), lambda d: d.clear(), lambda d: d.setdefault('a', 5),
                        lambda d: d.setdefault('q', 5), lambda d: d.update({'a': 3}), lambda d: d.update(y=1),
                        lambda d: d.copy(), lambda d: copy.copy(d), lambda d: copy.deepcopy(d), lambda d: dict(d),
                        lambda d: pickle.loads(pickle.dumps(d)), lambda d: repr(d), lambda d: sorted(d.iteritems()),
                        lambda d: list(d.viewkeys()), lambda d: list(d.itervalues()), lambda d: d.has_key('a'),
                        lambda d: cmp(d, {'a': 1}), lambda d: d == {'a': 0, 'b': 1, 'c': 2}, lambda d: dict(**d)))
                """);

        assertThat(python.repr("changes()")).isEqualTo("23");
    }

    @Test
    void whatIsFilledAfterOthersSawItIsSeenByThem() {
        assertThat(python.repr("m.swap(5)")).isEqualTo(python.repr("[{u'a': 5, u'b': 5}] * 3"));
    }

    @Test
    void twoThreadsOfPythonLoseNothing() throws Exception {
        python.exec("""
                records = [made('a b c d') for i in range(200)]
                def work(me):
                    for r in records:
                        assert r['a'] == 0 and r['d'] == 3
                        r[me] = 1
                        assert r[me] == 1 and r['c'] == 2
                """);
        CountDownLatch start = new CountDownLatch(2);
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        Thread[] threads = new Thread[2];
        for (int i = 0; i < threads.length; i++) {
            String call = "work('me" + i + "')";
            threads[i] = new Thread(() -> {
                try {
                    python.enter();
                    start.countDown();
                    start.await();
                    python.eval(call);
                } catch (Exception | AssertionError e) {
                    failures.add(e);
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(failures).isEmpty();
        assertThat(python.repr("set(map(len, records))")).isEqualTo("set([6])");
    }
}
