package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
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
 * The format of floats, version 1, which is published: {@code docs/generator-format.md} and its
 * test vectors. It does not change.
 */
class FloatFormatTest {

  private static final Path ROOT =
      Path.of(System.getProperty("user.dir")).resolve("..").normalize();
  private static final Path VECTORS =
      ROOT.resolve("s3dlio-datagen/src/test/resources/io/s3dlio/datagen/floats-v1.tsv");
  private static final Path PYTHON = ROOT.resolve("docs/generator-reference.py");
  private static final Path PAGE = ROOT.resolve("docs/generator-format.md");

  /** A line of the file: what is read, and what it is. */
  record Line(
      long seed,
      String key,
      int dimension,
      float low,
      float high,
      boolean normalized,
      long firstRow,
      int rows,
      String first,
      String sha256) {

    static Line of(String... fields) {
      return new Line(
          Long.parseLong(fields[0]),
          fields[1],
          Integer.parseInt(fields[2]),
          Float.parseFloat(fields[3]),
          Float.parseFloat(fields[4]),
          Boolean.parseBoolean(fields[5]),
          Long.parseLong(fields[6]),
          Integer.parseInt(fields[7]),
          fields[8],
          fields[9]);
    }

    byte[] bytes() {
      GeneratedVectors uniform =
          GeneratedVectors.uniform(seed, key, firstRow + rows, dimension).withRange(low, high);
      GeneratedVectors vectors = normalized ? uniform.normalized() : uniform;
      byte[] bytes = new byte[rows * dimension * Float.BYTES];
      vectors.read(firstRow * dimension * Float.BYTES, ByteBuffer.wrap(bytes));
      return bytes;
    }
  }

  static List<Line> lines() throws IOException {
    try (Stream<String> lines = Files.lines(VECTORS)) {
      return lines
          .filter(line -> !line.startsWith("#"))
          .map(line -> Line.of(line.split("\t", -1)))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void the_published_floats_are_made(Line line) throws NoSuchAlgorithmException {
    byte[] bytes = line.bytes();
    assertThat(HexFormat.of().formatHex(bytes, 0, Math.min(16, bytes.length)))
        .isEqualTo(line.first);
    assertThat(sha256(bytes)).isEqualTo(line.sha256);
  }

  /** The file itself is frozen: a change to it and to the code at once shows here. */
  @Test
  void the_file_is_the_published_one() throws Exception {
    assertThat(sha256(Files.readAllBytes(VECTORS)))
        .isEqualTo("091814a44de8a5f943b7e93eef223b741a213554c336c761172ababf961493fd");
    assertThat(lines()).hasSizeGreaterThan(20);
  }

  @Test
  void the_page_shows_lines_of_the_file() throws IOException {
    Matcher rows =
        Pattern.compile(
                "(?m)^\\| (-?\\d+) \\| `([^`]*)` \\| (\\d+) \\| (\\S+) \\| (\\S+) \\| (true|false) \\| (\\d+) \\| (\\d+) \\| `([0-9a-f]*)` \\| `([0-9a-f]{64})` \\|$")
            .matcher(Files.readString(PAGE));
    List<Line> shown = new ArrayList<>();
    while (rows.find()) {
      String[] fields = new String[rows.groupCount()];
      for (int i = 0; i < fields.length; i++) {
        fields[i] = rows.group(i + 1);
      }
      shown.add(Line.of(fields));
    }
    assertThat(shown).hasSizeGreaterThan(4);
    assertThat(lines()).containsAll(shown);
  }

  @Test
  void the_reference_in_python_makes_the_published_floats() throws Exception {
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
