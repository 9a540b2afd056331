import pytest


@pytest.fixture(params=["debug"])
def hpy_abi(request):
    return request.param


def test_debug(hpy_abi):
    pass
