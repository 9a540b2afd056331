def set_threshold(level):
    return 0


def set_verbosity(level):
    pass
