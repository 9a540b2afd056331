"""The Python side of the machine: the objects that a program begins with, and what is told of a run."""
from java.lang import Throwable

import machine

W = None
BOX = machine.Box()


class World(object):
    """What one run of a program can reach."""

    def __init__(self, programs):
        self.programs = programs
        self.events = []
        self.calls = 0
        self.seen = []
        self.registers = [
            7, 2 ** 70, 2.5, True,
            u"key", u"h\xe9", "bytes", u"",
            [1, u"two", 3.0], [], OddList([1, 2]), [[1], [2]],
            {}, {u"key": 1, "b": 2, 3: [4]}, OddDict(), {u"inner": {}},
            (1, 2, 3), (), ((1,), u"x"), OddTuple([5, 6]),
        ] + [Odd(mode) for mode in range(6)] + [Odd, Old(), iter([1, 2, 3]), slice(1, 5, 2), None, BOX]

    def see(self, value):
        """Keeps what C gave to Python, to be changed later."""
        if isinstance(value, (list, dict)) and len(self.seen) < 10:
            self.seen.append(value)

    def event(self, what):
        if len(self.events) < 300:
            self.events.append(what)

    def mutate(self):
        """Changes lists and dicts that a program may be reading."""
        for place in (8, 9, 11):
            values = self.registers[place]
            if len(values) > 2:
                del values[-1]
            else:
                values.append(u"new")
        for place in (12, 13):
            values = self.registers[place]
            if u"key" in values:
                del values[u"key"]
            else:
                values[u"key"] = len(values)
        for values in self.seen:
            if isinstance(values, dict):
                values[u"seen"] = len(values)
            elif len(values) % 3 == 2:
                del values[0]
            else:
                values.append(u"seen")
        return u"mutated"

    def again(self, which):
        """Runs another program with the same objects."""
        self.calls += 1
        if self.calls > 20:
            raise RuntimeError("enough")
        return machine.run(self.programs[which], *self.registers)

    def act(self, what, mode):
        self.event("%s:%s" % (what, mode if isinstance(mode, int) else "?"))
        if mode == 1:
            raise ValueError("odd " + what)
        if mode == 2 or mode == 3:
            return self.mutate()
        if mode == 4 or mode == 5:
            return self.again(mode - 4)
        if mode == 7:
            del self.registers[8][:]
            self.registers[13].clear()
        return None


def given(result, otherwise):
    return otherwise if result is None else result


class Odd(object):
    """An object whose methods do what its mode says, and say that they were called."""

    def __init__(self, mode=0, *rest, **named):
        self.mode = mode
        if not isinstance(mode, int):
            self.act("init")

    def act(self, what):
        return W.act(what, self.__dict__.get("mode"))

    def __repr__(self):
        self.act("repr")
        return "<odd>"

    def __str__(self):
        self.act("str")
        return "odd"

    def __eq__(self, other):
        W.see(other)
        self.act("eq")
        return self is other

    def __ne__(self, other):
        self.act("ne")
        return self is not other

    def __lt__(self, other):
        return self.act("lt") is None

    __le__ = __gt__ = __ge__ = __lt__

    def __hash__(self):
        self.act("hash")
        mode = self.__dict__.get("mode")
        return mode if isinstance(mode, int) else 99

    def __nonzero__(self):
        self.act("nonzero")
        return True

    def __len__(self):
        self.act("len")
        return 3

    def __getitem__(self, key):
        return given(self.act("getitem"), 8)

    def __setitem__(self, key, value):
        W.see(value)
        self.act("setitem")

    def __delitem__(self, key):
        self.act("delitem")

    def __contains__(self, key):
        return self.act("contains") is None

    def __call__(self, *args, **named):
        self.event_of_call(args, named)
        return given(self.act("call"), len(args))

    def event_of_call(self, args, named):
        W.event("args:%d,%s" % (len(args), sorted(named)))
        for value in args:
            W.see(value)

    def __int__(self):
        self.act("int")
        return 42

    __long__ = __int__

    def __index__(self):
        self.act("index")
        return 1

    def __float__(self):
        self.act("float")
        return 4.5

    def __add__(self, other):
        return given(self.act("add"), 1)

    __radd__ = __sub__ = __iadd__ = __neg__ = __add__

    def __getattr__(self, name):
        self.act("getattr")
        raise AttributeError(name)

    @property
    def prop(self):
        return given(self.act("prop"), u"prop")

    @prop.setter
    def prop(self, value):
        W.see(value)
        self.act("set prop")

    @property
    def raising(self):
        raise KeyError("raising")

    @property
    def mutating(self):
        return W.mutate()

    @property
    def again(self):
        return W.again(0)

    def method(self, *args):
        for value in args:
            W.see(value)
        return given(self.act("method"), args)

    def __iter__(self):
        for i in range(3):
            self.act("iter")
            yield i


class Old:
    def __init__(self):
        self.value = 1

    def __repr__(self):
        return "<old>"


class OddList(list):
    def append(self, value):
        W.event("OddList.append")
        W.see(value)
        list.append(self, value)

    def __setitem__(self, index, value):
        W.event("OddList.set")
        list.__setitem__(self, index, value)

    def __len__(self):
        W.event("OddList.len")
        return list.__len__(self)


class OddDict(dict):
    def __setitem__(self, key, value):
        W.event("OddDict.set")
        W.see(value)
        dict.__setitem__(self, key, value)

    def __getitem__(self, key):
        W.event("OddDict.get")
        return dict.get(self, key, u"missing")


class OddTuple(tuple):
    def __getitem__(self, index):
        W.event("OddTuple.get")
        return tuple.__getitem__(self, index)


def run(main, first, second):
    """Runs a program: what became of it, the transcript, the events, and the registers that hold what can change."""
    global W
    W = world = World((first, second))
    try:
        outcome = "returned", machine.run(main, *world.registers)
    except BaseException as error:
        outcome = "raised", error
    except Throwable as error:
        # A mistake of Jython's, as in slice(1) != 1.
        outcome = "failed", error.getClass().getName()
    transcript = machine.finish(BOX)
    W = None
    return outcome, transcript, world.events, world.registers[8:16], world.registers[20:26]
