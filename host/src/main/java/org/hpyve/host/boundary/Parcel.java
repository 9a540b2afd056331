package org.hpyve.host.boundary;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Values on their way from one interpreter to another, or between one and Java.
 *
 * <p>A parcel is one of the records here, a {@link Channel}, an {@link Identity}, or a Java object that stands for a
 * Python one: Boolean for bool, Integer for int, BigInteger for long, Double for float, String for unicode. Interpreters
 * that share their classes also send Python objects themselves, if these cannot be changed and know no interpreter. No
 * parcel is null, none holds anything of an interpreter that has own classes, and none is changed.
 */
public final class Parcel {

    private Parcel() {}

    /** What stands for itself only. */
    public enum Constant {
        /** None. */
        NONE
    }

    /** A str, each byte as a char. */
    public record Bytes(String chars) {}

    /** A tuple. */
    public record Tuple(Object[] items) {}

    /** A list, to be copied. */
    public record ListOf(Object[] items) {}

    /** A dict, to be copied: a key, its value, the next key. */
    public record DictOf(Object[] entries) {}

    /** A set, to be copied. */
    public record SetOf(Object[] items, boolean frozen) {}

    /** A memoryview, of the same memory. */
    public record Memory(ByteBuffer bytes) {}

    /**
     * Anything, as the module pickle writes it, each byte as a char.
     *
     * @param queues those in it: by their numbers alone they would not be kept
     */
    public record Pickled(String data, List<Channel> queues) {}

    /** A function that is found by its name. */
    public record Named(String module, String name) {}

    /** A method, or another attribute, of what the owner is a parcel of. */
    public record Attribute(Object owner, String name) {}

    /**
     * A function that is not found by its name and has no closure.
     *
     * @param code its code object, which interpreters that share their classes can share too; or the text of its source
     * @param module the module whose variables it sees
     * @param defaults a parcel of the tuple of its default values
     */
    public record Function(Object code, String name, String module, Object defaults) {}

    /** Something to be called, with parcels of a tuple and of a dict of arguments. */
    public record Call(Object callable, Object arguments, Object keywords) {}

    /** A value that comes from Java, in a form that Java can no longer change. */
    public record FromJava(Object value) {}
}
