package org.hpyve.context.isolation;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Everything that is changed in one class.
 *
 * @param name as the JVM writes it, with slashes
 */
record ClassPatch(String name, List<Edit> edits) {

    static final int ASM = Opcodes.ASM9;

    /** One change. It says what it changed, so that a change for which nothing was found does not pass unseen. */
    interface Edit {

        /**
         * A visitor in front of {@code next} for a method of the class, or {@code next} itself.
         *
         * @param found is to be run when the change is made
         */
        MethodVisitor visit(Method method, MethodVisitor next, Runnable found);
    }

    /** A method that is read. */
    record Method(String owner, int access, String name, String descriptor) {

        boolean isStatic() {
            return (access & Opcodes.ACC_STATIC) != 0;
        }
    }

    String javaName() {
        return name.replace('/', '.');
    }

    /**
     * The class with the changes.
     *
     * @throws IllegalStateException if a change has no place there
     */
    byte[] change(ClassReader original) {
        // By identity: the JDK keeps the types of a record whose hash was asked for, which would keep a copy of this
        // loaded.
        Set<Edit> missing = Collections.newSetFromMap(new IdentityHashMap<>());
        missing.addAll(edits);
        // No frames are computed, as that loads classes: nothing that is put in branches.
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        original.accept(
                new ClassVisitor(ASM, writer) {

                    @Override
                    public MethodVisitor visitMethod(
                            int access, String method, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor visitor = super.visitMethod(access, method, descriptor, signature, exceptions);
                        for (Edit edit : edits) {
                            visitor = edit.visit(
                                    new Method(name, access, method, descriptor), visitor, () -> missing.remove(edit));
                        }
                        return visitor;
                    }
                },
                0);
        if (!missing.isEmpty()) {
            throw JythonPatches.unknownVersion(javaName() + " has no " + missing, null);
        }
        return writer.toByteArray();
    }
}
