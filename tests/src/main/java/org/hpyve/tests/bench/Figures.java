package org.hpyve.tests.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One table of figures.
 *
 * @param title what was measured, under which conditions
 * @param columns their headings, units included
 * @param rows as many cells as columns: texts, and numbers, which are set right-aligned
 */
record Figures(String title, List<String> columns, List<List<Object>> rows) {

    /** The table as text, ready to be put into a page. */
    String text() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns);
        lines.add(columns.stream().map(column -> "---").toList());
        rows.forEach(row -> lines.add(row.stream().map(Figures::cell).toList()));
        int[] widths = new int[columns.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder(title).append("\n\n");
        for (int n = 0; n < lines.size(); n++) {
            List<Object> row = n < 2 ? List.of() : rows.get(n - 2);
            List<String> line = lines.get(n);
            text.append("| ");
            for (int i = 0; i < widths.length; i++) {
                boolean number = !row.isEmpty() && row.get(i) instanceof Number;
                String pad = (n == 1 ? "-" : " ").repeat(widths[i] - line.get(i).length());
                text.append(number ? pad + line.get(i) : line.get(i) + pad);
                text.append(i + 1 < widths.length ? " | " : " |\n");
            }
        }
        return text.toString();
    }

    private static String cell(Object value) {
        if (value instanceof Double number) {
            return (Math.abs(number) < 100 ? "%.3f" : "%.1f").formatted(number);
        }
        return String.valueOf(value);
    }

    /** Several tables, one below the other. */
    static String text(List<Figures> tables) {
        return tables.stream().map(Figures::text).collect(Collectors.joining("\n"));
    }
}
