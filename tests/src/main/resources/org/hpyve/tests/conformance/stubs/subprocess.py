"""As much of Python 3's module as HPy's test files use."""
import _conformance

PIPE = -1


class CompletedProcess(object):
    def __init__(self, args, returncode, stdout, stderr):
        self.args = args
        self.returncode = returncode
        self.stdout = stdout
        self.stderr = stderr


def run(args, env, stdout, stderr):
    if stdout != PIPE or stderr != PIPE:
        raise NotImplementedError("only with pipes for standard output and standard error")
    done = _conformance.run(args, env)
    code = done.exitCode()
    # Java gives 128 and the signal's number, Python the negative number.
    return CompletedProcess(
        args, 128 - code if code > 128 else code, done.out().encode("latin-1"), done.err().encode("latin-1"))
