"""Why a test failed, for people."""
import ast
import linecache
import os
import traceback

from conformance import python3


def failure(exc_info, folder):
    """One line, and the traceback with the frames of the test files only."""
    cls, value, tb = exc_info
    frames = []
    while tb:
        frames.append(tb)
        tb = tb.tb_next
    # What the runner does before and after is no news; a failure of its own shows all.
    of_tests = [frame for frame in frames if _file(frame).startswith(folder + os.sep)]
    line = "".join(traceback.format_exception_only(cls, value)).strip().decode("utf-8", "replace")
    if issubclass(cls, AssertionError) and of_tests and of_tests[-1] is frames[-1]:
        line = (_assertion(of_tests[-1]) or "AssertionError") + (" (%s)" % _text(value) if _text(value) else "")
    elif cls.__module__ == "pytest":
        line = _text(value)
    entries = [
        (_file(frame), frame.tb_lineno, frame.tb_frame.f_code.co_name,
         linecache.getline(_file(frame), frame.tb_lineno).strip())
        for frame in (frames[frames.index(of_tests[0]):] if of_tests else frames)]
    details = "".join(traceback.format_list(entries)) + line + "\n"
    if of_tests:
        frame = of_tests[-1]
        line += " (%s:%d)" % (os.path.basename(_file(frame)), frame.tb_lineno)
    return " ".join(line.split()), details


def _file(tb):
    name = tb.tb_frame.f_code.co_filename
    return name if isinstance(name, unicode) else name.decode("utf-8")


def _text(value):
    try:
        return unicode(value)
    except UnicodeError:
        return repr(value)


def _assertion(tb):
    """The source of a failed assert; of a comparison also both values, computed once more."""
    source = "".join(linecache.getlines(_file(tb)))
    statement = None
    flags = ast.PyCF_ONLY_AST | python3.FLAGS
    for node in ast.walk(compile(source, _file(tb), "exec", flags, True)):
        if isinstance(node, ast.Assert) and node.lineno <= tb.tb_lineno:
            if statement is None or node.lineno > statement.lineno:
                statement = node
    if statement is None:
        return None
    lines = source.splitlines()
    text = "assert " + lines[statement.lineno - 1].strip().partition("assert ")[2]
    test = statement.test
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        values = [_value(expression, tb.tb_frame) for expression in (test.left, test.comparators[0])]
        if None not in values:
            text += ": %s, %s" % tuple(values)
    return text


def _value(expression, frame):
    try:
        code = compile(ast.Expression(expression), "<assert>", "eval", python3.FLAGS, True)
        return repr(eval(code, frame.f_globals, frame.f_locals))[:200]
    except BaseException:
        return None
