package io.s3dlio.file;

import static io.s3dlio.file.FileFixture.fails;
import static io.s3dlio.file.FileFixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSink;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver.Landing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is read is what was opened, whole, or an error. */
class FileReadTest {

  private static final int MIB = 1 << 20;

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

  private byte[] random(String name, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    Files.write(files.path(name), content);
    return content;
  }

  /** Memory that is filled in place; notes what it is told. */
  private static final class Memory implements ByteSink {
    final ByteBuffer bytes;
    final List<String> filled = new ArrayList<>();

    Memory(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    @Override
    public void write(long offset, ByteBuffer src) {
      throw new AssertionError("the bytes were to go straight into memory");
    }

    @Override
    public ByteBuffer target(long offset, int length) {
      return bytes.slice((int) offset, length);
    }

    @Override
    public void filled(long offset, int length) {
      filled.add(offset + "+" + length);
    }
  }

  @Test
  void readsStraightIntoTheMemoryOfTheSink() throws IOException {
    byte[] content = random("a", 2 * MIB + 5);
    for (boolean direct : List.of(true, false)) {
      Memory memory =
          new Memory(
              direct
                  ? ByteBuffer.allocateDirect(content.length)
                  : ByteBuffer.allocate(content.length));
      get(
          files.store.read(
              files.uri("a"),
              ReadRequests.WHOLE,
              (meta, offset, length) -> new Landing(memory, length)));
      byte[] read = new byte[content.length];
      memory.bytes.get(0, read);
      assertThat(read).isEqualTo(content);
      assertThat(memory.filled).containsExactly("0+" + MIB, MIB + "+" + MIB, 2 * MIB + "+5");
    }
  }

  @Test
  void readsThroughABufferWhereTheSinkHasNoMemory() throws IOException {
    byte[] content = random("a", 3 * MIB + 5);
    FileFixture.Collected whole = new FileFixture.Collected();
    get(files.store.read(files.uri("a"), ReadRequests.WHOLE, whole));
    assertThat(whole.content.array()).isEqualTo(content);

    FileFixture.Collected range = new FileFixture.Collected();
    get(
        files.store.read(
            files.uri("a"), ReadRequests.of(ByteRange.of(MIB - 3, 2 * MIB + 1)), range));
    assertThat(range.offset).isEqualTo(MIB - 3);
    assertThat(range.content.array()).isEqualTo(Arrays.copyOfRange(content, MIB - 3, 3 * MIB - 2));
  }

  @Test
  void readsRanges() {
    files.put("a", "0123456789");
    assertThat(files.read("a", ByteRange.of(2, 3))).isEqualTo("234");
    assertThat(files.read("a", ByteRange.of(8, 100))).isEqualTo("89");
    assertThat(files.read("a", ByteRange.from(7))).isEqualTo("789");
    assertThat(files.read("a", ByteRange.suffix(4))).isEqualTo("6789");
    assertThat(files.read("a", ByteRange.suffix(40))).isEqualTo("0123456789");
    for (ByteRange beyond : List.of(ByteRange.of(10, 1), ByteRange.from(10))) {
      fails(
          files.store.read(files.uri("a"), ReadRequests.of(beyond), new FileFixture.Collected()),
          Kind.RANGE_NOT_SATISFIABLE,
          "10 bytes");
    }
    files.put("empty", "");
    assertThat(files.read("empty")).isEmpty();
    fails(
        files.store.read(
            files.uri("empty"), ReadRequests.of(ByteRange.suffix(1)), new FileFixture.Collected()),
        Kind.RANGE_NOT_SATISFIABLE);
  }

  @Test
  void readsNoMoreThanIsWanted() throws IOException {
    byte[] content = random("a", 2 * MIB);
    Memory memory = new Memory(ByteBuffer.allocate(7));
    get(
        files.store.read(
            files.uri("a"),
            ReadRequests.of(ByteRange.from(3)),
            (meta, offset, length) -> {
              assertThat(length).isEqualTo(2 * MIB - 3);
              return new Landing(memory, 7);
            }));
    assertThat(memory.bytes.array()).isEqualTo(Arrays.copyOfRange(content, 3, 10));
  }

