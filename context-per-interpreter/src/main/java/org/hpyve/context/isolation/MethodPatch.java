package org.hpyve.context.isolation;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * A call of a static method of ours in a method of Jython's: at its start, or in the place of all that it does. Ours gets
 * the instance, if there is one, and the arguments.
 *
 * @param method name and descriptor of Jython's method, such as {@code close()V}
 * @param hook the class and the name of ours
 * @param replace if ours is called in the place of the original, and gives its result; otherwise it returns nothing
 */
record MethodPatch(String method, Class<?> hookClass, String hook, boolean replace) implements ClassPatch.Edit {

    static MethodPatch atStart(String method, Class<?> hookClass, String hook) {
        return new MethodPatch(method, hookClass, hook, false);
    }

    static MethodPatch inPlaceOf(String method, Class<?> hookClass, String hook) {
        return new MethodPatch(method, hookClass, hook, true);
    }

    @Override
    public MethodVisitor visit(ClassPatch.Method visited, MethodVisitor next, Runnable found) {
        if (!method.equals(visited.name() + visited.descriptor())) {
            return next;
        }
        found.run();
        if (!replace) {
            return new MethodVisitor(ClassPatch.ASM, next) {

                @Override
                public void visitCode() {
                    super.visitCode();
                    call(visited, mv, Type.VOID_TYPE);
                }
            };
        }
        Type result = Type.getReturnType(visited.descriptor());
        next.visitCode();
        call(visited, next, result);
        next.visitInsn(result.getOpcode(Opcodes.IRETURN));
        next.visitMaxs(0, 0);
        next.visitEnd();
        // What is read of the original goes nowhere.
        return null;
    }

    private void call(ClassPatch.Method visited, MethodVisitor code, Type result) {
        StringBuilder descriptor = new StringBuilder("(");
        int local = 0;
        if (!visited.isStatic()) {
            code.visitVarInsn(Opcodes.ALOAD, local++);
            descriptor.append(Type.getObjectType(visited.owner()).getDescriptor());
        }
        for (Type argument : Type.getArgumentTypes(visited.descriptor())) {
            code.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), local);
            local += argument.getSize();
            descriptor.append(argument.getDescriptor());
        }
        descriptor.append(')').append(result.getDescriptor());
        code.visitMethodInsn(Opcodes.INVOKESTATIC, Type.getInternalName(hookClass), hook, descriptor.toString(), false);
    }
}
