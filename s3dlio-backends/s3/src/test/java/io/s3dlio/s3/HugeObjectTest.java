package io.s3dlio.s3;

import static io.s3dlio.s3.Fixture.get;
import static io.s3dlio.s3.Fixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.s3.WireServer.Reply;
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

  @Test
  void hasItsSize() throws ObjectStoreException {
    Map<String, String> headers = Map.of("Content-Length", "" + SIZE);
    try (WireServer server = WireServer.start((request, n) -> Reply.of(200, headers, new byte[0]));
        Fixture s3 = Fixture.on(server)) {
      assertThat(get(s3.backend.head(s3.uri("k"))).size()).isEqualTo(SIZE);
    }
  }
}
