package io.s3dlio.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells under each other: the first column to the left, numbers to the right. */
final class Table {

  private static final String GAP = "   ";

  private final List<String[]> rows = new ArrayList<>();

  Table(String... header) {
    rows.add(header);
  }

  void row(String... cells) {
    rows.add(cells);
  }

  /** The lines, the header's first. */
  List<String> lines() {
    int[] widths = new int[rows.get(0).length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        String space = " ".repeat(widths[i] - row[i].length());
        line.append(i == 0 ? row[i] + space : GAP + space + row[i]);
      }
      lines.add(line.toString());
    }
    return lines;
  }
}
