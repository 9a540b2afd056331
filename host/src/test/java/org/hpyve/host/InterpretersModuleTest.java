package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The module {@code interpreters}: making interpreters, running code in them, closing them. */
class InterpretersModuleTest {

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    private Interpreter python;

    /** An interpreter with {@code raises(class, function, arguments...)}, which gives the exception. */
    @BeforeEach
    void begin() {
        python = fixture.newInterpreter();
        python.exec("""
                import interpreters

                def raises(expected, function, *args, **kwargs):
                    try:
                        function(*args, **kwargs)
                    except expected as e:
                        return e
                    raise AssertionError("nothing was raised")
                """);
    }

    @Test
    void itHasTwoNames() {
        python.exec("""
                import concurrent.interpreters
                from concurrent import interpreters as again
                assert concurrent.interpreters is again is interpreters
                """);
    }

    @Test
    void idsCountUpAndAreNotUsedAgain() {
        python.exec("""
                me = interpreters.get_current()
                assert me.id == 0
                made = [interpreters.create() for i in range(3)]
                assert [each.id for each in made] == [1, 2, 3]
                assert interpreters.list_all() == [me] + made
                made[2].close()
                assert interpreters.list_all() == [me] + made[:2]
                assert interpreters.create().id == 4
                """);
        assertThat(python.id()).isZero();
        assertThat(fixture.newInterpreter().id()).isEqualTo(5);
    }

    @Test
    void thereIsOneObjectForAnInterpreter() {
        python.exec("""
                import cPickle
                it = interpreters.create()
                assert interpreters.Interpreter(it.id) is it is interpreters.list_all()[1]
                assert cPickle.loads(cPickle.dumps(it, 2)) is it
                assert it == it and it != interpreters.get_current() and it != 1
                assert len({it: 1, interpreters.Interpreter(1): 2}) == 1
                assert repr(it) == "Interpreter(1)"
                raises(interpreters.InterpreterNotFoundError, interpreters.Interpreter, 99)
                raises(TypeError, interpreters.Interpreter, "1")
                raises(TypeError, interpreters.Interpreter, True)
                """);
    }

    @Test
    void whoMadeAnInterpreterIsKnown() {
        Interpreter other = fixture.newInterpreter();
        python.exec("""
                it = interpreters.create()
                assert it.whence == "interpreters module" and interpreters.get_current().whence == "host"
                it.exec("import interpreters; inner = interpreters.create()")
                inner = interpreters.list_all()[-1]
                inner.exec(
                    "import interpreters; assert interpreters.get_main().id == 0 != interpreters.get_current().id")
                it.close()
                inner.exec("pass")
                """);
        other.exec("import interpreters; assert interpreters.get_main() is interpreters.get_current()");
    }

    @Test
    void execRunsInMainOfTheOther() {
        python.exec("""
                it = interpreters.create()
                it.exec("x = 1")
                it.exec_("x += 1")
                getattr(it, "exec")(u"x += 1; name = __name__; y = u'\\u20ac'")
                assert it.call(lambda: (x, name, len(y))) == (3, "__main__", 1)
                assert "x" not in globals()
                raises(TypeError, it.exec_, 1)
                """);
    }

    @Test
    void whatTheOtherRaisesIsTold() {
        python.exec("""
                it = interpreters.create()
                it.exec('''
                class Odd(Exception): pass
                def fail():
                    raise Odd("why", 1)
                '''.replace("\\n                ", "\\n"))
                e = raises(interpreters.ExecutionFailed, it.exec_, "fail()")
                info = e.excinfo
                assert info.type.__name__ == "Odd" and info.type.__module__ == "__main__", info.type
                assert info.msg == "('why', 1)" and info.formatted == "Odd: ('why', 1)", info.formatted
                assert info.errdisplay.startswith("Traceback (most recent call last):") and "in fail" in info.errdisplay
                assert isinstance(e, interpreters.InterpreterError) and info.errdisplay in str(e)
                assert raises(interpreters.ExecutionFailed, it.exec_, "(").excinfo.type.__name__ == "SyntaxError"
                assert raises(interpreters.ExecutionFailed, it.exec_, "raise SystemExit(3)").excinfo.msg == "3"
                assert raises(interpreters.ExecutionFailed, it.call, lambda: 1 / 0).excinfo.type.__module__ == "exceptions"
                it.exec("pass")
                """);
    }

    @Test
    void theCurrentInterpreterRefuses() {
        python.exec("""
                me = interpreters.get_current()
                assert me.is_running()
                for method, args in ((me.exec_, ("",)), (me.call, (int,)), (me.close, ()), (me.prepare_main, ({},))):
                    raises(interpreters.InterpreterError, method, *args)
                it = interpreters.create()
                it.exec("import interpreters")
                text = "interpreters.get_current().%s"
                for method in "exec_('')", "call(int)", "close()":
                    e = raises(interpreters.ExecutionFailed, it.exec_, text % method)
                    assert e.excinfo.type.__name__ == "InterpreterError", e
                """);
    }

    @Test
    void interpretersOfTheHostCanOnlyBeSeen() {
        fixture.newInterpreter();
        python.exec("""
                other = interpreters.Interpreter(1)
                assert not other.is_running()
                raises(interpreters.InterpreterError, other.exec_, "")
                raises(interpreters.InterpreterError, other.close)
                """);
    }

    @Test
    void aClosedInterpreterIsNotFound() {
        python.exec("""
                it = interpreters.create()
                it.close()
                for method in (it.close, it.is_running):
                    raises(interpreters.InterpreterNotFoundError, method)
                raises(interpreters.InterpreterNotFoundError, it.exec_, "")
                raises(interpreters.NotShareableError, interpreters.create_queue().put, it)
                """);
        assertThat(fixture.host().interpreters()).containsExactly(python);
    }

