package org.hpyve.context;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.hpyve.bridge.DownCalls;
import org.hpyve.bridge.NativeMemory;
import org.python.core.Py;

/**
 * What an extension defines, read from its memory: {@code HPyModuleDef}, {@code HPyType_Spec} and the {@code HPyDef}s
 * in both. Word numbers are the ABI's layout in 8-byte words.
 */
final class Definition {

    private static final int KIND_SLOT = 1;
    private static final int KIND_METH = 2;
    private static final int KIND_MEMBER = 3;
    private static final int KIND_GETSET = 4;
    private static final Set<Integer> METHOD_SIGNATURES =
            Set.of(DownCalls.VARARGS, DownCalls.KEYWORDS, DownCalls.NOARGS, DownCalls.O);
    private static final int DEF_WORDS = 8;
    private static final int MODULE_WORDS = 5;
    private static final int SPEC_WORDS = 7;

    /** {@code HPyMeth}: a C function of one of the method signatures. */
    record Method(String name, long impl, int signature, String doc) {}

    /** {@code HPySlot}. */
    record Slot(int number, long impl) {}

    /** {@code HPyMember}: a field of the C struct. */
    record Member(String name, int type, long offset, boolean readonly, String doc) {}

    /** {@code HPyGetSet}; a missing function is 0. */
    record GetSet(String name, long getter, long setter, String doc, long closure) {}

    /** The definitions in an array of {@code HPyDef *}, by kind and in order. */
    record Defines(List<Method> methods, List<Slot> slots, List<Member> members, List<GetSet> getSets) {

        static Defines read(long array, String owner) {
            Defines defines = new Defines(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            if (array != 0) {
                for (long definition : NativeMemory.pointers(array)) {
                    defines.add(NativeMemory.words(definition, DEF_WORDS), owner);
                }
            }
            return defines;
        }

        private void add(long[] w, String owner) {
            if ((int) w[0] >= KIND_SLOT && (int) w[0] <= KIND_GETSET) {
                check(w, owner);
            }
            switch ((int) w[0]) {
                case KIND_SLOT -> slots.add(new Slot((int) w[1], w[2]));
                case KIND_METH ->
                    methods.add(new Method(NativeMemory.string(w[1]), w[2], (int) w[4], NativeMemory.string(w[5])));
                case KIND_MEMBER ->
                    members.add(new Member(
                            NativeMemory.string(w[1]), (int) w[2], w[3], (int) w[4] != 0, NativeMemory.string(w[5])));
                case KIND_GETSET ->
                    getSets.add(new GetSet(NativeMemory.string(w[1]), w[2], w[3], NativeMemory.string(w[6]), w[7]));
                default -> throw Py.SystemError(owner + ": unknown kind of HPyDef: " + (int) w[0]);
            }
        }

        /** SystemError for a definition without a name or a function, which would only be missed when it is called. */
        private static void check(long[] w, String owner) {
            int kind = (int) w[0];
            if (kind != KIND_SLOT && w[1] == 0) {
                throw Py.SystemError(owner + ": an HPyDef without a name");
            }
            if (kind == KIND_METH && !METHOD_SIGNATURES.contains((int) w[4])) {
                throw Py.ValueError("Unsupported HPyMeth signature");
            }
            boolean function = kind == KIND_GETSET ? w[2] != 0 || w[3] != 0 : w[2] != 0;
            if (kind != KIND_MEMBER && !function) {
                throw Py.SystemError(owner + ": an HPyDef without a function: "
                        + (kind == KIND_SLOT ? "slot " + (int) w[1] : NativeMemory.string(w[1])));
            }
        }
    }

    /** {@code HPyModuleDef}; {@code globals} are the addresses of its {@code HPyGlobal} variables. */
    record Module(String doc, long size, boolean legacyMethods, Defines defines, long[] globals) {

        static Module read(long address, String owner) {
            long[] w = NativeMemory.words(address, MODULE_WORDS);
            return new Module(
                    NativeMemory.string(w[0]),
                    w[1],
                    w[2] != 0,
                    Defines.read(w[3], owner),
                    w[4] == 0 ? new long[0] : NativeMemory.pointers(w[4]));
        }
    }

    /** {@code HPyType_Spec}. */
    record TypeSpec(
            String name,
            int basicSize,
            int itemSize,
            long flags,
            int shape,
            boolean legacySlots,
            Defines defines,
            String doc) {

        static TypeSpec read(long address) {
            long[] w = NativeMemory.words(address, SPEC_WORDS);
            return new TypeSpec(
                    NativeMemory.string(w[0]),
                    (int) w[1],
                    (int) (w[1] >> 32),
                    w[2],
                    (int) w[3],
                    w[4] != 0,
                    Defines.read(w[5], NativeMemory.string(w[0])),
                    NativeMemory.string(w[6]));
        }
    }

    private Definition() {}
}
