def test_keyword_only(*, name=None):
    pass
