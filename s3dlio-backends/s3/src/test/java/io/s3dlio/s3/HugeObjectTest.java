package io.s3dlio.s3;

import static io.s3dlio.s3.Fixture.get;
import static io.s3dlio.s3.Fixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.GetOptions;
import io.s3dlio.GetResult;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.s3.WireServer.Reply;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes and offsets beyond what an int holds, signed or not. */
@Timeout(60)
class HugeObjectTest {

  private static final long SIZE = 5L << 40; // what S3 allows at most

  @ParameterizedTest
  @ValueSource(longs = {(2L << 30) - 1, 2L << 30, (4L << 30) - 1, 4L << 30, SIZE - 10})
  void isReadAtAnyOffset(long offset) throws ObjectStoreException {
    byte[] bytes = random(10, offset);
    String range = offset + "-" + (offset + 9);
    Map<String, String> headers = Map.of("Content-Range", "bytes " + range + "/" + SIZE);
    try (WireServer server = WireServer.start((request, n) -> Reply.of(206, headers, bytes));
        Fixture s3 = Fixture.on(server)) {
      Fixture.Read read = s3.read(s3.uri("k"), ByteRange.of(offset, 10));
      assertThat(server.requests().get(0).header("range")).isEqualTo("bytes=" + range);
      assertThat(read.bytes()).isEqualTo(bytes);
      assertThat(read.offset()).isEqualTo(offset);
      assertThat(read.meta().size()).isEqualTo(SIZE);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {2L << 30, 4L << 30})
  void isReadInPartsAcrossABorder(long border) throws IOException {
    ByteRange range = ByteRange.of(border - 300_000, 600_000);
    try (WireServer server = WireServer.start((request, n) -> answer(request.header("range")));
        ObjectStore store =
            ObjectStores.open(
                "s3://bucket/",
                Fixture.with(
                    Fixture.defaults(),
                    "s3.endpoint",
                    server.endpoint().toString(),
                    "s3.anonymous",
                    "true",
                    "part-size",
                    "64KiB",
                    "multipart-threshold",
                    "64KiB"));
        GetResult read =
            store.get(ObjectUri.parse("s3://bucket/k"), GetOptions.DEFAULT.withRange(range))) {
      assertThat(read.bytes().toByteArray()).isEqualTo(content(border - 300_000, 600_000));
      assertThat(read.offset()).isEqualTo(border - 300_000);
      assertThat(server.requests()).hasSizeGreaterThan(5);
    }
  }

  /** The bytes that are asked for, of an object in which every eighth says where it is. */
  private static Reply answer(String range) {
    String[] ends = range.substring("bytes=".length()).split("-");
    long first = Long.parseLong(ends[0]);
    byte[] bytes = content(first, Math.toIntExact(Long.parseLong(ends[1]) - first + 1));
    String answered = "bytes " + ends[0] + "-" + ends[1] + "/" + SIZE;
    return Reply.of(206, Map.of("Content-Range", answered, "ETag", "\"e\""), bytes);
  }

  private static byte[] content(long offset, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      long at = offset + i;
      bytes[i] = (byte) ((at / 8) >>> (8 * (at % 8)));
    }
    return bytes;
  }

  @Test
  void hasItsSize() throws ObjectStoreException {
    Map<String, String> headers = Map.of("Content-Length", "" + SIZE);
    try (WireServer server = WireServer.start((request, n) -> Reply.of(200, headers, new byte[0]));
        Fixture s3 = Fixture.on(server)) {
      assertThat(get(s3.backend.head(s3.uri("k"))).size()).isEqualTo(SIZE);
    }
  }
}
