package io.s3dlio.file;

import static io.s3dlio.file.FileFixture.PLAIN;
import static io.s3dlio.file.FileFixture.get;
import static io.s3dlio.file.FileFixture.payload;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSink;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Receiver.Landing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files beyond what an int can count; holes in them take no space. */
class FileSizeTest {

  private static final long BEYOND = (4L << 30) + 1_000_003;
  private static final List<Long> BORDERS = List.of(2L << 30, 4L << 30);

  @TempDir Path directory;
  private FileFixture files;

  @BeforeEach
  void open() {
    files = new FileFixture(directory);
  }

  @AfterEach
  void close() throws ObjectStoreException {
    files.close();
  }

  /**
   * A file of holes with "begin" at the begin, "end" at the end, and "mark" where 32 bits end,
   * signed and not.
   */
  private void sparse(String name, long size) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            files.path(name),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      channel.write(ByteBuffer.wrap("begin".getBytes(StandardCharsets.UTF_8)), 0);
      for (long border : BORDERS) {
        if (border + 2 > size) {
          break;
        }
        channel.write(ByteBuffer.wrap("mark".getBytes(StandardCharsets.UTF_8)), border - 2);
      }
      channel.write(ByteBuffer.wrap("end".getBytes(StandardCharsets.UTF_8)), size - 3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "direct"})
  void fourGibibytesAndMoreAreRead(String scheme) throws IOException {
    files = new FileFixture(scheme, directory, false);
    sparse("large", BEYOND);

    for (long border : BORDERS) {
      assertThat(files.read("large", ByteRange.of(border - 2, 4))).isEqualTo("mark");
      assertThat(files.read("large", ByteRange.of(border - 1, 2))).isEqualTo("ar");
      assertThat(files.read("large", ByteRange.of(border, 2))).isEqualTo("rk");
    }
    assertThat(files.head("large").size()).isEqualTo(BEYOND);
    assertThat(files.read("large", ByteRange.suffix(3))).isEqualTo("end");
    assertThat(files.read("large", ByteRange.of(BEYOND - 3, 10))).isEqualTo("end");
    assertThat(files.read("large", ByteRange.from(BEYOND - 1))).isEqualTo("d");
    assertThat(files.read("large", ByteRange.of(0, 5))).isEqualTo("begin");
    assertThat(files.entries(files.base, ListOptions.ALL))
        .extracting(e -> ((ObjectMeta) e).size())
        .containsExactly(BEYOND);

    long[] end = new long[1];
    ByteSink counting =
        (offset, src) -> {
          end[0] = offset + src.remaining();
          src.position(src.limit());
        };
    get(
        files.store.read(
            files.uri("large"),
            ReadRequests.WHOLE,
            (meta, offset, length) -> new Landing(counting, length)));
    assertThat(end[0]).isEqualTo(BEYOND);
  }

  @Test
  void moreThanTwoGibibytesAreCopied() throws IOException {
    // A copy has no holes: this is just above what one call of the system moves.
    long size = (2L << 30) + 5;
    sparse("large", size);
    get(files.store.copy(files.uri("large"), files.uri("copy")));
    assertThat(files.head("copy").size()).isEqualTo(size);
    assertThat(files.read("copy", ByteRange.of(0, 5))).isEqualTo("begin");
    assertThat(files.read("copy", ByteRange.suffix(3))).isEqualTo("end");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "direct"})
  void aPartIsWrittenWhereItBelongs(String scheme) throws IOException {
    files = new FileFixture(scheme, directory, false);
    PartUpload upload = get(files.store.startMultipart(files.uri("large"), 1L << 30, PLAIN));
    get(upload.putPart(6, payload("the sixth part")));
    String temporary = files.files().get(0);
    assertThat(files.read(temporary, ByteRange.of(5L << 30, 14))).isEqualTo("the sixth part");
    get(upload.abort());
    assertThat(files.files()).isEmpty();
  }
}
