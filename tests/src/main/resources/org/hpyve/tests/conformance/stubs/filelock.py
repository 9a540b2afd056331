"""A lock that is not needed: each test writes into a folder of its own."""


class FileLock(object):
    def __init__(self, path):
        self.path = path

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return False
