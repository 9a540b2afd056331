"""Loads extensions that were compiled for HPy's universal ABI.

Only needed where the file is not found by a plain `import`: a module `name` in a folder of `sys.path` as
`name.hpy0.so` imports like any other.
"""
import _hpyve

MODE_UNIVERSAL = 0
MODE_DEBUG = 1
MODE_TRACE = 2
MODE_DEBUG_TRACE = 3
_NOT_GIVEN = -1


def get_version():
    """The version of HPy whose ABI this host has, and the revision, which a release has not."""
    return (u"0.9.0", u"")


def load(name, path, spec=None, debug=False, mode=_NOT_GIVEN):
    """Loads the extension module `name` from the file `path` and returns it.

    `spec` is what an extension's HPy_mod_create slot is given. `sys.modules` is not touched. Each call opens a new
    image of the file, unless one image of the module serves all interpreters.
    """
    if mode == _NOT_GIVEN:
        mode = MODE_DEBUG if debug else MODE_UNIVERSAL
    if mode not in (MODE_UNIVERSAL, MODE_DEBUG, MODE_TRACE, MODE_DEBUG_TRACE):
        raise ValueError("invalid HPy mode: %r" % (mode,))
    if mode != MODE_UNIVERSAL:
        raise NotImplementedError("this host has no debug and no trace mode")
    return _hpyve.load(name, path, spec)


def _load_bootstrap(name, ext_name, package, file, loader, spec, env):
    """What the stub files of HPy's build tools call; `env` may choose a mode by its HPY variable."""
    modes = {"": MODE_UNIVERSAL, "universal": MODE_UNIVERSAL, "debug": MODE_DEBUG, "trace": MODE_TRACE}
    wanted = env.get("HPY", "")
    if ":" in wanted:
        # A list of module:mode; modules that are not in it are loaded in universal mode.
        wanted = dict(part.split(":", 1) for part in wanted.split(",") if ":" in part).get(name, "")
    if wanted not in modes:
        raise ValueError("invalid HPy mode: %r" % (wanted,))
    module = load(ext_name, file, spec, mode=modes[wanted])
    module.__file__ = file
    module.__loader__ = loader
    module.__name__ = name
    module.__package__ = package
    spec.origin = file
    module.__spec__ = spec
    return module
