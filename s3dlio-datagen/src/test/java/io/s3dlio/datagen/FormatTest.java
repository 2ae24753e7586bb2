package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Format version 1, which is published: {@code docs/generator-format.md} and its test vectors. It
 * does not change; other bytes are another version.
 */
class FormatTest {

  private static final PublishedVectors PUBLISHED = PublishedVectors.of("format-v1.tsv");

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

    static Vector of(String... fields) {
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
    return PUBLISHED.lines().stream().map(Vector::of).toList();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void the_published_bytes_are_made(Vector vector) throws NoSuchAlgorithmException {
    GeneratedObject object = vector.spec().object(vector.key, vector.size, vector.index);
    assertThat(SpecText.format(vector.spec())).isEqualTo(vector.dataSet);
    byte[] bytes = GeneratedObjectProperties.read(object, vector.offset, vector.length);
    PublishedVectors.assertBytes(bytes, vector.first, vector.sha256);
  }

  /** The file itself is frozen: a change to it and to the code at once shows here. */
  @Test
  void the_file_is_the_published_one() throws Exception {
    assertThat(PUBLISHED.sha256())
        .isEqualTo("b95b781c8fc5265386aee4a156c16a43e52a7203d7678587f729fc0ff47d5f2d");
    assertThat(vectors()).hasSizeGreaterThan(50);
  }

  @Test
  void the_page_shows_vectors_of_the_file() throws IOException {
    List<Vector> shown =
        PublishedVectors.shown(
                "\\| `([^`]*)` \\| `([^`]*)` \\| (\\d+) \\| (\\d+) \\| (\\d+) \\| (\\d+) \\| `([0-9a-f]*)` \\| `([0-9a-f]{64})` \\|")
            .stream()
            .map(Vector::of)
            .toList();
    assertThat(shown).hasSizeGreaterThan(8);
    assertThat(vectors()).containsAll(shown);
  }

  @Test
  void the_reference_in_python_makes_the_published_bytes() throws Exception {
    PUBLISHED.assertThatPythonMakesThem();
  }
}
