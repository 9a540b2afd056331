import pytest

log = []


@pytest.fixture
def place(place):
    """Has the one of conftest below it."""
    return place + ["module"]


@pytest.fixture
def resource(request):
    log.append("opened")
    request.addfinalizer(lambda: log.append("finalized"))
    yield "resource"
    log.append("closed")
    assert not hasattr(request, "param")


@pytest.fixture
def broken_at_its_end():
    yield
    raise OSError("not closed")


@pytest.fixture(params=[1, "two"])
def number(request):
    return request.param


def test_an_inner_fixture_uses_the_outer_one(place):
    assert place == ["conftest", "module"]


def test_a_fixture_lasts_as_long_as_the_test(resource):
    assert resource == "resource"
    assert log == ["opened"]


def test_the_end_of_a_fixture_can_fail(broken_at_its_end):
    pass


def test_a_fixture_has_parameters(number):
    assert number in (1, "two")


@pytest.mark.parametrize("a, b", [(1, 2), (2, 4)])
def test_a_function_has_parameters(a, b):
    assert b == 2 * a


@pytest.mark.usefixtures("filled")
class TestClass:
    @pytest.fixture
    def place(self, place):
        return place + ["class"]

    @pytest.fixture
    def filled(self, place):
        self.place = place

    def test_a_class_has_fixtures(self):
        assert self.place == ["conftest", "module", "class"]


class TestDerived(TestClass):
    def test_only_here(self):
        assert self.place[-1] == "class"
