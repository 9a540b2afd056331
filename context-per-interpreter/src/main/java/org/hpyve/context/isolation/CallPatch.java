package org.hpyve.context.isolation;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Each call of an instance method in a class becomes a call of a static method of ours with the same name, which gets the
 * instance as its first argument.
 *
 * @param owner the class whose method is called, as the JVM writes it
 * @param method name and descriptor of that method
 */
record CallPatch(String owner, String method, Class<?> hookClass) implements ClassPatch.Edit {

    @Override
    public MethodVisitor visit(ClassPatch.Method visited, MethodVisitor next, Runnable found) {
        return new MethodVisitor(ClassPatch.ASM, next) {

            @Override
            public void visitMethodInsn(
                    int opcode, String called, String name, String descriptor, boolean isInterface) {
                if (opcode != Opcodes.INVOKEVIRTUAL || !called.equals(owner) || !method.equals(name + descriptor)) {
                    super.visitMethodInsn(opcode, called, name, descriptor, isInterface);
                    return;
                }
                found.run();
                super.visitMethodInsn(
                        Opcodes.INVOKESTATIC,
                        Type.getInternalName(hookClass),
                        name,
                        "(L" + owner + ";" + descriptor.substring(1),
                        false);
            }
        };
    }
}
