package org.hpyve.include;

import java.util.Locale;
import java.util.Set;

/**
 * How a C type crosses JNI.
 *
 * @param java the Java type
 * @param descriptor its JNI descriptor
 * @param jni the JNI type in C
 * @param call the part of the JNI function's name: {@code Long} of {@code CallStaticLongMethodA}
 */
record CrossingType(String java, String descriptor, String jni, String call) {

    private static final CrossingType LONG = new CrossingType("long", "J", "jlong", "Long");
    private static final CrossingType INT = new CrossingType("int", "I", "jint", "Int");
    private static final Set<String> WORDS =
            Set.of("HPy", "HPy_ssize_t", "size_t", "int64_t", "uint64_t", "HPy_hash_t");
    private static final Set<String> POINTERS = Set.of("void *", "HPyCallFunction *", "HPy_buffer *");
    private static final Set<String> INTS =
            Set.of("int", "int32_t", "uint32_t", "HPy_UCS4", "HPy_SourceKind", "HPyType_BuiltinShape", "HPy_RichCmpOp");

    static CrossingType of(String cType) {
        if (WORDS.contains(cType) || POINTERS.contains(cType)) {
            return LONG;
        }
        if (INTS.contains(cType)) {
            return INT;
        }
        return switch (cType) {
            case "void" -> new CrossingType("void", "V", "void", "Void");
            case "double" -> new CrossingType("double", "D", "jdouble", "Double");
            case "const HPy *" -> new CrossingType("long[]", "[J", "jlongArray", "Object");
            default -> throw new IllegalArgumentException("no crossing for the C type " + cType);
        };
    }

    /** Its member of a {@code jvalue}. */
    String cell() {
        return descriptor.toLowerCase(Locale.ROOT);
    }

    /** The C expression that turns the C value {@code name} into the JNI value. */
    static String toJni(String cType, String name) {
        if (POINTERS.contains(cType)) {
            return "(jlong)(intptr_t)" + name;
        }
        return switch (cType) {
            case "HPy" -> "(jlong)" + name + "._i";
            default -> "(" + of(cType).jni + ")" + name;
        };
    }

    /** The C expression that turns the JNI value {@code name} into the C value. */
    static String fromJni(String cType, String name) {
        if (POINTERS.contains(cType)) {
            return "(" + cType + ")(intptr_t)" + name;
        }
        return switch (cType) {
            case "HPy" -> "(HPy){" + name + "}";
            default -> "(" + cType + ")" + name;
        };
    }
}
