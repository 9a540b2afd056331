package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.python.core.PyObject;

/** Which instances take any attribute: those of Python classes, not those of an extension's type itself. */
class InstanceDictTest {

    @RegisterExtension
    final ContextExtension other = new ContextExtension();

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private static final String TYPES = """
            typedef struct { long x; } Point;
            HPyType_HELPERS(Point)
            HPyDef_MEMBER(Point_x, "x", HPyMember_LONG, offsetof(Point, x))
            SPEC(Point, HPy_TPFLAGS_BASETYPE, &Point_x, NULL)
            typedef struct { long x; } Int;
            HPyType_HELPERS(Int, HPyType_BuiltinShape_Long)
            SPEC(Int, HPy_TPFLAGS_BASETYPE, NULL)
            static HPyType_Spec Dict_spec = {.name = "m.Dict", .builtin_shape = HPyType_BuiltinShape_Dict,
                .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE};
            static HPyType_Spec Empty_spec = {.name = "m.Empty", .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE};
            static HPy derive_impl(HPyContext *ctx, HPy self, HPy base)
            {
                HPyType_SpecParam params[] = {{HPyType_SpecParam_Base, base}, {0, HPy_NULL}};
                return HPyType_FromSpec(ctx, &Point_spec, params);
            }
            static HPy set_attr_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                return HPy_SetAttr_s(ctx, arg, "extra", arg) < 0 ? HPy_NULL : HPy_GetAttr_s(ctx, arg, "extra");
            }
            """;

    private static void loadTypes(ContextExtension interpreter) {
        interpreter.loadTypes("Point Int:h_LongType Dict:h_DictType Empty", "derive:O set_attr:O", TYPES);
    }

    @BeforeEach
    void load() {
        loadTypes(python);
    }

    @Test
    void instancesOfTheTypeItselfTakeOnlyWhatItDefines() {
        python.exec("made = [Point(), Int(3), Dict(), Empty()]; made[0].x = 5");

        for (int i = 0; i < 4; i++) {
            String instance = "made[%d]".formatted(i);
            assertThat(python.raised("setattr(%s, 'extra', 1)".formatted(instance)))
                    .startsWith("AttributeError: ");
            assertThat(python.raised("delattr(%s, 'extra')".formatted(instance)))
                    .startsWith("AttributeError: ");
            assertThat(python.raised("m.set_attr(%s)".formatted(instance))).startsWith("AttributeError: ");
            assertThat(python.repr("hasattr(%1$s, '__dict__'), hasattr(%1$s, 'extra')".formatted(instance)))
                    .isEqualTo("(False, False)");
            assertThat(python.raised("vars(%s)".formatted(instance))).startsWith("TypeError: ");
        }
        assertThat(python.repr("made[0].x, hasattr(Point, '__slots__')")).isEqualTo("(5, False)");
    }

    @Test
    void instancesOfPythonSubclassesTakeAnyAttribute() {
        python.exec("""
                made = [type('Sub', (t,), {})() for t in (Point, Int, Dict, Empty)]
                for i, o in enumerate(made):
                    o.extra = i
                made[0].x = 9
                """);

        assertThat(python.repr("[vars(o) for o in made], made[0].x"))
                .isEqualTo("([{'extra': 0}, {'extra': 1}, {'extra': 2}, {'extra': 3}], 9)");
        assertThat(python.repr("[m.set_attr(o) is o for o in made]")).isEqualTo("[True, True, True, True]");
        python.exec("for o in made: del o.extra");
        assertThat(python.repr("[o.__dict__ for o in made]")).isEqualTo("[{}, {}, {}, {}]");
    }

    @Test
    void aPythonSubclassWithSlotsHasThoseOnly() {
        python.exec("class Slotted(Point):\n    __slots__ = ('a',)\ns = Slotted(); s.a = 1; s.x = 2\n"
                + "class Bare(Int):\n    __slots__ = ()");

        assertThat(python.repr("s.a, s.x, hasattr(s, '__dict__')")).isEqualTo("(1, 2, False)");
        assertThat(python.raised("setattr(s, 'b', 1)")).startsWith("AttributeError: ");
        assertThat(python.raised("setattr(Bare(5), 'b', 1)")).startsWith("AttributeError: ");
    }

