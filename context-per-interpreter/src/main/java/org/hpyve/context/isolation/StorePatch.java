package org.hpyve.context.isolation;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * What a class stores in a field of its own passes through a static method of ours before.
 *
 * @param descriptor of the field
 * @param hookClass has a static method {@code hook} from the field's type to the same type
 */
record StorePatch(String field, String descriptor, Class<?> hookClass, String hook) implements ClassPatch.Edit {

    @Override
    public MethodVisitor visit(ClassPatch.Method visited, MethodVisitor next, Runnable found) {
        return new MethodVisitor(ClassPatch.ASM, next) {

            @Override
            public void visitFieldInsn(int opcode, String owner, String name, String type) {
                if (opcode == Opcodes.PUTFIELD && owner.equals(visited.owner()) && name.equals(field)) {
                    found.run();
                    super.visitMethodInsn(
                            Opcodes.INVOKESTATIC,
                            Type.getInternalName(hookClass),
                            hook,
                            "(" + descriptor + ")" + descriptor,
                            false);
                }
                super.visitFieldInsn(opcode, owner, name, type);
            }
        };
    }
}
