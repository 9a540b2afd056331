package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Dicts: making, checking, keys, copies, items through the object protocol. */
class DictApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private void loadDicts() {
        python.loadFunctions("check:O make:NOARGS keys:O copy:O filled:O", """
                static HPy check_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyBool_FromBool(ctx, HPyDict_Check(ctx, arg));
                }
                static HPy make_impl(HPyContext *ctx, HPy self) { return HPyDict_New(ctx); }
                static HPy keys_impl(HPyContext *ctx, HPy self, HPy arg) { return HPyDict_Keys(ctx, arg); }
                static HPy copy_impl(HPyContext *ctx, HPy self, HPy arg) { return HPyDict_Copy(ctx, arg); }
                static HPy filled_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy dict = HPyDict_New(ctx);
                    HPy one = HPyLong_FromInt32_t(ctx, 1);
                    int failed = HPy_SetItem(ctx, dict, arg, one) < 0 || HPy_SetItem_s(ctx, dict, "s", arg) < 0
                              || HPy_SetItem_i(ctx, dict, 7, arg) < 0;
                    HPy_Close(ctx, one);
                    if (!failed)
                        return dict;
                    HPy_Close(ctx, dict);
                    return HPy_NULL;
                }
                """);
        python.exec("""
                class D(dict):
                    def keys(self):
                        return ['overridden']
                    def __iter__(self):
                        return iter(['overridden'])
                    def __getitem__(self, key):
                        return 'overridden'
                """);
    }

    @Test
    void checkIsTrueForDictsAndSubclassesOnly() {
        loadDicts();

        assertThat(python.repr("[m.check(x) for x in ({}, D(), m.make(), [], 'a', 1, None, dict)]"))
                .isEqualTo("[True, True, True, False, False, False, False, False]");
    }

    @Test
    void theDictOfAModuleIsADict() {
        loadDicts();

        assertThat(python.repr(
                        "m.check(m.__dict__), 'copy' in m.keys(m.__dict__), m.copy(m.__dict__)['copy'] is m.copy"))
                .isEqualTo("(True, True, True)");
    }

    @Test
    void newGivesAnEmptyDictEachTime() {
        loadDicts();

        assertThat(python.repr("m.make(), type(m.make()), m.make() is m.make()"))
                .isEqualTo("({}, <type 'dict'>, False)");
    }

    @Test
    void keysAreAList() {
        loadDicts();

        assertThat(python.repr("m.keys({}), m.keys({'a': 1}), sorted(m.keys({1: 2, 3: 4}))"))
                .isEqualTo("([], ['a'], [1, 3])");
    }

    @Test
    void keysAndCopyAskNoOverriddenMethods() {
        loadDicts();

        assertThat(python.repr("m.keys(D(a=1))")).isEqualTo("['a']");
        assertThat(python.repr("m.copy(D(a=1)), type(m.copy(D(a=1)))")).isEqualTo("({'a': 1}, <type 'dict'>)");
    }

    @Test
    void aCopyIsShallowAndIndependent() {
        loadDicts();
        python.exec("v = []; d = {'a': v}; c = m.copy(d); c['b'] = 1");

        assertThat(python.repr("d, c['a'] is v, sorted(c)")).isEqualTo("({'a': []}, True, ['a', 'b'])");
    }

    @Test
    void itemsAreSetByEveryKindOfKey() {
        loadDicts();

        assertThat(python.repr("m.filled(2.5) == {2.5: 1, u's': 2.5, 7: 2.5}")).isEqualTo("True");
        assertThat(python.raised("m.filled([])")).isEqualTo("TypeError: unhashable type: 'list'");
    }

    @Test
    void otherObjectsAreRejected() {
        loadDicts();

        assertThat(python.raised("m.keys([])")).isEqualTo("SystemError: HPyDict_Keys: bad argument of type 'list'");
        assertThat(python.raised("m.copy(None)"))
                .isEqualTo("SystemError: HPyDict_Copy: bad argument of type 'NoneType'");
    }
}