    @Test
    void aTypeInCBelowAPythonClassInheritsTheDict() {
        python.exec("""
                class Open(object): pass
                class Closed(object): __slots__ = ()
                o = m.derive(Open)(); o.extra = 1; o.x = 2
                c = m.derive(Closed)(); c.x = 3
                """);

        assertThat(python.repr("o.extra, o.x, vars(o), c.x, hasattr(c, '__dict__')"))
                .isEqualTo("(1, 2, {'extra': 1}, 3, False)");
        assertThat(python.raised("setattr(c, 'extra', 1)")).startsWith("AttributeError: ");
    }

    @Test
    void aCopyIsNotMadeWithAnEmptyStruct() {
        python.exec("""
                import copy, pickle, cPickle
                class Plain(Point): pass
                class Knowing(Point):
                    def __reduce__(self): return make, (self.x,)
                class Stateful(Point):
                    def __getstate__(self): return self.x
                    def __setstate__(self, x): self.x = x
                def make(x):
                    made = Knowing(); made.x = x
                    return made
                p = Point(); plain = Plain(); knowing = make(5); stateful = Stateful(); stateful.x = 6
                """);

        for (String copied : new String[] {
            "copy.copy(p)", "copy.deepcopy(plain)", "pickle.dumps(p, 2)", "pickle.dumps(p)", "cPickle.dumps(plain, 2)"
        }) {
            assertThat(python.raised(copied)).startsWith("TypeError: cannot pickle 'P");
        }
        assertThat(python.repr("copy.copy(knowing).x, copy.copy(stateful).x, copy.copy(Empty()).__class__ is Empty"))
                .isEqualTo("(5, 6, True)");
    }

    @Test
    void whatStandsInTheDictOfATypeIsADescriptorToPythonToo() {
        python.exec("p = Point(); member = Point.__dict__['x']; member.__set__(p, 5)");

        assertThat(python.repr("member.__get__(p), member.__get__(p, Point), p.x"))
                .isEqualTo("(5, 5, 5)");
        assertThat(python.repr("member.__get__(None, Point) is member, member.__objclass__ is Point, member.__name__"))
                .isEqualTo("(True, True, 'x')");
        assertThat(python.raised("member.__delete__(p)")).startsWith("TypeError: ");
        assertThat(python.raised("member.__get__(3)")).startsWith("TypeError: descriptor 'x' requires");
        assertThat(python.raised("member.__set__(p)")).startsWith("TypeError: __set__() ");
    }

    @Test
    void theTypeItselfTakesAttributes() {
        python.exec(
                "p = Point(); Point.extra = 1; Point.twice = lambda self: 2 * self.x; p.x = 4; seen = p.extra, p.twice()\n"
                        + "del Point.extra");

        assertThat(python.repr("seen, hasattr(p, 'extra')")).isEqualTo("((1, 8), False)");
    }

    @Test
    void interpretersShareNeitherTypesNorAttributes() {
        loadTypes(other);
        for (ContextExtension interpreter : new ContextExtension[] {python, other}) {
            interpreter.enter();
            interpreter.exec("class Sub(Point):\n    pass\ns = Sub(); s.x = 1");
        }
        python.enter();
        python.exec(
                "Point.mine = 'python'; Sub.mine_too = 1; s.mine_three = 2; s.x = 42\n" + "class Second(Point): pass");
        other.enter();

        assertThat(other.repr("[hasattr(o, n) for o in (Point, Sub, s) for n in ('mine', 'mine_too', 'mine_three')]"))
                .isEqualTo("[False, False, False, False, False, False, False, False, False]");
        assertThat(other.repr("s.x, [t.__name__ for t in Point.__subclasses__()]"))
                .isEqualTo("(1, ['Sub'])");
        PyObject one = python.eval("Point");
        PyObject two = other.eval("Point");
        assertThat(one).isNotSameAs(two);
        python.enter();
        assertThat(python.repr("s.mine, s.mine_too, s.mine_three, s.x")).isEqualTo("('python', 1, 2, 42)");
    }
}
