package org.hpyve.context.isolation;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The first argument of an instance method of Jython's passes through a static method of ours before the method begins.
 *
 * @param method name and descriptor of Jython's method
 * @param hookClass has a static method {@code hook} from the argument's type to the same type
 */
record ArgumentPatch(String method, Class<?> hookClass, String hook) implements ClassPatch.Edit {

    @Override
    public MethodVisitor visit(ClassPatch.Method visited, MethodVisitor next, Runnable found) {
        if (!method.equals(visited.name() + visited.descriptor())) {
            return next;
        }
        found.run();
        Type type = Type.getArgumentTypes(visited.descriptor())[0];
        return new MethodVisitor(ClassPatch.ASM, next) {

            @Override
            public void visitCode() {
                super.visitCode();
                mv.visitVarInsn(type.getOpcode(Opcodes.ILOAD), 1);
                mv.visitMethodInsn(
                        Opcodes.INVOKESTATIC,
                        Type.getInternalName(hookClass),
                        hook,
                        Type.getMethodDescriptor(type, type),
                        false);
                mv.visitVarInsn(type.getOpcode(Opcodes.ISTORE), 1);
            }
        };
    }
}
