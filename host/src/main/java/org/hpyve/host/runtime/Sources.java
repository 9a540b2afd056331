package org.hpyve.host.runtime;

import java.util.regex.Pattern;
import org.python.core.CompilerFlags;

/** Programs that are given as text, which says itself what its characters are. */
final class Sources {

    /** In one of the first two lines. */
    private static final Pattern ENCODING =
            Pattern.compile("\\A((?:[^\\r\\n]*(?:\\r\\n?|\\n))?[ \\t\\f]*#[^\\r\\n]*?)coding([:=])");

    private static final char BYTE_ORDER_MARK = '\ufeff';

    private Sources() {}

    /** The program for Jython, which reads all that is not ASCII as UTF-8, and takes no other word for it then. */
    static String of(String text) {
        String source = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        return isAscii(source) ? source : ENCODING.matcher(source).replaceFirst("$1coding $2");
    }

    static CompilerFlags flags(String source) {
        CompilerFlags flags = CompilerFlags.getCompilerFlags();
        flags.source_is_utf8 = !isAscii(source);
        return flags;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
