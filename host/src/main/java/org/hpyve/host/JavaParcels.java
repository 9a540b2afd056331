package org.hpyve.host;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hpyve.host.boundary.Channel;
import org.hpyve.host.boundary.Copying;
import org.hpyve.host.boundary.FunctionalInterfaces;
import org.hpyve.host.boundary.Identity;
import org.hpyve.host.boundary.Parcel;
import org.hpyve.host.runtime.SharedObjects;

/** Parcels that Java puts and takes. */
final class JavaParcels {

    /** Classes of which none inherits. */
    private static final Set<Class<?>> SIMPLE = Set.of(
            Boolean.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            Character.class,
            LocalDate.class,
            LocalDateTime.class,
            OffsetDateTime.class,
            ZonedDateTime.class,
            Instant.class,
            LocalTime.class,
            OffsetTime.class,
            Duration.class);

    private JavaParcels() {}

    /**
     * A parcel of a value. Containers are copied now, so that who has put them may change them.
     *
     * @throws IllegalArgumentException for a queue or an interpreter of another host, and for a value that has no Python
     *     form
     */
    static Object pack(Object value, InterpreterRegistry registry) {
        if (value == null) {
            return Parcel.Constant.NONE;
        }
        if (value instanceof InterpreterQueue queue) {
            return queue.channel(registry);
        }
        if (value instanceof Interpreter interpreter) {
            return registry.owned(interpreter).identity();
        }
        if (value == Channel.UNBOUND || value.getClass().getEnclosingClass() == Parcel.class) {
            return value;
        }
        return new Parcel.FromJava(copy(value, null));
    }

    private static Object copy(Object value, Copying outer) {
        if (value instanceof byte[] bytes) {
            return bytes.clone();
        }
        if (value instanceof Collection<?> || value instanceof Map<?, ?> || value instanceof Object[]) {
            Object done = Copying.done(outer, value);
            return done != null ? done : container(value, Copying.in(outer));
        }
        if (!hasPythonForm(value)) {
            throw new IllegalArgumentException("a Java object of " + value.getClass() + " has no Python form");
        }
        return value;
    }

    private static Object container(Object value, Copying inner) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> entries = new LinkedHashMap<>();
            map.forEach((key, item) -> entries.put(copy(key, inner), copy(item, inner)));
            return inner.end(value, Collections.unmodifiableMap(entries));
        }
        if (value instanceof Set<?> set) {
            Set<Object> items = new LinkedHashSet<>();
            set.forEach(item -> items.add(copy(item, inner)));
            return inner.end(value, Collections.unmodifiableSet(items));
        }
        List<Object> items = new ArrayList<>();
        (value instanceof Object[] array ? Arrays.asList(array) : (Collection<?>) value)
                .forEach(item -> items.add(copy(item, inner)));
        return inner.end(value, Collections.unmodifiableList(items));
    }

    /** Of what is no container. Whether an interpreter takes a reference of another shows when it gets it. */
    private static boolean hasPythonForm(Object value) {
        return value == null
                || value == Channel.UNBOUND
                || SIMPLE.contains(value.getClass())
                || value instanceof CharSequence
                || value instanceof BigInteger
                || value instanceof BigDecimal
                || value instanceof ByteBuffer
                || value.getClass().isArray()
                || value instanceof Enum<?>
                || value instanceof InterpreterQueue
                || value instanceof PythonReference
                || value instanceof JavaObject
                || InterfaceProxy.target(value) != null
                || FunctionalInterfaces.calledBy(value) != null;
    }

    /** The Java form of a parcel; the parcel itself if there is none. */
    static Object unpack(Object parcel, InterpreterRegistry registry) {
        if (parcel instanceof Parcel.FromJava fromJava) {
            return fromJava.value() instanceof byte[] bytes ? bytes.clone() : fromJava.value();
        }
        if (parcel == Parcel.Constant.NONE) {
            return null;
        }
        if (parcel instanceof Boolean
                || parcel instanceof Integer
                || parcel instanceof Double
                || parcel instanceof String) {
            return parcel;
        }
        if (parcel instanceof BigInteger number) {
            return smallest(number);
        }
        if (parcel instanceof Parcel.Bytes bytes) {
            return bytes(bytes.chars());
        }
        if (parcel instanceof Parcel.Tuple tuple) {
            return list(tuple.items(), registry);
        }
        if (parcel instanceof Parcel.ListOf list) {
            return list(list.items(), registry);
        }
        if (parcel instanceof Parcel.SetOf set) {
            return new LinkedHashSet<>(list(set.items(), registry));
        }
        if (parcel instanceof Parcel.DictOf dict) {
            Object[] entries = dict.entries();
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < entries.length; i += 2) {
                map.put(unpack(entries[i], registry), unpack(entries[i + 1], registry));
            }
            return map;
        }
        if (parcel instanceof Parcel.Memory memory) {
            return memory.bytes().duplicate();
        }
        if (parcel instanceof Channel channel) {
            return new InterpreterQueue(channel, registry);
        }
        if (parcel instanceof Identity identity) {
            return registry.get(identity.id());
        }
        if (parcel.getClass().getEnclosingClass() == Parcel.class) {
            return parcel;
        }
        return SharedObjects.toJava(parcel, JavaParcels::smallest, JavaParcels::bytes);
    }

    private static List<Object> list(Object[] items, InterpreterRegistry registry) {
        List<Object> list = new ArrayList<>(items.length);
        Arrays.stream(items).forEach(item -> list.add(unpack(item, registry)));
        return list;
    }

    private static Object smallest(BigInteger number) {
        return number.bitLength() < 32
                ? (Object) number.intValue()
                : number.bitLength() < 64 ? (Object) number.longValue() : number;
    }

    private static Object bytes(String chars) {
        return chars.chars().allMatch(c -> c < 0x80) ? chars : chars.getBytes(StandardCharsets.ISO_8859_1);
    }
}
