package org.hpyve.tests.differential;

import static org.hpyve.tests.differential.Registers.ANY;
import static org.hpyve.tests.differential.Registers.BYTES;
import static org.hpyve.tests.differential.Registers.CALLABLES;
import static org.hpyve.tests.differential.Registers.DICTS;
import static org.hpyve.tests.differential.Registers.ITERATORS;
import static org.hpyve.tests.differential.Registers.KEYS;
import static org.hpyve.tests.differential.Registers.LISTS;
import static org.hpyve.tests.differential.Registers.NUMBERS;
import static org.hpyve.tests.differential.Registers.OBJECTS;
import static org.hpyve.tests.differential.Registers.ODD;
import static org.hpyve.tests.differential.Registers.SEQUENCES;
import static org.hpyve.tests.differential.Registers.SLICES;
import static org.hpyve.tests.differential.Registers.TEXTS;
import static org.hpyve.tests.differential.Registers.TUPLES;
import static org.hpyve.tests.differential.Registers.TYPES;

/**
 * What a step of a program does: one call of the API, or a few. The C files of the machine say what each means; the order
 * here makes its code.
 */
enum Operation {
    // numbers.c
    LONG_FROM(12, NUMBERS),
    LONG_AS(10, ANY, NUMBERS),
    FLOAT_FROM(6, NUMBERS),
    FLOAT_AS(6, ANY, NUMBERS),
    BOOL_FROM(2, NUMBERS),
    NUMBER_CHECK(2, ANY, ANY),
    IS_TRUE(5, ANY, ANY),
    UNARY(4, NUMBERS, NUMBERS),
    BINARY(8, NUMBERS, NUMBERS, NUMBERS),
    ADD(5, SEQUENCES, SEQUENCES, SEQUENCES),
    MULTIPLY(4, SEQUENCES, SEQUENCES, NUMBERS),
    REMAINDER(2, TEXTS, TEXTS, ANY),
    LSHIFT(1, NUMBERS, NUMBERS, NUMBERS),
    POWER(1, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
    // texts.c
    UNICODE_FROM_STRING(25, TEXTS),
    UNICODE_FROM_WIDE(8, TEXTS),
    DECODE(12, TEXTS),
    BYTES_FROM(10, BYTES),
    FROM_ENCODED_OBJECT(3, TEXTS, BYTES),
    ENCODE(5, BYTES, TEXTS),
    AS_UTF8(14, ANY, TEXTS),
    AS_BYTES(8, ANY, BYTES),
    BYTES_SIZE(4, ANY, BYTES),
    READ_CHAR(4, ANY, TEXTS),
    SUBSTRING(4, TEXTS, TEXTS),
    // containers.c
    LIST_NEW(14, LISTS),
    LIST_APPEND(40, ANY, LISTS, ANY),
    LIST_INSERT(10, ANY, LISTS, ANY),
    LIST_BUILDER_NEW(6, ANY),
    LIST_BUILDER_SET(14, ANY, ANY),
    LIST_BUILDER_BUILD(8, LISTS),
    LIST_BUILDER_CANCEL(2, ANY),
    TUPLE_BUILDER_NEW(5, ANY),
    TUPLE_BUILDER_SET(12, ANY, ANY),
    TUPLE_BUILDER_BUILD(7, TUPLES),
    TUPLE_BUILDER_CANCEL(2, ANY),
    TUPLE_FROM_ARRAY(8, TUPLES, ANY, ANY, ANY),
    TUPLE_PACK(8, TUPLES, ANY, ANY, ANY),
    DICT_NEW(12, DICTS),
    DICT_KEYS(8, LISTS, DICTS),
    DICT_COPY(6, DICTS, DICTS),
    GET_ITEM(12, ANY, DICTS, KEYS),
    GET_ITEM_I(16, ANY, SEQUENCES),
    GET_ITEM_S(10, ANY, DICTS),
    SET_ITEM(35, ANY, DICTS, KEYS, ANY),
    SET_ITEM_I(16, ANY, LISTS, KEYS, ANY),
    SET_ITEM_S(14, ANY, DICTS, KEYS, ANY),
    DEL_ITEM(6, ANY, DICTS, KEYS),
    DEL_ITEM_I(5, ANY, LISTS),
    DEL_ITEM_S(4, ANY, DICTS),
    CONTAINS(8, ANY, DICTS, KEYS),
    LENGTH(16, ANY, SEQUENCES),
    SLICE_NEW(4, SLICES, NUMBERS, NUMBERS, NUMBERS),
    SLICE_UNPACK(4, ANY, SLICES),
    GET_SLICE(5, LISTS, SEQUENCES),
    SET_SLICE(4, ANY, LISTS, SEQUENCES),
    DEL_SLICE(3, ANY, LISTS),
    GET_ITER(5, ITERATORS, SEQUENCES),
    ITER_NEXT(7, ANY, ITERATORS),
    ITER_CHECK(2, ANY, ITERATORS),
    // loops.c
    APPEND_MANY(8, ANY, LISTS),
    SET_MANY(8, ANY, DICTS),
    RECORDS(3, LISTS),
    NESTED(5, LISTS),
    LONG_SEQUENCE(1, LISTS),
    READ_SEQUENCE(8, ANY, SEQUENCES, LISTS, CALLABLES),
    READ_DICT(6, ANY, DICTS, ANY),
    WRITE_LIST(5, ANY, LISTS),
    BUILD_VALUE(6, LISTS, ANY, TEXTS),
    OBSERVE(25, ANY, ANY),
    // objects.c
    CALL(12, ANY, CALLABLES, ANY, ANY),
    CALL_TUPLE_DICT(6, ANY, CALLABLES, TUPLES, DICTS),
    CALL_METHOD(12, ANY, OBJECTS, KEYS, ANY),
    TEXT_OF(8, TEXTS, ANY),
    RICH_COMPARE(5, NUMBERS, ANY, ANY),
    RICH_COMPARE_BOOL(6, ANY, ANY, ANY),
    HASH(4, ANY, KEYS),
    IS(8, ANY, ANY, ANY),
    TYPE(5, TYPES, ANY),
    TYPE_CHECK(6, ANY, ANY, TYPES),
    IS_SUBTYPE(2, ANY, TYPES),
    TYPE_NAME(2, ANY, TYPES),
    CHECKS(6, ANY, ANY),
    CONSTANT(5, TYPES),
    GET_ATTR(6, ANY, ODD, ANY, TEXTS),
    GET_ATTR_S(12, ANY, ODD),
    HAS_ATTR(4, ANY, ODD, ANY, TEXTS),
    HAS_ATTR_S(6, ANY, ODD),
    SET_ATTR(5, ANY, ODD, ANY, TEXTS),
    SET_ATTR_S(10, ANY, ODD, ANY),
    DEL_ATTR_S(3, ANY, ODD),
    // state.c
    DUP(10, ANY, ANY),
    CLOSE(10, ANY, ANY),
    KEEP(5, ANY, ANY),
    TAKE(5, ANY),
    END(2, ANY, ANY),
    LEAVE_PYTHON(2, ANY),
    IMPORT(1, ANY),
    EVALUATE(1, ANY),
    ERR_SET_STRING(6, ANY, TYPES),
    ERR_SET_OBJECT(3, ANY, ANY),
    ERR_NO_MEMORY(1, ANY),
    ERR_FROM_ERRNO(1, ANY),
    ERR_OCCURRED(3, ANY),
    ERR_CLEAR(3, ANY),
    ERR_MATCHES(3, ANY),
    ERR_NEW(1, TYPES),
    TRACKER_NEW(3, ANY),
    TRACKER_ADD(5, ANY, ANY),
    TRACKER_CLOSE(3, ANY),
    INSTANCE(8, ANY, ANY),
    FIELD_STORE(8, ANY, ANY),
    FIELD_LOAD(8, ANY),
    STRUCT_COUNT(3, ANY),
    GLOBAL_STORE(7, ANY, ANY),
    GLOBAL_LOAD(7, ANY);

    /** How often it is generated, compared with others. */
    final int weight;

    final Registers target;
    final Registers a;
    final Registers b;
    final Registers c;

    Operation(int weight, Registers target) {
        this(weight, target, ANY);
    }

    Operation(int weight, Registers target, Registers a) {
        this(weight, target, a, ANY);
    }

    Operation(int weight, Registers target, Registers a, Registers b) {
        this(weight, target, a, b, ANY);
    }

    /** Where the result goes, and where its operands come from, mostly. */
    Operation(int weight, Registers target, Registers a, Registers b, Registers c) {
        this.weight = weight;
        this.target = target;
        this.a = a;
        this.b = b;
        this.c = c;
    }

    /** What the C side includes. */
    static String header() {
        StringBuilder codes = new StringBuilder("enum {\n");
        StringBuilder names = new StringBuilder("static const char *const operation_names[] = {\n");
        for (Operation operation : values()) {
            codes.append("    OP_").append(operation).append(",\n");
            names.append("    \"").append(operation).append("\",\n");
        }
        return codes + "    OPERATIONS\n};\n__attribute__((unused)) " + names + "};\n";
    }
}
