package io.s3dlio.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class TextProperties {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Any text, with more than its share of what is dangerous. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(6, Arbitraries.strings().ofMaxLength(3)),
            net.jqwik.api.Tuple.of(2, Arbitraries.strings().ascii().ofMaxLength(5)),
            net.jqwik.api.Tuple.of(
                3,
                Arbitraries.of(
                    "..",
                    ".",
                    "/",
                    "//",
                    "\\",
                    "\0",
                    "\u001b[2J",
                    "\r\n",
                    "\u202e",
                    "\u009b",
                    "\u2028",
                    "😀",
                    "\ud800",
                    "C:",
                    "nul",
                    " ",
                    "é",
                    "a")))
        .list()
        .ofMaxSize(6)
        .map(parts -> String.join("", parts));
  }

  @Property
  void nothingThatIsPrintedSteersATerminal(@ForAll("texts") String text) {
    String shown = Printable.of(text);
    assertThat(shown.chars()).noneMatch(Printable::isUnsafe);
    assertThat(shown.codePoints()).noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    if (text.chars().noneMatch(Printable::isUnsafe)
        && text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF)) {
      assertThat(shown).isSameAs(text);
    }
  }

  @Property
  void jsonIsOneSafeLineAndSaysExactlyWhatItShould(@ForAll("texts") String text)
      throws IOException {
    String line = Json.line(json -> json.writeStringField("key", text));
    assertThat(line.chars()).noneMatch(Printable::isUnsafe);
    assertThat(JSON.readTree(line).get("key").textValue()).isEqualTo(text);
  }

  @Property
  void noKeyLeadsOutOfTheDirectory(@ForAll("texts") String key) throws IOException {
    Assume.that(key.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF)); // is no key
    Path directory = Path.of("/tmp/foo");
    List<String> segments;
    try {
      segments = SafeName.segments(new ObjectUri("memory", "b", key), key);
    } catch (CommandException refused) {
      assertThat(refused.status()).isEqualTo(ExitStatus.FAILED);
      return;
    }
    assertThat(String.join("/", segments)).as("nothing is bent into shape").isEqualTo(key);
    Path path = directory;
    for (String segment : segments) {
      path = path.resolve(segment);
    }
    assertThat(path.normalize()).isEqualTo(path);
    assertThat(path.startsWith(directory)).isTrue();
    assertThat(path.getNameCount()).isEqualTo(directory.getNameCount() + segments.size());
  }

  @Property(tries = 100)
  void namesListInTheOrderOfTheirNumbers(
      @ForAll @LongRange(min = 1, max = 2000) long count, @ForAll boolean total) {
    KeyTemplate template = new KeyTemplate(total ? "a{}b{}c" : "a{}b", count);
    List<String> names = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      names.add(template.name(i));
    }
    assertThat(names).isSortedAccordingTo(ObjectUri::compareUtf8);
    assertThat(new HashSet<>(names)).hasSize((int) count);
  }

  @Example
  void templatesAreFilledInOrder() {
    assertThat(new KeyTemplate(KeyTemplate.DEFAULT, 100).name(7)).isEqualTo("object_07_of_100.dat");
    assertThat(new KeyTemplate("x", 1).name(0)).isEqualTo("x");
    assertThat(new KeyTemplate("{}-{}-{}", 2).name(1)).isEqualTo("1-2-{}");
    assertThatThrownBy(() -> new KeyTemplate("x", 2)).hasMessageContaining("{}");
  }

  @Property
  void threeDigitsCount(@ForAll @IntRange(min = 1, max = 999) int digits) {
    for (int exponent = -3; exponent <= 3; exponent++) {
      double value = digits / 100.0 * Math.pow(10, exponent);
      double back = Double.parseDouble(Units.digits(value));
      assertThat(Math.abs(back - value)).isLessThanOrEqualTo(value * 0.06);
    }
  }

  @Example
  void amountsReadWell() {
    assertThat(Units.bytes(0)).isEqualTo("0 B");
    assertThat(Units.bytes(999)).isEqualTo("999 B");
    assertThat(Units.bytes(1000)).isEqualTo("1.00 kB");
    assertThat(Units.bytes(1_048_576)).isEqualTo("1.05 MB");
    assertThat(Units.bytes(999_999_999)).isEqualTo("1.00 GB");
    assertThat(Units.digits(0.5)).isEqualTo("0.500");
    assertThat(Units.digits(12.34)).isEqualTo("12.3");
    assertThat(Units.digits(9.999)).isEqualTo("10.0");
    assertThat(Units.digits(1234.4)).isEqualTo("1234");
    assertThat(Units.count(1, "object")).isEqualTo("1 object");
    assertThat(Units.count(1234, "object")).isEqualTo("1,234 objects");
  }
}
