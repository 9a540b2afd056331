package org.hpyve.tests.isolation;

import java.util.ArrayList;
import java.util.List;

/** Items that somebody thought of. */
final class Leaks {

    private final List<Leak> all = new ArrayList<>();

    private Leaks() {}

    static List<Leak> all() {
        Leaks leaks = new Leaks();
        leaks.builtins();
        leaks.environment();
        leaks.csv();
        leaks.sys();
        leaks.types();
        leaks.java();
        leaks.modules();
        leaks.settings();
        return leaks.all;
    }

    private void add(String name, String set, String probe) {
        all.add(new Leak(name, set, probe));
    }

    private void builtins() {
        add("built-in name added", "import __builtin__\n__builtin__.added = 1", "attempt(eval, 'added')");
        add("built-in name replaced", "import __builtin__\n__builtin__.len = lambda x: 42", "len([])");
        add("built-in name deleted", "import __builtin__\ndel __builtin__.zip", "attempt(eval, 'zip')");
        add("built-ins reloaded", "import __builtin__\n__builtin__.cmp = 7\nreload(__builtin__)", "cmp(1, 2)");
        add("last value shown", "sys.displayhook(42)", "attempt(eval, '_')");
        add("attribute of a built-in function", "len.x = 1", "hasattr(len, 'x')");
        add("documentation of a built-in function", "len.__doc__ = 'x'", "len.__doc__");
        add(
                "attribute of a function of a module",
                "import math\nmath.sqrt.x = 1",
                "hasattr(__import__('math').sqrt, 'x')");
    }

    private void environment() {
        String probe = "__import__('os').environ.get('SET_BY_A_TEST')";
        add("os.environ", "import os\nos.environ['SET_BY_A_TEST'] = '1'", probe);
        add("posix.environ", "import posix\nposix.environ['SET_BY_A_TEST'] = '1'", probe);
        add("os.putenv", "import os\nos.putenv('SET_BY_A_TEST', '1')", probe);
        add("os.unsetenv", "import os\nos.unsetenv('PATH')", "'PATH' in __import__('os').environ");
        add("os.environ cleared", "import os\nos.environ.clear()", "len(__import__('os').environ) > 0");
        add(
                "environment of a child process",
                "import os\nos.environ['SET_BY_A_TEST'] = '1'",
                "__import__('os').popen('echo $SET_BY_A_TEST').read()");
        add("working directory", "import os\nos.chdir('/')", "__import__('os').getcwd() == '/'");
    }

    private void csv() {
        String dialects = "sorted(__import__('csv').list_dialects())";
        add("csv dialect registered", "import csv\ncsv.register_dialect('mine', delimiter='|')", dialects);
        add("csv dialect unregistered", "import csv\ncsv.unregister_dialect('excel')", dialects);
        add(
                "csv dialect used",
                "import csv\ncsv.register_dialect('mine', delimiter='|')",
                "attempt(lambda: list(__import__('csv').reader(['a|b'], 'mine')))");
        add("csv dialects replaced", "import csv, _csv\n_csv._dialects.clear()", dialects);
        add("csv field limit", "import csv\ncsv.field_size_limit(7)", "__import__('csv').field_size_limit()");
        add(
                "csv field limit enforced",
                "import csv\ncsv.field_size_limit(7)",
                "attempt(lambda: list(__import__('csv').reader(['longer than seven'])))");
    }

