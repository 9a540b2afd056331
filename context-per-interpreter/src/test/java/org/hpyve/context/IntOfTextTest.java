package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.python.core.Py;
import org.python.core.PyInteger;
import org.python.core.PyList;
import org.python.core.PyObject;
import org.python.core.PyString;

/** An extension that calls int with a text gets what Python gets. */
class IntOfTextTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private void loadInt() {
        python.loadFunctions("make:O", """
                static HPy make_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPy_Call(ctx, ctx->h_LongType, &arg, 1, HPy_NULL);
                }
                """);
        python.exec("""
                def told(call, text):
                    try:
                        made = call(text)
                        return type(made), made
                    except Exception as e:
                        return type(e), str(e)
                texts = ['0', '7', '-7', '+7', '-0', '007', '2147483647', '2147483648', '-2147483648', '-2147483649',
                    '999999999999999999', '1000000000000000000', '9223372036854775807', '9223372036854775808',
                    '-9223372036854775809', '123456789' * 20, '-' + '9' * 50, '0' * 40 + '5', '00000000000000000000000',
                    ' 5', '5 ', '- 5', '', '-', '+', '--5', '+-5', '5L', '1_0', '0x10', '1.5', 'x', '5\\n', '\\t-12']
                texts += [unicode(t) for t in texts] + [u'\\u0665', u'\\u06f5\\u06f5', u'5\\xa0']
                """);
    }

    @Test
    void theResultIsThatOfPython() {
        loadInt();

        assertThat(python.repr("[t for t in texts if told(m.make, t) != told(int, t)]"))
                .isEqualTo("[]");
    }

    @Test
    void digitsNeedNoHelpOfJythonAndAllElseDoes() {
        assertThat(direct("12345678901234567890", PyInteger.TYPE)).isNotNull();
        assertThat(direct("-5", PyInteger.TYPE)).isEqualTo(Py.newInteger(-5));
        for (String text : new String[] {"", "-", " 5", "5L", "1_0", "0x1", "5\n"}) {
            assertThat(direct(text, PyInteger.TYPE)).isNull();
        }
        assertThat(direct("5", PyString.TYPE)).isNull();
        assertThat(IntOfText.call(PyInteger.TYPE, new PyList())).isNull();
    }

    private static PyObject direct(String text, PyObject function) {
        return IntOfText.call(function, new PyString(text));
    }
}
