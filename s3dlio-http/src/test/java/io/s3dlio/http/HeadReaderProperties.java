package io.s3dlio.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** It does not matter into which pieces an answer falls, and noise does no harm. */
class HeadReaderProperties {

  private static final String CHUNKED =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nA: b\r\n\r\n"
          + "a;x\r\n0123456789\r\n3\r\nabc\r\n0\r\nT: t\r\n\r\nrest";

  @Property(tries = 500)
  void anyPiecesWillDo(@ForAll @Size(max = 12) List<@IntRange(max = 90) Integer> cuts)
      throws IOException {
    byte[] bytes = CHUNKED.getBytes(StandardCharsets.ISO_8859_1);
    List<Integer> borders = new ArrayList<>(cuts);
    borders.add(0);
    borders.add(bytes.length);
    int[] sorted = borders.stream().mapToInt(i -> i).sorted().toArray();
    HeadReader heads = new HeadReader();
    ResponseHead head = null;
    Body body = null;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int rest = 0;
    for (int i = 1; i < sorted.length; i++) {
      ByteBuf in = Unpooled.wrappedBuffer(Arrays.copyOfRange(bytes, sorted[i - 1], sorted[i]));
      if (body == null) {
        head = heads.read(in);
        body = head == null ? null : Body.of(head, false);
      }
      if (body != null) {
        body.read(
            in,
            piece ->
                out.writeBytes(
                    StandardCharsets.ISO_8859_1
                        .decode(piece)
                        .toString()
                        .getBytes(StandardCharsets.ISO_8859_1)));
      }
      rest += in.readableBytes();
    }
    assertThat(head).isNotNull();
    assertThat(head.count()).isEqualTo(2);
    assertThat(body.isDone()).isTrue();
    assertThat(out.toString(StandardCharsets.ISO_8859_1)).isEqualTo("0123456789abc");
    assertThat(rest).isEqualTo("rest".length());
  }

  @Property(tries = 2000)
  void noiseIsRefusedOrAnAnswer(@ForAll @Size(max = 300) byte[] noise, @ForAll boolean chunked) {
    String begin = "HTTP/1.1 200 OK\r\n" + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "");
    ByteBuf in = Unpooled.wrappedBuffer(begin.getBytes(StandardCharsets.ISO_8859_1), noise);
    try {
      ResponseHead head = new HeadReader().read(in);
      if (head != null) {
        Body.of(head, false).read(in, piece -> piece.position(piece.limit()));
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("answer");
    }
  }
}
