package org.hpyve.include;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A C function signature, such as {@code int HPy_SetItem(HPyContext *ctx, HPy obj, HPy key, HPy value)}.
 *
 * @param result the C type of the result
 * @param name the function's name; empty for a function type
 * @param params all parameters, {@code ctx} included
 */
record CFunction(String result, String name, List<Param> params) {

    /** One parameter: its C type, spelled as in the list, and its name. */
    record Param(String type, String name) {

        String declaration() {
            return type.endsWith("*") ? type + name : type + " " + name;
        }
    }

    private static final Pattern FUNCTION = Pattern.compile("(.*?)\\s*(\\w*)\\s*\\((.*)\\)");
    private static final Pattern PARAM = Pattern.compile("(.*?[ *])(\\w+)");

    static CFunction parse(String text) {
        Matcher function = FUNCTION.matcher(text);
        if (!function.matches()) {
            throw new IllegalArgumentException("not a C function: " + text);
        }
        String result = function.group(1).strip();
        String name = function.group(2);
        if (result.isEmpty()) {
            result = name;
            name = "";
        }
        List<Param> params = new ArrayList<>();
        for (String param : function.group(3).split(",")) {
            Matcher matcher = PARAM.matcher(param.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException("not a C parameter: " + param + " in " + text);
            }
            params.add(new Param(matcher.group(1).strip(), matcher.group(2)));
        }
        return new CFunction(result, name, List.copyOf(params));
    }

    boolean isVoid() {
        return result.equals("void");
    }

    /** The parameters behind {@code ctx}, or all of them where there is no context. */
    List<Param> arguments() {
        return params.get(0).type().equals("HPyContext *") ? params.subList(1, params.size()) : params;
    }

    /** The declaration of a function of this signature with another name. */
    String declare(String otherName) {
        String list = String.join(", ", params.stream().map(Param::declaration).toList());
        return spaced(result) + otherName + "(" + list + ")";
    }

    /** The declaration of a pointer to such a function. */
    String declarePointer(String pointerName) {
        return declare("(*" + pointerName + ")");
    }

    private static String spaced(String type) {
        return type.endsWith("*") ? type : type + " ";
    }
}
