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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/**
 * Format version 1, which is published: {@code docs/generator-format.md} and its test vectors. It
 * does not change; other bytes are another version.
 */
class FormatTest {

  private static final Path ROOT =
      Path.of(System.getProperty("user.dir")).resolve("..").normalize();
  private static final Path VECTORS =
      ROOT.resolve("s3dlio-datagen/src/test/resources/io/s3dlio/datagen/format-v1.tsv");
  private static final Path PYTHON = ROOT.resolve("docs/generator-reference.py");
  private static final Path PAGE = ROOT.resolve("docs/generator-format.md");

  /** A line of the file: what is read, and what it is. */
  record Vector(
      String dataSet,
      String key,
      long size,
      long index,
      long offset,
      int length,
      String first,
      String sha256) {

    static Vector of(String line) {
      String[] fields = line.split("\t", -1);
      return new Vector(
          fields[0],
          fields[1],
          Long.parseLong(fields[2]),
          Long.parseLong(fields[3]),
          Long.parseLong(fields[4]),
          Integer.parseInt(fields[5]),
          fields[6],
          fields[7]);
    }

    GeneratorSpec spec() {
      Matcher fields = Pattern.compile(SpecText.PATTERN).matcher(dataSet);
      assertThat(fields.matches()).isTrue();
      return SpecText.read(1, fields);
    }
  }

  static List<Vector> vectors() throws IOException {
    try (Stream<String> lines = Files.lines(VECTORS)) {
      return lines.filter(line -> !line.startsWith("#")).map(Vector::of).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void the_published_bytes_are_made(Vector vector) throws NoSuchAlgorithmException {
    GeneratedObject object = vector.spec().object(vector.key, vector.size, vector.index);
    assertThat(SpecText.format(vector.spec())).isEqualTo(vector.dataSet);
    byte[] bytes = GeneratedObjectProperties.read(object, vector.offset, vector.length);
    assertThat(HexFormat.of().formatHex(bytes, 0, Math.min(16, bytes.length)))
        .isEqualTo(vector.first);
    assertThat(sha256(bytes)).isEqualTo(vector.sha256);
  }

  /** The file itself is frozen: a change to it and to the code at once shows here. */
  @Test
  void the_file_is_the_published_one() throws Exception {
    assertThat(sha256(Files.readAllBytes(VECTORS)))
        .isEqualTo("72f435b5da40d957921908b7b9d85c576ebfb1d5ce4dd5298c95c4f988dd9131");
    assertThat(vectors()).hasSizeGreaterThan(50);
  }

  @Test
  void the_page_shows_vectors_of_the_file() throws IOException {
    String page = Files.readString(PAGE);
    Matcher rows =
        Pattern.compile(
                "(?m)^\\| `([^`]*)` \\| `([^`]*)` \\| (\\d+) \\| (\\d+) \\| (\\d+) \\| (\\d+) \\| `([0-9a-f]*)` \\| `([0-9a-f]{64})` \\|$")
            .matcher(page);
    List<Vector> shown = new ArrayList<>();
    while (rows.find()) {
      shown.add(
          new Vector(
              rows.group(1),
              rows.group(2),
              Long.parseLong(rows.group(3)),
              Long.parseLong(rows.group(4)),
              Long.parseLong(rows.group(5)),
              Integer.parseInt(rows.group(6)),
              rows.group(7),
              rows.group(8)));
    }
    assertThat(shown).hasSizeGreaterThan(8);
    assertThat(vectors()).containsAll(shown);
  }

  @Test
  void the_reference_in_python_makes_the_published_bytes() throws Exception {
    Process python;
    try {
      python =
          new ProcessBuilder("python3", PYTHON.toString(), VECTORS.toString())
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
      assertThat(said.strip()).isEqualTo(vectors().size() + " vectors are right");
      assertThat(python.exitValue()).isZero();
    } finally {
      python.destroyForcibly();
    }
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
