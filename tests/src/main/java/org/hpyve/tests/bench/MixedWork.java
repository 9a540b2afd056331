package org.hpyve.tests.bench;

import org.hpyve.host.Interpreter;

/** A Python program of a bit of everything: loops, classes, exceptions, imports, text, an extension. */
public final class MixedWork {

    /** The body of a function, some milliseconds long. */
    public static final String PROGRAM = """
            total = 0
            for i in xrange(2000):
                total += i * i % 7
            for i in range(3):
                class Base(object):
                    def __init__(self, value):
                        self.value = value
                class Derived(Base):
                    __slots__ = ('other',)
                    @property
                    def double(self):
                        return 2 * self.value
                total += sum(Derived(n).double for n in range(20))
            for i in range(20):
                try:
                    try:
                        {}[i]
                    except KeyError as error:
                        raise ValueError(str(error))
                except ValueError:
                    total += 1
            for name in ('textwrap', 'string', 'colorsys', 'bisect', 'json', 'json.decoder', 'json.encoder'):
                sys.modules.pop(name, None)
                __import__(name)
            for i in range(100):
                '%s %d %.3f %r' % ('text', i, i / 3.0, u'\\xe9')
                '{0} {1!r:>10} {2:x}'.format(i, 'a', i).upper().split()
            for i in range(200):
                cycle.calls()
            cycle.sum(range(100))
            [cycle.Thing() for i in range(50)]
            exec 'y = 1 + 1' in {}
            import weakref
            references = [weakref.ref(Base(n)) for n in range(20)]
            return total
            """;

    private MixedWork() {}

    /** Once for each interpreter. */
    public static void prepare(Interpreter python) {
        python.exec("import sys, cycle");
    }
}
