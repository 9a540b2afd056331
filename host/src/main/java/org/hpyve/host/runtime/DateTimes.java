package org.hpyve.host.runtime;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyType;
import org.python.core.imp;

/**
 * Dates, times and decimals, which are classes of modules in Python. A module is imported when the first such value
 * enters; what leaves cannot be of a module that nobody imported.
 */
final class DateTimes {

    private static final int NANOS_OF_MICRO = 1000;

    /**
     * A date, datetime, time, timedelta or Decimal in Java's form; null for any other object, and for one that Java cannot
     * express, such as {@code Decimal('NaN')}.
     */
    Object toJava(PyObject object) {
        return toJava(object, object.getType());
    }

    /** The same, for subclasses too. */
    Object toJavaAs(PyObject object) {
        for (PyObject base : ((PyObject) object.getType().getMro()).asIterable()) {
            Object value = base instanceof PyType type ? toJava(object, type) : null;
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private static Object toJava(PyObject object, PyType type) {
        try {
            return switch (type.fastGetName()) {
                case "date" -> isFrom("datetime", type) ? date(object) : null;
                case "datetime" -> isFrom("datetime", type) ? dateTime(object) : null;
                case "time" -> isFrom("datetime", type) ? time(object) : null;
                case "timedelta" -> isFrom("datetime", type) ? duration(object) : null;
                case "Decimal" -> isFrom("decimal", type) ? decimal(object) : null;
                default -> null;
            };
        } catch (DateTimeException e) {
            // An offset of a day, or with fractions of a second.
            return null;
        }
    }

    private static boolean isFrom(String module, PyType type) {
        PyObject imported = Py.getSystemState().modules.__finditem__(module);
        return imported != null && imported != Py.None && imported.__findattr__(type.fastGetName()) == type;
    }

    private static LocalDate date(PyObject object) {
        return LocalDate.of(number(object, "year"), number(object, "month"), number(object, "day"));
    }

    private static LocalTime timeOfDay(PyObject object) {
        return LocalTime.of(
                number(object, "hour"),
                number(object, "minute"),
                number(object, "second"),
                number(object, "microsecond") * NANOS_OF_MICRO);
    }

    private static Object dateTime(PyObject object) {
        LocalDateTime local = LocalDateTime.of(date(object), timeOfDay(object));
        ZoneOffset offset = offset(object);
        return offset == null ? local : OffsetDateTime.of(local, offset);
    }

    private static Object time(PyObject object) {
        LocalTime local = timeOfDay(object);
        ZoneOffset offset = offset(object);
        return offset == null ? local : OffsetTime.of(local, offset);
    }

    private static ZoneOffset offset(PyObject object) {
        PyObject offset = object.invoke("utcoffset");
        return offset == Py.None
                ? null
                : ZoneOffset.ofTotalSeconds(Math.toIntExact(duration(offset).toSeconds()));
    }

    private static Duration duration(PyObject object) {
        return Duration.ofDays(number(object, "days"))
                .plusSeconds(number(object, "seconds"))
                .plusNanos((long) number(object, "microseconds") * NANOS_OF_MICRO);
    }

    private static BigDecimal decimal(PyObject object) {
        try {
            return new BigDecimal(object.__str__().toString());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static int number(PyObject object, String attribute) {
        return object.__getattr__(attribute).asInt();
    }

    /** Nanoseconds are cut to microseconds. Null for what is neither a date nor a time. */
    PyObject toPython(Object value) {
        if (value instanceof LocalDate date) {
            return datetime("date", date.getYear(), date.getMonthValue(), date.getDayOfMonth());
        }
        if (value instanceof LocalDateTime local) {
            return dateTime(local, null);
        }
        if (value instanceof OffsetDateTime time) {
            return dateTime(time.toLocalDateTime(), time.getOffset());
        }
        if (value instanceof ZonedDateTime time) {
            return toPython(time.toOffsetDateTime());
        }
        if (value instanceof Instant instant) {
            return toPython(instant.atOffset(ZoneOffset.UTC));
        }
        if (value instanceof LocalTime local) {
            return time(local, null);
        }
        if (value instanceof OffsetTime time) {
            return time(time.toLocalTime(), time.getOffset());
        }
        return value instanceof Duration duration ? timedelta(duration) : null;
    }

    private static PyObject timedelta(Duration duration) {
        long days = Math.floorDiv(duration.getSeconds(), 86_400);
        long seconds = Math.floorMod(duration.getSeconds(), 86_400);
        return datetime("timedelta", days, seconds, duration.getNano() / NANOS_OF_MICRO);
    }

    private static PyObject dateTime(LocalDateTime local, ZoneOffset offset) {
        PyObject time = datetime(
                "datetime",
                local.getYear(),
                local.getMonthValue(),
                local.getDayOfMonth(),
                local.getHour(),
                local.getMinute(),
                local.getSecond(),
                local.getNano() / NANOS_OF_MICRO);
        return at(offset, time);
    }

    private static PyObject time(LocalTime local, ZoneOffset offset) {
        PyObject time = datetime(
                "time", local.getHour(), local.getMinute(), local.getSecond(), local.getNano() / NANOS_OF_MICRO);
        return at(offset, time);
    }

    /** Python 2.7 has no class for a fixed offset. */
    private static PyObject at(ZoneOffset offset, PyObject time) {
        if (offset == null) {
            return time;
        }
        PyObject zone =
                imp.importName("_hpyve_time", true).invoke("FixedOffset", Py.newInteger(offset.getTotalSeconds()));
        return time.__getattr__("replace").__call__(new PyObject[] {zone}, new String[] {"tzinfo"});
    }

    private static PyObject datetime(String cls, long... fields) {
        PyObject[] arguments = new PyObject[fields.length];
        for (int i = 0; i < fields.length; i++) {
            arguments[i] = Py.newInteger(fields[i]);
        }
        return imp.importName("datetime", true).__getattr__(cls).__call__(arguments);
    }

    /** A {@code decimal.Decimal} of the same digits. */
    PyObject decimal(BigDecimal value) {
        return imp.importName("decimal", true).invoke("Decimal", new PyString(value.toString()));
    }
}
