package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * A file of test vectors of a published format, what {@code docs/generator-format.md} shows of it,
 * and the reference in Python, which reads it, too.
 */
record PublishedVectors(Path file) {

  private static final Path ROOT =
      Path.of(System.getProperty("user.dir")).resolve("..").normalize();
  private static final Path PYTHON = ROOT.resolve("docs/generator-reference.py");
  private static final Path PAGE = ROOT.resolve("docs/generator-format.md");

  static PublishedVectors of(String name) {
    return new PublishedVectors(
        ROOT.resolve("s3dlio-datagen/src/test/resources/io/s3dlio/datagen").resolve(name));
  }

  /** The fields of each vector. */
  List<String[]> lines() throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.filter(line -> !line.startsWith("#")).map(line -> line.split("\t", -1)).toList();
    }
  }

  /** The fields of each row that the page shows. */
  static List<String[]> shown(String row) throws IOException {
    Matcher rows = Pattern.compile("(?m)^" + row + "$").matcher(Files.readString(PAGE));
    List<String[]> shown = new ArrayList<>();
    while (rows.find()) {
      String[] fields = new String[rows.groupCount()];
      for (int i = 0; i < fields.length; i++) {
        fields[i] = rows.group(i + 1);
      }
      shown.add(fields);
    }
    return shown;
  }

  String sha256() throws IOException, NoSuchAlgorithmException {
    return sha256(Files.readAllBytes(file));
  }

  static void assertBytes(byte[] bytes, String first, String sha256)
      throws NoSuchAlgorithmException {
    assertThat(HexFormat.of().formatHex(bytes, 0, Math.min(16, bytes.length))).isEqualTo(first);
    assertThat(sha256(bytes)).isEqualTo(sha256);
  }

  void assertThatPythonMakesThem() throws Exception {
    Process python;
    try {
      python =
          new ProcessBuilder("python3", PYTHON.toString(), file.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      String message = "NOT TESTED: docs/generator-reference.py; there is no python3: " + e;
      System.err.println(message);
      throw new TestAbortedException(message, e);
    }
    try {
      assertThat(python.waitFor(4, TimeUnit.MINUTES)).isTrue();
      String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(said.strip()).isEqualTo(lines().size() + " vectors are right");
      assertThat(python.exitValue()).isZero();
    } finally {
      python.destroyForcibly();
    }
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
