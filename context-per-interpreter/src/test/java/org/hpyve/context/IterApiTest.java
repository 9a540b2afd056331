package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Iterators and their end. */
class IterApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private void loadIterators() {
        python.loadFunctions("check:O iter:O next:O collect:O", """
                static HPy check_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyBool_FromBool(ctx, HPyIter_Check(ctx, arg));
                }
                static HPy iter_impl(HPyContext *ctx, HPy self, HPy arg) { return HPy_GetIter(ctx, arg); }
                static HPy next_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy item = HPyIter_Next(ctx, arg);
                    if (HPy_IsNull(item) && !HPyErr_Occurred(ctx))
                        return HPyUnicode_FromString(ctx, "end");
                    return item;
                }
                static HPy collect_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy iterator = HPy_GetIter(ctx, arg);
                    if (HPy_IsNull(iterator))
                        return HPy_NULL;
                    HPy list = HPyList_New(ctx, 0);
                    for (;;) {
                        HPy item = HPyIter_Next(ctx, iterator);
                        if (HPy_IsNull(item))
                            break;
                        HPyList_Append(ctx, list, item);
                        HPy_Close(ctx, item);
                    }
                    HPy_Close(ctx, iterator);
                    if (!HPyErr_Occurred(ctx))
                        return list;
                    HPy_Close(ctx, list);
                    return HPy_NULL;
                }
                """);
        python.exec("""
                class Up(object):
                    def __init__(self):
                        self.n = 0
                    def __iter__(self):
                        return self
                    def next(self):
                        self.n += 1
                        if self.n > 3:
                            raise StopIteration
                        return self.n
                class Classic:
                    def next(self):
                        return 5
                class ClassicWithout:
                    pass
                class Iterable(object):
                    def __iter__(self):
                        return Up()
                class Sequence(object):
                    def __getitem__(self, index):
                        if index == 2:
                            raise IndexError
                        return index * 10
                class NoIterator(object):
                    def __iter__(self):
                        return 5
                def failing():
                    yield 1
                    raise KeyError('inside')
                """);
    }

    @Test
    void checkIsTrueForIteratorsOnly() {
        loadIterators();

        assertThat(python.repr("[m.check(x) for x in (iter([]), iter(()), iter('a'), iter({}), Up(), failing(),"
                        + " Classic(), iter(Sequence()), iter(int, 0), iter(xrange(3)), enumerate([]), reversed([]))]"))
                .isEqualTo("[" + "True, ".repeat(11) + "True]");
        assertThat(python.repr("[m.check(x) for x in ([], (), 'a', {}, 5, None, Iterable(), ClassicWithout(), Up)]"))
                .isEqualTo("[" + "False, ".repeat(8) + "False]");
    }

    @Test
    void everyKindOfIterableIsCollected() {
        loadIterators();

        assertThat(python.repr(
                        "map(m.collect, ([], [1, 2], (3,), 'ab', {'k': 1}, Up(), Iterable(), Sequence(), xrange(3)))"))
                .isEqualTo("[[], [1, 2], [3], ['a', 'b'], ['k'], [1, 2, 3], [1, 2, 3], [0, 10], [0, 1, 2]]");
    }

    @Test
    void theEndIsNullWithoutAnException() {
        loadIterators();
        python.exec("it = iter([None])");

        assertThat(python.repr("m.next(it), m.next(it), m.next(it)")).isEqualTo("(None, u'end', u'end')");
        assertThat(python.repr("m.next(Classic())")).isEqualTo("5");
    }

    @Test
    void anExceptionOfTheIteratorIsNotItsEnd() {
        loadIterators();

        assertThat(python.raised("m.collect(failing())")).isEqualTo("KeyError: 'inside'");
        python.exec("g = failing()");
        assertThat(python.repr("m.next(g)")).isEqualTo("1");
        assertThat(python.raised("m.next(g)")).isEqualTo("KeyError: 'inside'");
        assertThat(python.repr("m.next(g)")).isEqualTo("u'end'");
    }

    @Test
    void whatCannotBeIteratedIsATypeError() {
        loadIterators();

        assertThat(python.raised("m.iter(5)")).isEqualTo("TypeError: 'int' object is not iterable");
        assertThat(python.raised("m.iter(NoIterator())"))
                .isEqualTo("TypeError: iter() returned non-iterator of type 'int'");
        assertThat(python.raised("m.next([])")).isEqualTo("TypeError: 'list' object is not an iterator");
        assertThat(python.raised("m.next(5)")).isEqualTo("TypeError: 'int' object is not an iterator");
    }

    @Test
    void anIteratorIsItsOwnIterator() {
        loadIterators();
        python.exec("it = iter([1]); up = Up()");

        assertThat(python.repr("m.iter(it) is it, m.iter(up) is up")).isEqualTo("(True, True)");
    }
}
