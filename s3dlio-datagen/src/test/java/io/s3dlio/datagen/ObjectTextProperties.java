package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.zip.CRC32C;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;

class ObjectTextProperties {

  private static final GeneratedObject OBJECT = GeneratorSpec.of(42).object("a/b c.dat", 1 << 20);

  @Property
  void what_is_written_is_read(
      @ForAll long seed,
      @ForAll @LongRange(min = 0) long size,
      @ForAll @StringLength(max = 200) String key) {
    String wellFormed = new String(key.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    GeneratedObject object = GeneratorSpec.of(seed).object(wellFormed, size);
    String text = object.toText();
    assertThat(text).matches("[!-~]+");
    assertThat(GeneratedObject.parse(text)).isEqualTo(object).hasSameHashCodeAs(object);
  }

  @Property
  void a_change_of_one_character_is_noticed(
      @ForAll @IntRange(max = 52) int at, @ForAll @CharRange(from = ' ', to = '~') char c) {
    String text = OBJECT.toText();
    assertThat(text).hasSize(53);
    if (text.charAt(at) != c) {
      StringBuilder damaged = new StringBuilder(text);
      damaged.setCharAt(at, c);
      assertThatThrownBy(() -> GeneratedObject.parse(damaged.toString()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Property(tries = 60)
  void a_truncated_text_is_noticed(@ForAll @IntRange(max = 52) int length) {
    assertThatThrownBy(() -> GeneratedObject.parse(OBJECT.toText().substring(0, length)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Of Egypt, where numbers are written otherwise. */
  @Example
  void is_the_same_in_every_locale() {
    GeneratedObject object =
        GeneratorSpec.of(7)
            .withDedup(2)
            .withDedupScope(DedupScope.dataSet(30, 1 << 20))
            .object("k", 1 << 20, 12);
    String text = object.toText();
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertThat("%d".formatted(12)).isNotEqualTo("12");
      assertThat(object.toText()).isEqualTo(text);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Example
  void the_form_is_the_documented_one() {
    assertThat(OBJECT.toText()).startsWith("v=1;seed=42;size=1048576;key=a/b%20c.dat;crc=");
    assertThat(OBJECT).hasToString(OBJECT.toText());
  }

  @Example
  void keys_of_1024_bytes_fit_whatever_they_are_made_of() {
    for (String unit : new String[] {"k", " ", "\u00e9", "\u4e2d", "\uD83D\uDE00", "%", "\u0001"}) {
      int bytes = unit.getBytes(StandardCharsets.UTF_8).length;
      String key = unit.repeat(1024 / bytes);
      GeneratedObject object = GeneratorSpec.of(Long.MIN_VALUE).object(key, Long.MAX_VALUE);
      assertThat(object.toText().length()).isLessThanOrEqualTo(1536);
      assertThat(GeneratedObject.parse(object.toText()).key()).isEqualTo(key);
    }
  }

  @Example
  void keys_of_any_length_are_read() {
    for (String unit : new String[] {"k", "k ", "\u00e9"}) {
      GeneratedObject object = GeneratorSpec.of(1).object(unit.repeat(60_000), 1);
      assertThat(GeneratedObject.parse(object.toText()).key()).isEqualTo(object.key());
    }
  }

  @Example
  void a_text_says_what_is_wrong_with_it() {
    refused("", "not the description");
    refused("hello", "not the description");
    refused("v=2;seed=1;pages=7", "version 2", "knows 1");
    refused("v=1;seed=1;size=1;key=k", "lost its end");
    refused(OBJECT.toText().replace("seed=42", "seed=43"), "damaged");
    refused(withCrc("v=1;seed=42;size=1"), "fields");
    refused(withCrc("v=1;seed=42;size=1;key=a b"), "fields");
    refused(withCrc("v=1;seed=42;size=1;key=%e4"), "fields");
    refused(withCrc("v=1;seed=42;size=9223372036854775808;key=k"), "out of range");
    refused(withCrc("v=1;seed=9999999999999999999;size=1;key=k"), "out of range");
    refused(withCrc("v=1;seed=42;size=1;key64=A"), "out of range");
    refused(withCrc("v=1;seed=042;size=1;key=k"), "form that s3dlio writes", "seed=42;");
    refused(withCrc("v=1;seed=42;size=1;key=%41"), "form that s3dlio writes", "key=A;");
    refused(withCrc("v=1;seed=42;size=1;key=%FF"), "form that s3dlio writes");
    refused(withCrc("v=1;seed=42;size=1;key64=" + base64("k")), "form that s3dlio writes");
  }

  @Example
  void a_text_from_a_store_cannot_steer_a_terminal() {
    assertThatThrownBy(() -> GeneratedObject.parse("v=1;\u001b[2J\u0007" + "x".repeat(5000)))
        .hasMessageMatching("[ -~]{1,300}");
  }

  private static void refused(String text, String... saying) {
    assertThatThrownBy(() -> GeneratedObject.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(saying);
  }

  private static String base64(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private static String withCrc(String fields) {
    CRC32C crc = new CRC32C();
    crc.update(fields.getBytes(StandardCharsets.US_ASCII));
    return fields + ";crc=" + "%08x".formatted(crc.getValue());
  }
}
