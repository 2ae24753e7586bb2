package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The format of floats, version 1, which is published: {@code docs/generator-format.md} and its
 * test vectors. It does not change.
 */
class FloatFormatTest {

  private static final PublishedVectors PUBLISHED = PublishedVectors.of("floats-v1.tsv");

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
    return PUBLISHED.lines().stream().map(Line::of).toList();
  }

  @ParameterizedTest
  @MethodSource("lines")
  void the_published_floats_are_made(Line line) throws NoSuchAlgorithmException {
    PublishedVectors.assertBytes(line.bytes(), line.first, line.sha256);
  }

  /** The file itself is frozen: a change to it and to the code at once shows here. */
  @Test
  void the_file_is_the_published_one() throws Exception {
    assertThat(PUBLISHED.sha256())
        .isEqualTo("091814a44de8a5f943b7e93eef223b741a213554c336c761172ababf961493fd");
    assertThat(lines()).hasSizeGreaterThan(20);
  }

  @Test
  void the_page_shows_lines_of_the_file() throws IOException {
    List<Line> shown =
        PublishedVectors.shown(
                "\\| (-?\\d+) \\| `([^`]*)` \\| (\\d+) \\| (\\S+) \\| (\\S+) \\| (true|false) \\| (\\d+) \\| (\\d+) \\| `([0-9a-f]*)` \\| `([0-9a-f]{64})` \\|")
            .stream()
            .map(Line::of)
            .toList();
    assertThat(shown).hasSizeGreaterThan(4);
    assertThat(lines()).containsAll(shown);
  }

  @Test
  void the_reference_in_python_makes_the_published_floats() throws Exception {
    PUBLISHED.assertThatPythonMakesThem();
  }
}
