"""What hpyarray must do; the same on every host. Runs on Python 2.7 and Python 3.

    python array_cases.py

run() calls each function that begins with "check_"; an AssertionError says what does not hold.
"""
from __future__ import print_function

import sys

import hpyarray
from hpyarray import array

NAN = float("nan")


def raises(kind, text, function, *arguments):
    """The call raises `kind`, whose message has `text` in it."""
    try:
        result = function(*arguments)
    except kind as error:
        assert text in str(error), "%r is not in %r" % (text, str(error))
    else:
        raise AssertionError("no %s but %r" % (kind.__name__, result))


def check_lists_come_back_as_floats():
    for values in ([], [1.5], [1, 2, 3], (4, -0.0, 1e300), [True, 2 ** 40, 10 ** 30]):
        found = array(values).tolist()
        assert found == [float(value) for value in values], found
        assert all(type(value) is float for value in found), found
    assert repr(array([-0.0]).tolist()) == "[-0.0]"
    nan = array([NAN]).tolist()[0]
    assert nan != nan
    many = [i / 7.0 for i in range(10000)]
    assert array(many).tolist() == many


def check_what_is_no_list_of_numbers_is_refused():
    raises(TypeError, "list or tuple", array)
    raises(TypeError, "list or tuple", array, [1], [2])
    raises(TypeError, "list or tuple", array, 1)
    raises(TypeError, "list or tuple", array, {1: 2})
    raises(TypeError, "", array, [1, None])
    raises(TypeError, "", array, [1, [2]])
    raises(OverflowError, "", array, [10 ** 400])


class Number(object):
    def __init__(self, action):
        self.action = action

    def __float__(self):
        return self.action()


def check_items_may_be_anything_with_float():
    assert array([Number(lambda: 2.5)]).tolist() == [2.5]
    raises(ZeroDivisionError, "", array, [1, Number(lambda: 1 / 0)])


def check_a_list_that_shrinks_while_it_is_read_is_an_error():
    values = []
    values.extend([Number(lambda: values.pop() and 1.0), 2.0, 3.0])
    raises(IndexError, "", array, values)


def check_items():
    a = array([1, 2, 3])
    assert len(a) == 3 and len(array([])) == 0
    assert [a[0], a[2], a[-1], a[-3]] == [1.0, 3.0, 3.0, 1.0]
    assert list(a) == [1.0, 2.0, 3.0]
    a[1] = 7
    a[-1] = 0.5
    assert a.tolist() == [1.0, 7.0, 0.5]
    for index in (3, -4, 10 ** 6):
        raises(IndexError, "out of range", lambda: a[index])
        raises(IndexError, "out of range", a.__setitem__, index, 1)
    raises(TypeError, "", a.__setitem__, 0, "x")
    raises(TypeError, "", lambda: a["x"])
    raises(TypeError, "deleted", a.__delitem__, 0)
    assert a.tolist() == [1.0, 7.0, 0.5]


def check_arithmetic():
    a, b = array([1, 2, 3]), array([0.5, -1, 4])
    assert (a + b).tolist() == [1.5, 1.0, 7.0]
    assert (a * b).tolist() == [0.5, -2.0, 12.0]
    assert (a + 1).tolist() == (1 + a).tolist() == [2.0, 3.0, 4.0]
    assert (a * 0.5).tolist() == (0.5 * a).tolist() == [0.5, 1.0, 1.5]
    assert (array([]) + array([])).tolist() == []
    assert type(a + b) is array
    assert a.tolist() == [1.0, 2.0, 3.0], "operands do not change"
    raises(ValueError, "arrays of 3 and 2 items", lambda: a + array([1, 2]))
    raises(ValueError, "arrays of 3 and 0 items", lambda: a * array([]))
    for other in (None, "x", [1, 2, 3], {}):
        raises(TypeError, "", lambda: a + other)
        raises(TypeError, "", lambda: other * a)
    raises(OverflowError, "", lambda: a * 10 ** 400)


def check_many_arrays_come_and_go():
    for length in (0, 1, 1000):
        total = array([0.0] * length)
        for _ in range(200):
            total = total + array([1.0] * length)
        assert total.sum() == 200.0 * length


def check_sum_and_repr():
    assert array([]).sum() == 0.0
    assert array([1, 2.5, -4]).sum() == -0.5
    assert repr(array([1, 2.5])) == "array([1.0, 2.5])"
    assert repr(array([])) == "array([])"


def run():
    """Runs all checks; returns how many there are."""
    checks = [value for name, value in sorted(globals().items()) if name.startswith("check_")]
    for check in checks:
        check()
    return len(checks)


if __name__ == "__main__":
    print("%d checks passed on %s" % (run(), sys.version.split()[0]))