    private void sys() {
        add("sys.prefix", "sys.prefix = 'x'", "sys.prefix");
        add("sys.prefix deleted", "del sys.prefix", "hasattr(sys, 'prefix')");
        add("sys.exec_prefix", "sys.exec_prefix = 'x'", "sys.exec_prefix");
        add("sys.builtin_module_names", "sys.builtin_module_names = ()", "sys.builtin_module_names");
        add("sys.py3kwarning", "sys.py3kwarning = True", "sys.py3kwarning");
        add("sys.flags", "sys.flags.verbose = 7", "sys.flags.verbose");
        add("division of the compiler", "sys.flags.Qnew = True", "eval('1 / 2')");
        add("options of Jython", "from org.python.core import Options\nOptions.Qnew = True", "eval('1 / 2')");
        add(
                "sys.registry",
                "sys.registry.setProperty('set.by.a.test', '1')",
                "sys.registry.getProperty('set.by.a.test')");
        add("type of sys", "type(sys).x = 1", "hasattr(sys, 'x')");
        add("static field of the type of sys", "type(sys).prefix = 'x'", "sys.prefix");
        add("Java class of sys", "from org.python.core import PySystemState as S\nS.prefix = 'x'", "sys.prefix");
        add("sys.__dict__", "sys.__dict__['x'] = 1", "hasattr(sys, 'x')");
        add("sys.modules", "sys.modules['ghost'] = sys", "'ghost' in sys.modules");
        add("sys.path", "sys.path.insert(0, '/x')", "'/x' in sys.path");
        add("sys.meta_path", "sys.meta_path.append(1)", "1 in sys.meta_path");
        add("sys.path_hooks", "sys.path_hooks.append(1)", "1 in sys.path_hooks");
        add("sys.argv", "sys.argv.append('x')", "sys.argv");
        add("sys.stdout", "sys.stdout = sys.__stdout__ = None", "sys.stdout is None");
        add("sys.displayhook", "sys.displayhook = 1", "sys.displayhook == 1");
        add("sys.excepthook", "sys.excepthook = 1", "sys.excepthook == 1");
        add("recursion limit", "sys.setrecursionlimit(777)", "sys.getrecursionlimit()");
        add("check interval", "sys.setcheckinterval(7)", "sys.getcheckinterval()");
        add("default encoding", "sys.setdefaultencoding('utf-8')", "sys.getdefaultencoding()");
        add("dont_write_bytecode", "sys.dont_write_bytecode = not sys.dont_write_bytecode", "sys.dont_write_bytecode");
        add("trace function", "sys.settrace(lambda *a: None)", "sys.gettrace() is None");
        add("profile function", "sys.setprofile(lambda *a: None)", "sys.getprofile() is None");
    }

    private void types() {
        for (String type : List.of(
                "io.UnsupportedOperation",
                "csv.Error",
                "cPickle.PickleError",
                "select.error",
                "socket.error",
                "zlib.error",
                "datetime.date",
                "decimal.Decimal",
                "collections.deque")) {
            int dot = type.lastIndexOf('.');
            String module = type.substring(0, dot);
            add(
                    "attribute of " + type,
                    "import " + module + "\n" + type + ".x = 1",
                    "hasattr(__import__('%s').%s, 'x')".formatted(module, type.substring(dot + 1)));
        }
        add("representation of floats", "float.__setformat__('double', 'unknown')", "float.__getformat__('double')");
        add("attribute of object", "object.x = 1", "hasattr(object, 'x')");
        add("name of a type", "type.__dict__['__name__'].__set__(int, 'x')", "int.__name__");
        add(
                "name of a Java class",
                "from java.util import HashMap\ntype.__dict__['__name__'].__set__(HashMap, 'x')",
                "__import__('java.util').util.HashMap.__name__");
        add(
                "bases of an exception",
                "class Base(Exception):\n    x = 1\ntype.__dict__['__bases__'].__set__(KeyError, (Base,))",
                "hasattr(KeyError, 'x')");
        add(
                "abstract methods of an exception",
                "type.__dict__['__abstractmethods__'].__set__(KeyError, frozenset(['x']))",
                "hasattr(KeyError, '__abstractmethods__')");
        add(
                "bases of an exception",
                "import struct\nstruct.error.__bases__ = (KeyError,)",
                "__import__('struct').error.__bases__");
    }

    private void java() {
        String list = "from java.util import ArrayList\n";
        String here = "__import__('java.util', None, None, ['ArrayList']).ArrayList";
        add("Java method replaced", list + "ArrayList.size = lambda self: 42", here + "().size()");
        add("Java method deleted", list + "del ArrayList.size", "hasattr(%s, 'size')".formatted(here));
        add(
                "Java method's name",
                list + "ArrayList.__dict__['add'].__name__ = 'x'",
                here + ".__dict__['add'].__name__");
        add(
                "attribute of java.lang.Object",
                "from java.lang import Object\nsetattr(Object, 'x', 1)",
                "hasattr(%s(), 'x')".formatted(here));
        add(
                "iteration over Java lists",
                list + "ArrayList.__iter__ = lambda self: iter([1])",
                "list(%s())".formatted(here));
        add(
                "name in a Java package",
                "import java.util\njava.util.__dict__['X'] = 1",
                "hasattr(__import__('java.util').util, 'X')");
        add(
                "attribute of a Java package",
                "import java.util\njava.util.__file__ = 'x'",
                "__import__('java.util').util.__file__");
        add("Java package added", "sys.add_package('set.by.a.test')", "attempt(__import__, 'set.by.a.test')");
        String property = "__import__('java.lang', None, None, ['System']).System.getProperty('%s')";
        String system = "from java.lang import System\n";
        add(
                "Java system property",
                system + "System.setProperty('set.by.a.test', '1')",
                property.formatted("set.by.a.test"));
        add(
                "Java system property cleared",
                system + "System.clearProperty('user.name')",
                property.formatted("user.name"));
        add(
                "Java system properties",
                system + "System.getProperties().put('set.by.a.test', '1')",
                property.formatted("set.by.a.test"));
        add(
                "Java system properties replaced",
                "from java.util import Properties\n" + system + "System.setProperties(Properties())",
                property.formatted("user.name"));
    }

