package org.hpyve.context.isolation;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * A call of a static method of ours in a method of Jython's. Ours gets the instance, if there is one, and the
 * arguments, unless it only {@link Place#CHECK checks}.
 *
 * @param method name and descriptor of Jython's method, such as {@code close()V}
 * @param hook the class and the name of ours
 */
record MethodPatch(String method, Class<?> hookClass, String hook, Place place) implements ClassPatch.Edit {

    /** Where the call is put. */
    enum Place {
        /** Before all else; ours returns nothing. */
        START,
        /** Before all else; ours gets nothing, and returns nothing. */
        CHECK,
        /** As START; ours gets the instance only. */
        ENTRY,
        /** In the place of all else; ours gives the result. */
        WHOLE,
        /** Before each return; ours gets the result as first argument, and gives another. */
        RESULT
    }

    static MethodPatch atStart(String method, Class<?> hookClass, String hook) {
        return new MethodPatch(method, hookClass, hook, Place.START);
    }

    /** Also in a class that ours could not mention. */
    static MethodPatch checked(String method, Class<?> hookClass, String hook) {
        return new MethodPatch(method, hookClass, hook, Place.CHECK);
    }

    static MethodPatch atEntry(String method, Class<?> hookClass, String hook) {
        return new MethodPatch(method, hookClass, hook, Place.ENTRY);
    }

    static MethodPatch inPlaceOf(String method, Class<?> hookClass, String hook) {
        return new MethodPatch(method, hookClass, hook, Place.WHOLE);
    }

    static MethodPatch onResult(String method, Class<?> hookClass, String hook) {
        return new MethodPatch(method, hookClass, hook, Place.RESULT);
    }

    @Override
    public MethodVisitor visit(ClassPatch.Method visited, MethodVisitor next, Runnable found) {
        if (!method.equals(visited.name() + visited.descriptor())) {
            return next;
        }
        found.run();
        Type result = Type.getReturnType(visited.descriptor());
        int returnOpcode = result.getOpcode(Opcodes.IRETURN);
        return switch (place) {
            case START, ENTRY ->
                new MethodVisitor(ClassPatch.ASM, next) {

                    @Override
                    public void visitCode() {
                        super.visitCode();
                        call(visited, mv, "(", Type.VOID_TYPE);
                    }
                };
            case CHECK ->
                new MethodVisitor(ClassPatch.ASM, next) {

                    @Override
                    public void visitCode() {
                        super.visitCode();
                        invoke(mv, "()V");
                    }
                };
            case RESULT ->
                new MethodVisitor(ClassPatch.ASM, next) {

                    @Override
                    public void visitInsn(int opcode) {
                        if (opcode == returnOpcode) {
                            call(visited, mv, "(" + result.getDescriptor(), result);
                        }
                        super.visitInsn(opcode);
                    }
                };
            case WHOLE -> {
                next.visitCode();
                call(visited, next, "(", result);
                next.visitInsn(returnOpcode);
                next.visitMaxs(0, 0);
                next.visitEnd();
                // What is read of the original goes nowhere.
                yield null;
            }
        };
    }

    private void call(ClassPatch.Method visited, MethodVisitor code, String firstArguments, Type result) {
        StringBuilder descriptor = new StringBuilder(firstArguments);
        int local = 0;
        if (!visited.isStatic()) {
            code.visitVarInsn(Opcodes.ALOAD, local++);
            descriptor.append(Type.getObjectType(visited.owner()).getDescriptor());
        }
        for (Type argument : place == Place.ENTRY ? new Type[0] : Type.getArgumentTypes(visited.descriptor())) {
            code.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), local);
            local += argument.getSize();
            descriptor.append(argument.getDescriptor());
        }
        descriptor.append(')').append(result.getDescriptor());
        invoke(code, descriptor.toString());
    }

    private void invoke(MethodVisitor code, String descriptor) {
        code.visitMethodInsn(Opcodes.INVOKESTATIC, Type.getInternalName(hookClass), hook, descriptor, false);
    }
}
