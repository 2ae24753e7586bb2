package io.s3dlio.jmh;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The options of a benchmark: what its help shows, one to a line of two blanks, {@code name=value}
 * and what it is for, with the values that hold if nothing else is said.
 */
final class Options {

  private final Map<String, String> values = new LinkedHashMap<>();

  /** Takes arguments; where one is not among those of the help, shows that and ends the JVM. */
  Options(String help, String[] args) {
    help.lines()
        .filter(line -> line.startsWith("  "))
        .map(line -> line.strip().split("  +")[0].split("="))
        .forEach(option -> values.put(option[0], option[1]));
    for (String arg : args) {
      String[] option = arg.split("=", 2);
      if (option.length < 2 || values.replace(option[0], option[1]) == null) {
        System.out.print(help);
        System.exit(option[0].endsWith("help") ? 0 : 2);
      }
    }
  }

  String text(String name) {
    return values.get(name);
  }

  /** What stands between commas. */
  String[] words(String name) {
    return text(name).split(",");
  }

  int number(String name) {
    return Integer.parseInt(text(name));
  }

  double seconds(String name) {
    return Double.parseDouble(text(name));
  }

  boolean flag(String name) {
    return Boolean.parseBoolean(text(name));
  }
}
