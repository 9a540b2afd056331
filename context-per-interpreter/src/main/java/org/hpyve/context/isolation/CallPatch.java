package org.hpyve.context.isolation;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Calls of a method in a class become calls of a static method of ours with the same name. It has the same parameters, and
 * before them the instance if the method is none of a class.
 *
 * @param owner the class of the method that is called now, as the JVM writes it
 * @param method its name and descriptor
 */
record CallPatch(String owner, String method, Class<?> ours) implements ClassPatch.Edit {

    @Override
    public MethodVisitor visit(ClassPatch.Method visited, MethodVisitor next, Runnable found) {
        return new MethodVisitor(Opcodes.ASM9, next) {

            @Override
            public void visitMethodInsn(
                    int opcode, String called, String name, String descriptor, boolean isInterface) {
                boolean isStatic = opcode == Opcodes.INVOKESTATIC;
                if (!called.equals(owner) || !method.equals(name + descriptor) || opcode == Opcodes.INVOKESPECIAL) {
                    super.visitMethodInsn(opcode, called, name, descriptor, isInterface);
                    return;
                }
                found.run();
                super.visitMethodInsn(
                        Opcodes.INVOKESTATIC,
                        Type.getInternalName(ours),
                        name,
                        isStatic ? descriptor : "(L" + owner + ";" + descriptor.substring(1),
                        false);
            }
        };
    }
}