  @Test
  void ifMatchHoldsAReadToOneContent() {
    String etag = files.put("a", "first");
    ReadRequest pinned = new ReadRequest(ByteRange.WHOLE, Optional.of(etag));
    get(files.store.read(files.uri("a"), pinned, new FileFixture.Collected()));
    files.put("a", "other");
    fails(
        files.store.read(files.uri("a"), pinned, new FileFixture.Collected()),
        Kind.PRECONDITION_FAILED,
        etag,
        "read it anew");
  }

  @Test
  void aFileThatIsReplacedWhileItIsReadShowsWhatItWas() throws IOException {
    byte[] content = random("a", 3 * MIB);
    byte[] read = new byte[content.length];
    ByteSink replacing =
        (offset, src) -> {
          if (offset == 0) {
            files.put("a", "another content");
          }
          int n = src.remaining();
          src.get(read, (int) offset, n);
        };
    get(
        files.store.read(
            files.uri("a"),
            ReadRequests.WHOLE,
            (meta, offset, length) -> new Landing(replacing, length)));
    assertThat(read).isEqualTo(content);
    assertThat(files.read("a")).isEqualTo("another content");
  }

  @Test
  void aFileThatIsDeletedWhileItIsReadShowsWhatItWas() throws IOException {
    random("a", 2 * MIB);
    long[] landed = new long[1];
    get(
        files.store.read(
            files.uri("a"),
            ReadRequests.WHOLE,
            (meta, offset, length) -> {
              get(files.store.deleteAll(List.of(files.uri("a"))));
              ByteSink counting =
                  (at, src) -> {
                    landed[0] += src.remaining();
                    src.position(src.limit());
                  };
              return new Landing(counting, length);
            }));
    assertThat(landed[0]).isEqualTo(2 * MIB);
    fails(files.store.head(files.uri("a")), Kind.NOT_FOUND);
  }

  @Test
  void aFileThatShrinksWhileItIsReadIsAnError() throws IOException {
    random("a", 3 * MIB);
    CompletableFuture<Void> read = readAnd(channel -> channel.truncate(MIB + 5));
    fails(read, Kind.PRECONDITION_FAILED, "shorter");
  }

  @Test
  void aFileThatIsWrittenInPlaceWhileItIsReadIsAnError() throws IOException {
    random("a", 3 * MIB);
    CompletableFuture<Void> read =
        readAnd(channel -> channel.write(ByteBuffer.wrap(new byte[] {1}), 5));
    fails(read, Kind.PRECONDITION_FAILED, "written to");
    random("a", 3 * MIB);
    fails(
        readAnd(channel -> channel.write(ByteBuffer.wrap(new byte[] {1}), channel.size())),
        Kind.PRECONDITION_FAILED,
        "written to");
  }

  private interface Change {
    void apply(FileChannel channel) throws IOException;
  }

  /** Reads a file into which someone else writes when the first bytes have landed. */
  private CompletableFuture<Void> readAnd(Change change) throws IOException {
    // A state long ago: the clock of the file system may stand still during the test.
    Files.setLastModifiedTime(files.path("a"), FileTime.fromMillis(1_000_000_000));
    ByteSink sink =
        (offset, src) -> {
          if (offset == 0) {
            try (FileChannel channel =
                FileChannel.open(files.path("a"), StandardOpenOption.WRITE)) {
              change.apply(channel);
            }
          }
          src.position(src.limit());
        };
    return files.store.read(
        files.uri("a"), ReadRequests.WHOLE, (meta, offset, length) -> new Landing(sink, length));
  }

  @Test
  void whatTheDestinationSaysIsNotTakenForAFailureOfTheObject() {
    files.put("a", "x");
    NoSuchFileException full = new NoSuchFileException("/the/destination");
    ObjectStoreException failure =
        fails(
            files.store.read(
                files.uri("a"),
                ReadRequests.WHOLE,
                (meta, offset, length) ->
                    new Landing(
                        (at, src) -> {
                          throw full;
                        },
                        length)),
            Kind.UNKNOWN,
            "destination",
            "/the/destination");
    assertThat(failure).hasCause(full);
    fails(
        files.store.read(
            files.uri("a"),
            ReadRequests.WHOLE,
            (meta, offset, length) -> {
              throw full;
            }),
        Kind.UNKNOWN,
        "destination");
  }

