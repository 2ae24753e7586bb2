package io.s3dlio.cli;

import io.s3dlio.spi.Secrets;
import java.io.IOException;

/** What doctor finds, line by line. */
final class Checkup {

  private final Output output;
  private boolean failed;

  Checkup(Output output) {
    this.output = output;
  }

  /** What a finding means. */
  enum Grade {
    /** As it should be, or just a fact. */
    OK,
    /** Works, but not as well as it could. */
    WARN,
    /** Does not work. */
    FAIL
  }

  void ok(String name, String detail) throws IOException {
    report(Grade.OK, name, detail);
  }

  void warn(String name, String detail) throws IOException {
    report(Grade.WARN, name, detail);
  }

  void fail(String name, String detail) throws IOException {
    failed = true;
    report(Grade.FAIL, name, detail);
  }

  boolean hasFailed() {
    return failed;
  }

  private void report(Grade grade, String name, String text) throws IOException {
    String detail = Secrets.masked(text);
    String word = grade.name().toLowerCase(java.util.Locale.ROOT);
    if (output.isJson()) {
      output.json(
          json -> {
            json.writeStringField("check", name);
            json.writeStringField("result", word);
            json.writeStringField("detail", detail);
          });
    } else {
      output.line(String.format("%-5s %-14s %s", word, name, detail));
    }
  }
}
