package org.hpyve.context.isolation;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Each use of a static field in a class becomes the use of a value that the current interpreter has of its own, see
 * {@link InterpreterStatics}. The class initializer still sets the field itself.
 *
 * @param owner the class that has the field, as the JVM writes it
 */
record FieldPatch(String owner, String field) implements ClassPatch.Edit {

    private static final String STATICS = Type.getInternalName(InterpreterStatics.class);

    @Override
    public MethodVisitor visit(ClassPatch.Method visited, MethodVisitor next, Runnable found) {
        if (visited.name().equals("<clinit>")) {
            return next;
        }
        return new MethodVisitor(ClassPatch.ASM, next) {

            @Override
            public void visitFieldInsn(int opcode, String usedOwner, String name, String descriptor) {
                if (!usedOwner.equals(owner) || !name.equals(field)) {
                    super.visitFieldInsn(opcode, usedOwner, name, descriptor);
                    return;
                }
                found.run();
                Boxing type = Boxing.of(Type.getType(descriptor));
                if (opcode == Opcodes.GETSTATIC) {
                    super.visitLdcInsn(owner + '.' + field);
                    access("get", "(Ljava/lang/String;)Ljava/lang/Object;");
                    type.unbox(mv);
                } else {
                    type.box(mv);
                    super.visitLdcInsn(owner + '.' + field);
                    access("put", "(Ljava/lang/Object;Ljava/lang/String;)V");
                }
            }

            private void access(String method, String descriptor) {
                super.visitMethodInsn(Opcodes.INVOKESTATIC, STATICS, method, descriptor, false);
            }
        };
    }

    /** How a value of a type becomes an object, and back. */
    private record Boxing(Type type, String box, String unboxMethod) {

        static Boxing of(Type type) {
            return switch (type.getSort()) {
                case Type.INT -> new Boxing(type, "java/lang/Integer", "intValue");
                case Type.LONG -> new Boxing(type, "java/lang/Long", "longValue");
                case Type.SHORT -> new Boxing(type, "java/lang/Short", "shortValue");
                case Type.BOOLEAN -> new Boxing(type, "java/lang/Boolean", "booleanValue");
                case Type.DOUBLE -> new Boxing(type, "java/lang/Double", "doubleValue");
                case Type.OBJECT -> new Boxing(type, null, null);
                default -> throw new IllegalArgumentException(type.toString());
            };
        }

        void box(MethodVisitor code) {
            if (box != null) {
                String descriptor = "(" + type.getDescriptor() + ")L" + box + ";";
                code.visitMethodInsn(Opcodes.INVOKESTATIC, box, "valueOf", descriptor, false);
            }
        }

        void unbox(MethodVisitor code) {
            if (box == null) {
                code.visitTypeInsn(Opcodes.CHECKCAST, type.getInternalName());
            } else {
                code.visitTypeInsn(Opcodes.CHECKCAST, box);
                code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, box, unboxMethod, "()" + type.getDescriptor(), false);
            }
        }
    }
}