  @Test
  void anErrorOfTheStoreFromTheDestinationStaysWhatItIs() {
    files.put("a", "x");
    ObjectStoreException refusal =
        new ObjectStoreException(Kind.CHECKSUM_MISMATCH, "verify", files.uri("a"), "no", null);
    CompletableFuture<Void> read =
        files.store.read(
            files.uri("a"),
            ReadRequests.WHOLE,
            (meta, offset, length) ->
                new Landing(
                    (at, src) -> {
                      throw refusal;
                    },
                    length));
    assertThat(fails(read, Kind.CHECKSUM_MISMATCH)).isSameAs(refusal);
  }

  @Test
  void anInterruptedReadIsCancelled() {
    files.put("a", "x");
    Thread.currentThread().interrupt();
    try {
      fails(
          files.store.read(files.uri("a"), ReadRequests.WHOLE, new FileFixture.Collected()),
          Kind.CANCELLED,
          "interrupted");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(files.read("a")).isEqualTo("x");
  }

  @Test
  void whatIsNotThere() throws IOException {
    files.put("d/a", "x");
    assertNotFound("nothing", "no such file");
    assertNotFound("nothing/at/all", "no such file");
    assertNotFound("d", "is a directory");
    assertNotFound("d/a/b", "file"); // JDK 17 says that d/a is none, JDK 25 that there is none
    Files.createSymbolicLink(files.path("dangling"), files.path("nothing"));
    assertNotFound("dangling", "no such file");
    Files.createSymbolicLink(files.path("loop"), files.path("loop"));
    assertNotFound("loop", "loop");
  }

  private void assertNotFound(String name, String word) {
    fails(files.store.head(files.uri(name)), Kind.NOT_FOUND, word);
    fails(
        files.store.read(files.uri(name), ReadRequests.WHOLE, new FileFixture.Collected()),
        Kind.NOT_FOUND,
        word);
    fails(files.store.copy(files.uri(name), files.uri("copy")), Kind.NOT_FOUND, word, name);
    assertThat(Files.exists(files.path("copy"))).isFalse();
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPipeIsNotAnObjectAndIsNotWaitedFor() throws Exception {
    Process mkfifo = new ProcessBuilder("mkfifo", files.path("pipe").toString()).start();
    assertThat(mkfifo.waitFor()).isZero();
    assertNotFound("pipe", "neither a file nor a directory");
    assertThat(files.list("")).isEmpty();
    assertThat(get(files.store.deleteAll(List.of(files.uri("pipe")))).values())
        .singleElement()
        .extracting(ObjectStoreException::kind)
        .isEqualTo(Kind.INVALID);
    assertThat(Files.exists(files.path("pipe"))).isTrue();
  }

  @Test
  void aLinkToAFileIsReadAsTheFile() throws IOException {
    files.put("d/target", "content");
    Files.createSymbolicLink(files.path("link"), Path.of("d/target"));
    assertThat(files.read("link")).isEqualTo("content");
    ObjectMeta link = files.head("link");
    assertThat(link.etag()).isEqualTo(files.head("d/target").etag());
    assertThat(link.size()).isEqualTo(7);
    Files.createSymbolicLink(files.path("e"), Path.of("d"));
    assertThat(files.read("e/target")).isEqualTo("content");
  }

  @Test
  void anEtagChangesWhenAFileIsWrittenByOtherMeans() throws IOException {
    String first = files.put("a", "content");
    Files.setLastModifiedTime(files.path("a"), FileTime.fromMillis(1_000_000_000));
    String second = files.head("a").etag().orElseThrow();
    Files.writeString(files.path("a"), "CONTENT");
    String third = files.head("a").etag().orElseThrow();
    assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
  }
}
