package org.hpyve.tests.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Opcodes;

/** The page of Jython's static fields names all of them that matter, and none that is not there. */
class JythonStaticsTest {

    private static final Path PAGE = Path.of("../docs/reference/jython-statics.md");

    /** A final field of such a type never changes. */
    private static final Pattern IMMUTABLE = Pattern.compile(
            "[ZBCSIJFD]|Ljava/lang/(String|Integer|Class);"
                    + "|Ljava/math/BigInteger;|Ljava/util/regex/Pattern;|Lorg/python/core/stringlib/InternalFormat\\$Spec;"
                    + "|Lorg/python/core/Py(Type|String|Integer|Long|Float|Unicode|Complex|Boolean|None|FrozenSet|VersionInfo);");

    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| (`[^|]*`) \\|.*");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    /** A field, or several by {@code *}, that the page names. */
    private record Name(String text, Pattern pattern) {

        static Name of(String type, String field) {
            String all =
                    type.equals("*") || type.startsWith("*$") || type.startsWith("com.") ? type : "org.python." + type;
            String text = all + "." + field;
            // A field's name has no dot, so that `*` for fields does not reach into other classes.
            String pattern = glob(all, ".*") + "\\." + glob(field, "[^.]*");
            return new Name(text, Pattern.compile(pattern));
        }

        private static String glob(String text, String any) {
            return "\\Q" + text.replace("*", "\\E" + any + "\\Q") + "\\E";
        }

        boolean matches(String field) {
            return pattern.matcher(field).matches();
        }
    }

    private static final Set<String> FIELDS = new TreeSet<>();
    private static final List<Name> NAMES = new ArrayList<>();

    @BeforeAll
    static void readBoth() throws IOException {
        try (JarFile jar = new JarFile(jythonJar().toFile())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (entry.getName().matches("(org/python|com/ziclix)/.*\\.class")) {
                    try (InputStream bytes = jar.getInputStream(entry)) {
                        read(new ClassReader(bytes));
                    }
                }
            }
        }
        for (String line : Files.readAllLines(PAGE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                QUOTED.matcher(row.group(2))
                        .results()
                        .forEach(field -> NAMES.add(Name.of(row.group(1), field.group(1))));
            }
        }
    }

    private static Path jythonJar() {
        String inside =
                JythonStaticsTest.class.getResource("/org/python/Version.class").toString();
        return Path.of(URI.create(inside.substring("jar:".length(), inside.indexOf('!'))));
    }

    private static void read(ClassReader type) {
        String name = type.getClassName().replace('/', '.');
        type.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public FieldVisitor visitField(
                            int access, String field, String descriptor, String signature, Object value) {
                        boolean constant = (access & Opcodes.ACC_FINAL) != 0
                                && IMMUTABLE.matcher(descriptor).matches();
                        boolean generated = (access & (Opcodes.ACC_SYNTHETIC | Opcodes.ACC_ENUM)) != 0;
                        if ((access & Opcodes.ACC_STATIC) != 0 && !constant && !generated) {
                            FIELDS.add(name + "." + field);
                        }
                        return null;
                    }
                },
                ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
    }

    @Test
    void everyFieldThatMattersIsNamed() {
        assertThat(FIELDS.stream().filter(field -> NAMES.stream().noneMatch(name -> name.matches(field))))
                .as("static fields of Jython that %s does not name", PAGE)
                .isEmpty();
        assertThat(FIELDS).as("static fields that were found").hasSizeGreaterThan(1000);
    }

    @Test
    void everyNameIsThatOfAField() {
        assertThat(NAMES.stream()
                        .filter(name -> FIELDS.stream().noneMatch(name::matches))
                        .map(Name::text))
                .as("names in %s that no static field of Jython has", PAGE)
                .isEmpty();
        assertThat(NAMES).as("names that were read").hasSizeGreaterThan(200);
    }
}
