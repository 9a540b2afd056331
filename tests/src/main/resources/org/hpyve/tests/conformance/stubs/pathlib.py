"""As much of Python 3's module as HPy's test files use."""
import os


def _text(part):
    # The name of a file, such as __file__, is bytes.
    return part.decode("utf-8") if isinstance(part, bytes) else unicode(part)


class Path(object):
    def __init__(self, *parts):
        self._path = os.path.normpath(os.path.join(*[_text(part) for part in parts]))

    @property
    def parent(self):
        return Path(os.path.dirname(self._path))

    @property
    def name(self):
        return os.path.basename(self._path)

    def joinpath(self, *names):
        return Path(self._path, *names)

    def __truediv__(self, name):
        return self.joinpath(name)

    __div__ = __truediv__

    def exists(self):
        return os.path.exists(self._path)

    def iterdir(self):
        return iter([self.joinpath(name) for name in os.listdir(self._path)])

    def mkdir(self, parents=False, exist_ok=False):
        if not (exist_ok and os.path.isdir(self._path)):
            (os.makedirs if parents else os.mkdir)(self._path)

    def write_text(self, text):
        with open(self._path, "wb") as stream:
            stream.write(text.encode("utf-8"))

    def __str__(self):
        return self._path.encode("utf-8")

    def __unicode__(self):
        return self._path

    def __repr__(self):
        return "Path(%r)" % str(self._path)

    def __eq__(self, other):
        return isinstance(other, Path) and self._path == other._path

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(self._path)