    @Test
    void aRunningInterpreterIsNotClosed() {
        python.exec("""
                it = interpreters.create()
                begun, end = interpreters.create_queue(), interpreters.create_queue()
                def wait(begun, end):
                    begun.put(1)
                    end.get()
                thread = it.call_in_thread(wait, begun, end)
                begun.get()
                assert it.is_running()
                raises(interpreters.InterpreterError, it.close)
                end.put(1)
                thread.join()
                assert not it.is_running()
                it.close()
                """);
    }

    @Test
    void mainIsPrepared() {
        python.exec("""
                it = interpreters.create()
                it.prepare_main({"a": 1, "b": [2]}, b=u"two", c=(3, None))
                it.exec("assert (a, b, c) == (1, u'two', (3, None))")
                it.prepare_main(me=it)
                it.exec("import interpreters; assert me is interpreters.get_current()")
                it.prepare_main()
                raises(TypeError, it.prepare_main, {1: 2})
                """);
    }

    @Test
    void variablesMayHaveTheNamesOfParameters() {
        python.exec("""
                it = interpreters.create()
                it.prepare_main(ns=1, self=2)
                it.prepare_main({"ns": 3}, args=4)
                it.prepare_main(None)
                it.exec("assert (ns, self, args) == (3, 2, 4)")
                raises(TypeError, it.prepare_main, {}, {})
                """);
    }

    @Test
    void idsAreNotCutOff() {
        python.exec("""
                for id in (1 << 63, 1 << 64, -(1 << 64)):
                    raises(OverflowError, interpreters.Interpreter, id)
                    raises(OverflowError, interpreters.Queue, id)
                """);
    }

    @Test
    void builtInFunctionsThatAreCalledSeeMain() {
        python.exec("""
                it = interpreters.create()
                it.prepare_main(x=5)
                assert it.call(eval, "x + 1") == 6
                assert it.call(eval, "sorted(globals()) == sorted(locals())")
                assert "x" in it.call(dir)
                assert raises(interpreters.ExecutionFailed, it.call, eval, "y").excinfo.type.__name__ == "NameError"
                raises(interpreters.NotShareableError, it.call, __import__, "os")
                """);
        python.set("x", 7);
        assertThat(python.call("eval", "x + 1")).isEqualTo(8);
        assertThat(python.eval("eval", PythonReference.class).call("x + 2")).isEqualTo(9);
    }

    @Test
    void functionsOfAllKindsAreCalled() {
        python.exec("""
                import datetime, decimal, math, os
                it = interpreters.create()
                def keyword(a, b=[2], **others):
                    "Uses no variable of its module."
                    return a, b, sorted(others)
                assert it.call(keyword, 1) == (1, [2], [])
                assert it.call(keyword, 1, b=3, c=4, self=5, callable=6) == (1, 3, ["c", "callable", "self"])
                assert it.call(lambda x: x * 2, 21) == 42
                assert it.call(os.path.join, "a", "b") == "a/b"
                assert it.call(math.sqrt, 16) == 4 and it.call(len, [1, 2]) == 2 and it.call(dict, a=1) == {"a": 1}
                assert it.call(decimal.Decimal, "1.5") == decimal.Decimal("1.5")
                assert it.call(datetime.date.isoformat, datetime.date(2024, 2, 29)) == "2024-02-29"
                q = interpreters.create_queue()
                it.call(q.put, 7)
                assert it.call(q.get) == 7 and it.call({"a": 1}.get, "a") == 1
                raises(TypeError, it.call)
                """);
    }

    @Test
    void aFunctionSeesTheVariablesOfTheOther() {
        python.exec("""
                it = interpreters.create()
                x = 1
                it.exec("x = 2")
                assert it.call(lambda: x) == 2
                """);
    }

    @Test
    void aFunctionWithAClosureIsNotSent() {
        python.exec("""
                it = interpreters.create()
                def outer(x):
                    return lambda: x
                assert "closure" in str(raises(interpreters.NotShareableError, it.call, outer(1)))
                assert isinstance(raises(interpreters.NotShareableError, it.call, lambda: (i for i in "")), TypeError)
                class Local(object): pass
                raises(interpreters.NotShareableError, it.call, id, Local())
                """);
    }

    @Test
    void aThreadCallsAndIsFinished() {
        python.exec("""
                it = interpreters.create()
                q = interpreters.create_queue()
                thread = it.call_in_thread(lambda q, **kw: q.put(kw), q, a=1)
                assert q.get(timeout=60) == {"a": 1}
                thread.join()
                """);
    }

    @Test
    void threadsOfOneInterpreterUseManyOthers() {
        python.exec("""
                its = [interpreters.create() for i in range(4)]
                q = interpreters.create_queue()
                def count(q, n):
                    for i in xrange(100):
                        q.put(n)
                threads = [it.call_in_thread(count, q, n) for n, it in enumerate(its)]
                got = [q.get(timeout=60) for i in range(400)]
                for thread in threads:
                    thread.join()
                assert sorted(got) == sorted(range(4) * 100) and q.empty()
                """);
    }

    @Test
    void interpretersOfPythonEndWithTheHost() {
        python.exec("interpreters.create().exec('x = 1')");
        Interpreter made = fixture.host().interpreters().stream()
                .filter(each -> each != python)
                .findAny()
                .orElseThrow();
        fixture.host().close();
        assertThat(made.isClosed()).isTrue();
    }
}
