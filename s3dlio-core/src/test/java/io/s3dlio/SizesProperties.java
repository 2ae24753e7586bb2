package io.s3dlio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class SizesProperties {

  @Property
  void bytesAreReadBack(@ForAll @LongRange(max = Long.MAX_VALUE) long bytes) {
    assertThat(Sizes.parse(bytes + "")).isEqualTo(bytes);
    assertThat(Sizes.parse(bytes + "b")).isEqualTo(bytes);
  }

  @Property
  void whatIsWrittenExactlyIsReadBack(@ForAll @LongRange(max = 1L << 50) long bytes) {
    String text = Sizes.format(bytes);
    if (!text.contains(".")) {
      assertThat(Sizes.parse(text)).isEqualTo(bytes);
    }
  }

  @Property
  void unitsMultiply(@ForAll @LongRange(max = 1000) long n) {
    long decimal = 1;
    long binary = 1;
    for (String unit : List.of("", "K", "M", "G", "T")) {
      String b = unit.isEmpty() ? "B" : unit + "B";
      assertThat(Sizes.parse(n + unit)).isEqualTo(n * decimal);
      assertThat(Sizes.parse(n + b.toLowerCase(Locale.ROOT))).isEqualTo(n * decimal);
      if (!unit.isEmpty()) {
        assertThat(Sizes.parse(n + unit + "i")).isEqualTo(n * binary);
        assertThat(Sizes.parse(n + unit + "iB")).isEqualTo(n * binary);
      }
      decimal *= 1000;
      binary <<= 10;
    }
  }

  @Example
  void examples() {
    assertThat(Sizes.parse("8K")).isEqualTo(8000);
    assertThat(Sizes.parse("8KiB")).isEqualTo(8192);
    assertThat(Sizes.parse("1.5GiB")).isEqualTo(3L << 29);
    assertThat(Sizes.parse("0.001K")).isEqualTo(1);
    assertThat(Sizes.parse("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
    assertThat(Sizes.format(0)).isEqualTo("0B");
    assertThat(Sizes.format(1023)).isEqualTo("1023B");
    assertThat(Sizes.format(8 << 20)).isEqualTo("8MiB");
    assertThat(Sizes.format(1_567_000_000L)).isEqualTo("1.46GiB");
    assertThat(Sizes.format(Long.MAX_VALUE)).isEqualTo("8388608.00TiB");
  }

  @Example
  void whatIsNoSizeIsRefused() {
    for (String text :
        List.of(
            "",
            "K",
            "-1",
            "1.5",
            "0.1KiB",
            "1e3",
            "8 KiB x",
            "9223372036854775808",
            "8Q",
            "8XB",
            "9999999999999G",
            "1,000")) {
      assertThatThrownBy(() -> Sizes.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'" + text + "'");
    }
  }
}
