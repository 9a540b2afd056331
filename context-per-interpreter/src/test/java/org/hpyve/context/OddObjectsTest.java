package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Protocols on objects whose special methods are odd or missing: as in CPython. */
class OddObjectsTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void load() {
        python.loadFunctions("item:VARARGS has:VARARGS to_int:O to_float:O to_bytes:O hash:O", """
                static HPy item_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPy_GetItem_i(ctx, args[0], HPyLong_AsSsize_t(ctx, args[1]));
                }
                static HPy has_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    const char *name = HPyBytes_AsString(ctx, args[1]);
                    int has = HPy_HasAttr_s(ctx, args[0], name);
                    return HPyErr_Occurred(ctx) ? HPy_NULL : HPyLong_FromLong(ctx, has);
                }
                static HPy to_int_impl(HPyContext *ctx, HPy self, HPy arg) { return HPy_Long(ctx, arg); }
                static HPy to_float_impl(HPyContext *ctx, HPy self, HPy arg) { return HPy_Float(ctx, arg); }
                static HPy to_bytes_impl(HPyContext *ctx, HPy self, HPy arg) { return HPy_Bytes(ctx, arg); }
                static HPy hash_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_hash_t hash = HPy_Hash(ctx, arg);
                    return hash == -1 ? HPy_NULL : HPyLong_FromInt64_t(ctx, hash);
                }
                """);
        python.exec("""
                class Sequence(object):
                    def __len__(self): return 3
                    def __getitem__(self, i): return i
                class Classic:
                    def __len__(self): return 3
                    def __getitem__(self, i): return i
                class Endless(object):
                    def __getitem__(self, i): return i
                class Index(object):
                    def __index__(self): return 7
                class Both(Index):
                    def __int__(self): return 1
                    def __float__(self): return 2.5
                class Iterates(object):
                    def __iter__(self): return 5
                class Unhashable(object):
                    __hash__ = None
                """);
    }

    @Test
    void aNegativeIndexCountsFromTheEndOfASequence() {
        assertThat(python.repr("m.item(Sequence(), -1), m.item(Classic(), -3), m.item(Sequence(), 5)"))
                .isEqualTo("(2, 0, 5)");
        assertThat(python.repr("m.item(Sequence(), -4), m.item(Endless(), -4)")).isEqualTo("(-1, -4)");
        assertThat(python.repr("m.item([1, 2], -1), m.item(u'ab', -1), m.item({-1: 5}, -1)"))
                .isEqualTo("(2, u'b', 5)");
        assertThat(python.repr("m.item(type('D', (dict,), {})([(-1, 5)]), -1)")).isEqualTo("5");
    }

    @Test
    void everyErrorOfAnAttributeMeansThatItIsNotThere() {
        python.exec("""
                class Raises(object):
                    def __getattr__(self, name): raise KeyError(name)
                class Named(object): pass
                named = Named()
                setattr(named, 'h\\xc3\\xa9' + 'x' * 500, 1)
                """);

        assertThat(python.repr("m.has([], 'append'), m.has([], 'nothing'), m.has(Raises(), 'x')"))
                .isEqualTo("(1, 0, 0)");
        assertThat(python.repr("m.has([], '\\xff'), m.has(Raises(), 'a\\xc3')")).isEqualTo("(0, 0)");
        assertThat(python.repr("m.has(named, 'h\\xc3\\xa9' + 'x' * 500), m.has(named, '')"))
                .isEqualTo("(1, 0)");
    }

    @Test
    void anIndexIsANumberToo() {
        assertThat(python.repr("m.to_int(Index()), m.to_float(Index())")).isEqualTo("(7, 7.0)");
        assertThat(python.repr("m.to_int(Both()), m.to_float(Both())")).isEqualTo("(1, 2.5)");
        assertThat(python.repr("m.to_int(True), m.to_int(2.9), m.to_int('12'), m.to_float(2 ** 70) == 2.0 ** 70"))
                .isEqualTo("(1, 2, 12, True)");
        assertThat(python.raised("m.to_int([])")).startsWith("TypeError: int() argument must be");
    }

    @Test
    void whatGivesNoIteratorHasNoBytes() {
        assertThat(python.raised("m.to_bytes(Iterates())"))
                .isEqualTo("TypeError: cannot convert 'Iterates' object to bytes");
    }

    @Test
    void aHashThatIsNoneIsNoHash() {
        assertThat(python.raised("m.hash(Unhashable())")).isEqualTo("TypeError: unhashable type: 'Unhashable'");
        assertThat(python.raised("m.hash([])")).isEqualTo("TypeError: unhashable type: 'list'");
        assertThat(python.repr("m.hash(5), m.hash(-1), m.hash('a') == hash('a')"))
                .isEqualTo("(5, -2, True)");
    }
}