    private void modules() {
        add("time.timezone", "import time\ntime.timezone = 9", "__import__('time').timezone");
        add("math.pi", "import math\nmath.pi = 3", "__import__('math').pi");
        add("errno.errorcode", "import errno\nerrno.errorcode[1] = 'X'", "__import__('errno').errorcode[1]");
        add("gc.garbage", "import gc\ngc.garbage.append(1)", "__import__('gc').garbage");
        add(
                "zip directory cache",
                "import zipimport\nzipimport._zip_directory_cache['x'] = 1",
                "'x' in __import__('zipimport')._zip_directory_cache");
        add(
                "module imported past sys.modules",
                "sys.meta_path[:] = []\nsys.path_hooks[:] = []\nsys.modules.clear()\nimport math\nmath.pi = 3",
                "__import__('math').pi");
        add(
                "class of a module",
                "from org.python.modules.time import Time\nTime.x = 1",
                "hasattr(__import__('time'), 'x')");
        add(
                "field of a module's class",
                "from org.python.modules import math\nmath.__doc__ = 'x'",
                "__import__('math').__doc__");
    }

    private void settings() {
        add("thread.stack_size", "import thread\nthread.stack_size(1 << 20)", "__import__('thread').stack_size()");
        add(
                "locale",
                "import locale\nlocale.setlocale(locale.LC_ALL, 'de_DE')",
                "attempt(lambda: __import__('locale').setlocale(0)), __import__('time').strftime('%A', (2020, 1, 1) + (0,) * 6)");
        add(
                "codec registered",
                "import codecs\ncodecs.register(lambda n: codecs.lookup('utf-8') if n == 'mine' else None)",
                "attempt(lambda: __import__('codecs').lookup('mine').name)");
        add(
                "error handler registered",
                "import codecs\ncodecs.register_error('mine', lambda e: (u'', e.end))",
                "attempt(lambda: __import__('codecs').lookup_error('mine') and 1)");
        add(
                "codec alias",
                "import encodings.aliases as a\na.aliases['mine'] = 'utf_8'",
                "'mine' in __import__('encodings.aliases').aliases.aliases");
        add(
                "warning filters",
                "import warnings\nwarnings.simplefilter('error')",
                "len(__import__('warnings').filters)");
        add(
                "warnings given once",
                "import warnings\nwarnings.onceregistry[1] = 1",
                "__import__('warnings').onceregistry");
        add(
                "exit functions",
                "import atexit\natexit.register(str.lower, 'x')",
                "[1 for f in __import__('atexit')._exithandlers if f[1] == ('x',)]");
        add(
                "decimal precision",
                "import decimal\ndecimal.getcontext().prec = 3",
                "__import__('decimal').getcontext().prec");
        add(
                "default decimal context",
                "import decimal\ndecimal.DefaultContext.prec = 3",
                "__import__('decimal').DefaultContext.prec");
        add(
                "default socket timeout",
                "import socket\nsocket.setdefaulttimeout(3)",
                "__import__('socket').getdefaulttimeout()");
        add("root logger", "import logging\nlogging.root.setLevel(1)", "__import__('logging').root.level");
        add(
                "copy_reg",
                "import copy_reg\ncopy_reg.dispatch_table[set] = 1",
                "set in __import__('copy_reg').dispatch_table");
        add(
                "Java class registered with an abstract class",
                "import collections\nfrom java.lang import Math\ncollections.Sized.register(Math)",
                "issubclass(__import__('java.lang', None, None, ['Math']).Math, __import__('collections').Sized)");
        add("import lock", "import imp\nimp.acquire_lock()", "__import__('imp').lock_held()");
        add(
                "notification of loaded bytecode",
                "import _bytecodetools\nseen = []\n_bytecodetools.register(lambda *a: seen.append(1))\neval('1 + 41')",
                "len(globals().get('seen', ()))");
        add(
                "class loader",
                "from java.lang import Thread\nsys.setClassLoader(Thread.currentThread().contextClassLoader)",
                "sys.getClassLoader() is None");
    }
}
