package org.hpyve.include;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Generates the C structs and the Java offsets of memory that both sides touch, from one table. */
final class LayoutGenerator {

    private record Field(String name, String type, String meaning) {
        int bytes() {
            return type.equals("int32") ? 4 : 8;
        }

        String cType() {
            return switch (type) {
                case "int32" -> "int32_t ";
                case "int64" -> "int64_t ";
                case "ptr" -> "char *";
                default -> throw new IllegalArgumentException("unknown field type: " + type);
            };
        }
    }

    private final Map<String, List<Field>> structs = new LinkedHashMap<>();
    private final List<Field> kinds = new ArrayList<>();
    private final List<Field> operations = new ArrayList<>();

    LayoutGenerator(Path table) {
        for (String[] row : ApiList.rows(table)) {
            Field field = new Field(row[1], row[2], row[3]);
            if (row[0].equals("kind")) {
                kinds.add(field);
            } else if (row[0].equals("op")) {
                operations.add(field);
            } else {
                structs.computeIfAbsent(row[0], name -> new ArrayList<>()).add(field);
            }
        }
    }

    Map<String, String> cFiles() {
        StringBuilder text = new StringBuilder("/* Generated from layout.txt; not for editing. */\n"
                + "#ifndef HPYVE_LAYOUT_H\n#define HPYVE_LAYOUT_H\n\n#include <stddef.h>\n#include <stdint.h>\n");
        structs.forEach((struct, fields) -> {
            text.append("\ntypedef struct {\n");
            fields.forEach(field ->
                    text.append("    %s%s; /* %s */\n".formatted(field.cType(), field.name(), field.meaning())));
            text.append("} %s;\n".formatted(struct));
            int offset = 0;
            for (Field field : fields) {
                offset = aligned(offset, field);
                text.append("_Static_assert(offsetof(%s, %s) == %d, \"%s.%s\");\n"
                        .formatted(struct, field.name(), offset, struct, field.name()));
                offset += field.bytes();
            }
        });
        text.append("\nenum {\n");
        kinds.forEach(kind ->
                text.append("    KIND_%s = 1 << %s, /* %s */\n".formatted(kind.name(), kind.type(), kind.meaning())));
        text.append("};\n\nenum {\n");
        operations.forEach(operation -> text.append(
                "    OP_%s = %s, /* %s */\n".formatted(operation.name(), operation.type(), operation.meaning())));
        return Map.of("layout.h", text.append("};\n\n#endif\n").toString());
    }

    Map<String, String> javaFiles() {
        StringBuilder text = new StringBuilder("""
                package org.hpyve.bridge;

                /** Offsets in memory shared with C, kind bits, and numbers of operations. Generated from {@code layout.txt}. */
                public final class Layout {

                    private Layout() {}
                """);
        structs.forEach((struct, fields) -> {
            String prefix = struct.toUpperCase(Locale.ROOT) + "_";
            int offset = 0;
            for (Field field : fields) {
                offset = aligned(offset, field);
                constant(
                        text,
                        prefix + field.name().toUpperCase(Locale.ROOT),
                        Integer.toString(offset),
                        field.meaning());
                offset += field.bytes();
            }
            constant(text, prefix + "BYTES", Integer.toString((offset + 7) / 8 * 8), "size of the struct");
        });
        kinds.forEach(kind -> constant(text, "KIND_" + kind.name(), "1 << " + kind.type(), kind.meaning()));
        operations.forEach(
                operation -> constant(text, "OP_" + operation.name(), operation.type(), operation.meaning()));
        return Map.of("org/hpyve/bridge/Layout.java", text.append("}\n").toString());
    }

    private static void constant(StringBuilder text, String name, String value, String meaning) {
        text.append("\n    /** %s. */\n    public static final int %s = %s;\n".formatted(meaning, name, value));
    }

    private static int aligned(int offset, Field field) {
        return (offset + field.bytes() - 1) / field.bytes() * field.bytes();
    }
}
