import sys

import pytest


def test_passes():
    assert isinstance("text", str) and 1 / 2 == 0.5


def test_fails():
    seven = 7
    assert seven == 6 + 2


def test_fails_by_itself():
    pytest.fail("on purpose")


def test_skips():
    pytest.skip("on purpose")


@pytest.mark.skipif(sys.implementation.name == "hpyve", reason="by a mark")
def test_skipped_by_a_mark():
    assert False


@pytest.mark.syncgc
def test_skipped_without_a_collection():
    assert False


def test_raises():
    with pytest.raises(ValueError, match="wro+ng") as info:
        raise ValueError("all wrong")
    assert str(info.value) == "all wrong"


def test_raises_nothing():
    with pytest.raises((ValueError, TypeError)):
        pass


def test_raises_something_that_does_not_match():
    with pytest.raises(ValueError, match="right"):
        raise ValueError("wrong")


def test_output_is_captured(capfd):
    print("to output")
    sys.stderr.write("to error")
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("to output\n", "to error")
    assert capfd.readouterr() == ("", "")


def test_java_fails():
    from java.util import ArrayList
    ArrayList().get(0)


def test_hangs():
    while True:
        pass
