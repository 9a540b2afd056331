package org.hpyve.tests.isolation;

/**
 * One thing that an interpreter must have for itself.
 *
 * @param name what it is, for the report
 * @param set Python statements that change it, or try to
 * @param probe a Python expression for its state; the same in each interpreter that nobody touched. {@code state},
 *     {@code attempt} and {@code sys} are there.
 */
record Leak(String name, String set, String probe) {

    /** What sets and probes may use; it needs no import but sys, and keeps the built-ins that it was made with. */
    static final String PRELUDE = """
            import sys

            def _prelude(getattr, hasattr, isinstance, dir, repr, sorted, type, str, map, plain, mutable):
                def text(value):
                    if isinstance(value, dict):
                        return sorted([(text(k), text(v)) for k, v in value.items()])
                    if isinstance(value, (list, tuple)):
                        return map(text, value)
                    if isinstance(value, plain):
                        return repr(value)
                    return type(value).__name__ + ' ' + str(getattr(value, '__name__', ''))

                def state(owner, skip=()):
                    # Each copy of Jython finds one of the two __hash__ of set that its class has, by chance.
                    skip = ('__hash__',) if owner is mutable else skip
                    names = [name for name in dir(owner) if name not in skip and hasattr(owner, name)]
                    return [(name, text(getattr(owner, name))) for name in sorted(names)]

                return text, state

            text, state = _prelude(getattr, hasattr, isinstance, dir, repr, sorted, type, str, map,
                                   (int, long, float, str, unicode, bool, type(None)), set)

            def probe_all(probes):
                states = []
                for probe in probes:
                    try:
                        states.append(repr(probe()))
                    except Exception as e:
                        states.append(str(e))
                return states

            def attempt(function, *arguments):
                try:
                    return function(*arguments)
                except Exception as e:
                    return type(e).__name__
            """;

    @Override
    public String toString() {
        return name;
    }
}
