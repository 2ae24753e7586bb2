package io.s3dlio.datagen;

import java.math.BigDecimal;
import java.util.regex.Matcher;

/**
 * A specification as text, in one form only: {@code
 * v=1;seed=42;compress=1.5;dedup=2;block=8192;objects=10;each=1048576}, where what has its default
 * is left out.
 */
final class SpecText {

  private static final String RATIO = "([0-9]{1,7}(?:\\.[0-9]{1,6})?)";

  /** Six groups: seed, compression, dedup, block, objects, size of each. */
  static final String PATTERN =
      "v=[0-9]+;seed=(-?[0-9]{1,19})"
          + ("(?:;compress=" + RATIO + ")?")
          + ("(?:;dedup=" + RATIO + ")?")
          + "(?:;block=([0-9]{1,9}))?"
          + "(?:;objects=([0-9]{1,19});each=([0-9]{1,19}))?";

  private SpecText() {}

  static String format(GeneratorSpec spec) {
    StringBuilder text = new StringBuilder(64);
    text.append("v=").append(spec.formatVersion()).append(";seed=").append(spec.seed());
    if (spec.compression() != 1) {
      text.append(";compress=").append(decimal(spec.compression()));
    }
    if (spec.dedup() != 1) {
      text.append(";dedup=").append(decimal(spec.dedup()));
    }
    if (spec.dedupBlock() != GeneratorSpec.DEFAULT_DEDUP_BLOCK) {
      text.append(";block=").append(spec.dedupBlock());
    }
    if (spec.dedupScope() instanceof DedupScope.DataSet all) {
      text.append(";objects=").append(all.objects()).append(";each=").append(all.objectSize());
    }
    return text.toString();
  }

  /**
   * Reads what a text that begins with {@link #PATTERN} says.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  static GeneratorSpec read(int formatVersion, Matcher fields) {
    GeneratorSpec spec =
        new GeneratorSpec(
            formatVersion,
            Long.parseLong(fields.group(1)),
            fields.group(2) == null ? 1 : Double.parseDouble(fields.group(2)),
            fields.group(3) == null ? 1 : Double.parseDouble(fields.group(3)),
            fields.group(4) == null
                ? GeneratorSpec.DEFAULT_DEDUP_BLOCK
                : Integer.parseInt(fields.group(4)),
            DedupScope.OBJECT);
    return fields.group(5) == null
        ? spec
        : spec.withDedupScope(
            DedupScope.dataSet(Long.parseLong(fields.group(5)), Long.parseLong(fields.group(6))));
  }

  private static String decimal(double ratio) {
    return BigDecimal.valueOf(GeneratorSpec.millionths(ratio), 6)
        .stripTrailingZeros()
        .toPlainString();
  }
}
