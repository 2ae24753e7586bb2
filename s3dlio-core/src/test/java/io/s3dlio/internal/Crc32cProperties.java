package io.s3dlio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class Crc32cProperties {

  private static int crc(byte[]... pieces) {
    return Crc32c.of(List.of(pieces).stream().map(ByteBuffer::wrap).toList());
  }

  @Property
  void piecesCombineToTheWhole(@ForAll byte[] a, @ForAll byte[] b, @ForAll byte[] c) {
    int whole = crc(a, b, c);
    int ab = Crc32c.combine(crc(a), crc(b), b.length);
    assertThat(Crc32c.combine(ab, crc(c), c.length)).isEqualTo(whole);
    int bc = Crc32c.combine(crc(b), crc(c), c.length);
    assertThat(Crc32c.combine(crc(a), bc, b.length + c.length)).isEqualTo(whole);
  }

  @Property
  void lengthsOfAnySizeAddUp(
      @ForAll int a,
      @ForAll @LongRange(max = 1L << 60) long m,
      @ForAll @LongRange(max = 1L << 60) long n) {
    // The second piece is all of CRC 0, of which only the length counts.
    int oneByOne = Crc32c.combine(Crc32c.combine(a, 0, m), 0, n);
    assertThat(Crc32c.combine(a, 0, m + n)).isEqualTo(oneByOne);
    assertThat(Crc32c.combine(a, 0, 0)).isEqualTo(a);
  }

  @Example
  void theCheckValueOfTheCatalogue() {
    assertThat(crc("123456789".getBytes(StandardCharsets.US_ASCII))).isEqualTo(0xE3069283);
    ByteBuffer buffer = ByteBuffer.wrap(new byte[10]).position(3);
    Crc32c.of(List.of(buffer));
    assertThat(buffer.position()).as("positions stay").isEqualTo(3);
    assertThat(Crc32c.of(List.of())).isZero();
  }
}
