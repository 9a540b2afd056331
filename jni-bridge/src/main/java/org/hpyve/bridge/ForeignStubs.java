package org.hpyve.bridge;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import org.hpyve.bridge.upcall.Entries;

/**
 * Native stubs through which C calls Java faster than by JNI: {@code java.lang.foreign}, which Java has since version
 * 22. There is one for each upcall in the whole process, made when the upcall is called often and never freed; it finds
 * the context by its tag. So an interpreter costs no stub.
 *
 * <p>{@code java.lang.foreign} is reached by reflection, because this class is compiled for older versions too. Only the
 * making of a stub is; a call goes from the stub to {@link Entries} directly.
 */
final class ForeignStubs {

    /** The first version of Java in which {@code java.lang.foreign} is final. */
    static final int SINCE = 22;

    /** Addresses of the stubs in the order of the upcalls, 0 for one that is not made. C reads them. */
    private static final ByteBuffer TABLE =
            ByteBuffer.allocateDirect(Entries.NAMES.size() * Long.BYTES).order(ByteOrder.nativeOrder());

    private ForeignStubs() {}

    static boolean available() {
        return Runtime.version().feature() >= SINCE;
    }

    /** Where the table is. */
    static long table() {
        return NativeMemory.address(TABLE);
    }

    /** Makes the stub of an upcall, unless it is there; false if this Java does not let us. */
    static synchronized boolean bind(int upcall) {
        int position = upcall * Long.BYTES;
        if (TABLE.getLong(position) != 0) {
            return true;
        }
        try {
            TABLE.putLong(position, make(Entries.handle(upcall)));
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    private static long make(MethodHandle target) throws ReflectiveOperationException {
        Class<?> linkers = foreign("Linker");
        Class<?> descriptors = foreign("FunctionDescriptor");
        Class<?> arenas = foreign("Arena");
        Object options = Array.newInstance(foreign("Linker$Option"), 0);
        Object stub = linkers.getMethod("upcallStub", MethodHandle.class, descriptors, arenas, options.getClass())
                .invoke(
                        linkers.getMethod("nativeLinker").invoke(null),
                        target,
                        descriptor(descriptors, target.type()),
                        arenas.getMethod("global").invoke(null),
                        options);
        return (long) foreign("MemorySegment").getMethod("address").invoke(stub);
    }

    private static Object descriptor(Class<?> descriptors, MethodType type) throws ReflectiveOperationException {
        Class<?> layouts = foreign("MemoryLayout");
        Object params = Array.newInstance(layouts, type.parameterCount());
        for (int i = 0; i < type.parameterCount(); i++) {
            Array.set(params, i, layout(type.parameterType(i)));
        }
        if (type.returnType() == void.class) {
            return descriptors.getMethod("ofVoid", params.getClass()).invoke(null, params);
        }
        Method of = descriptors.getMethod("of", layouts, params.getClass());
        return of.invoke(null, layout(type.returnType()), params);
    }

    private static Object layout(Class<?> primitive) throws ReflectiveOperationException {
        String name = "JAVA_" + primitive.getName().toUpperCase(Locale.ROOT);
        return foreign("ValueLayout").getField(name).get(null);
    }

    private static Class<?> foreign(String name) throws ClassNotFoundException {
        return Class.forName("java.lang.foreign." + name);
    }
}
