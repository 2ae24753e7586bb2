package io.s3dlio.file;

import static io.s3dlio.file.FileFixture.PLAIN;
import static io.s3dlio.file.FileFixture.fails;
import static io.s3dlio.file.FileFixture.get;
import static io.s3dlio.file.FileFixture.payload;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteSink;
import io.s3dlio.ByteSource;
import io.s3dlio.GetOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.StoreConfig;
import io.s3dlio.spi.Receiver.Landing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Past the page cache: what the system is asked for, and what is said where it refuses. */
class DirectIoTest {

  private static final int MIB = 1 << 20;
  private static final int IN_FLIGHT = 4;

  @TempDir Path directory;

  private byte[] random(String name, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    Files.write(directory.resolve(name), content);
    return content;
  }

  private FileFixture direct() {
    return new FileFixture("direct", directory, false);
  }

  @Test
  void readsStraightIntoMemoryThatIsAligned() throws IOException {
    byte[] content = random("a", 9 * MIB + 5);
    ByteBuffer memory = ByteBuffer.allocateDirect(10 * MIB).alignedSlice(4096);
    List<String> landed = new ArrayList<>();
    ByteSink sink =
        new ByteSink() {
          @Override
          public void write(long offset, ByteBuffer src) {
            landed.add("written " + offset + "+" + src.remaining());
            memory.duplicate().position((int) offset).put(src);
          }

          @Override
          public ByteBuffer target(long offset, int length) {
            return memory.slice((int) offset, length);
          }

          @Override
          public void filled(long offset, int length) {
            landed.add("filled " + offset + "+" + length);
          }
        };
    try (FileFixture files = direct()) {
      get(
          files.store.read(
              files.uri("a"), ReadRequests.WHOLE, (meta, from, n) -> new Landing(sink, n)));
    }
    byte[] read = new byte[content.length];
    memory.get(0, read);
    assertThat(read).isEqualTo(content);
    assertThat(landed)
        .containsExactly(
            "filled 0+" + 4 * MIB,
            "filled " + 4 * MIB + "+" + 4 * MIB,
            "written " + 8 * MIB + "+" + (MIB + 5));
  }

  @Test
  void everyByteIsMovedPastThePageCacheInLargeBlocks() throws Exception {
    Path log = directory.resolve("calls");
    Path root = Files.createDirectory(directory.resolve("root"));
    Sandbox.traced("openat,open,pread64,pwrite64,read,write,copy_file_range,sendfile", log)
        .run(EveryWay.class, root.toString());
    List<String> calls =
        whole(Files.readAllLines(log)).stream()
            .filter(call -> call.contains(root.toString()) && !call.contains("O_DIRECTORY"))
            .toList();

    List<String> moves = calls.stream().filter(c -> c.matches("p?(read|write).*")).toList();
    assertThat(moves).anyMatch(c -> c.startsWith("pread64")).allMatch(c -> c.startsWith("p"));
    // Full blocks, but for the last 5 bytes of 12 MiB and for the two blocks that hold the range.
    assertThat(
            moves.stream().map(c -> c.replaceAll(".*, ([0-9]+), [0-9]+ *\\).*", "$1")).distinct())
        .containsExactlyInAnyOrder("4194304", "4096", "8192");
    Map<String, String> opened = new HashMap<>();
    for (String call : calls) {
      if (call.startsWith("open")) {
        opened.put(call.replaceFirst(".*= ([0-9]+)<.*", "$1"), call);
      } else {
        String descriptor = call.replaceFirst("[^(]*\\(([0-9]+)<.*", "$1");
        assertThat(opened.get(descriptor)).as("how %s was opened", call).contains("O_DIRECT");
      }
    }
    assertThat(calls).noneMatch(c -> c.startsWith("copy_file_range") || c.startsWith("sendfile"));
  }

  /** Calls as they were made; strace cuts one in two where another comes between. */
  private static List<String> whole(List<String> lines) {
    Map<String, String> begun = new HashMap<>();
    List<String> calls = new ArrayList<>();
    for (String line : lines) {
      String thread = line.replaceFirst(" .*", "");
      String call = line.replaceFirst("^[0-9]+ +", "");
      if (call.endsWith("<unfinished ...>")) {
        begun.put(thread, call.replace("<unfinished ...>", ""));
      } else if (call.startsWith("<... ")) {
        calls.add(begun.remove(thread) + call.replaceFirst("<[^>]*>", ""));
      } else {
        calls.add(call);
      }
    }
    return calls;
  }

  /** Puts, gets and copies objects of 12 MiB and a bit. */
  static final class EveryWay {
    public static void main(String[] arguments) throws IOException {
      ObjectUri base = ObjectUri.parse("direct://" + arguments[0] + "/");
      StoreConfig config = StoreConfig.defaults().with(StoreConfig.PART_SIZE, "4MiB");
      byte[] content = new byte[12 * MIB + 5];
      for (String threshold : List.of("1MiB", "1GiB")) {
        StoreConfig these = config.with(StoreConfig.MULTIPART_THRESHOLD, threshold);
        try (ObjectStore store = ObjectStores.open(base.toString(), these)) {
          store.put(base.resolve("a"), ByteBuffer.wrap(content));
          store.get(base.resolve("a")).close();
          store.copy(base.resolve("a"), base.resolve("b"));
          store.readInto(base.resolve("b"), 4095, ByteBuffer.allocate(3));
        }
      }
    }
  }

  @Test
  void severalPartsOfALargeObjectAreReadAtATime() throws Exception {
    random("a", 8 * IN_FLIGHT * MIB);
    CountDownLatch together = new CountDownLatch(IN_FLIGHT);
    ByteSink sink = (offset, src) -> meet(together);
    try (ObjectStore store = inParts()) {
      store.get(uri("a"), sink, GetOptions.DEFAULT);
    }
  }

  @Test
  void severalPartsOfALargeObjectAreWrittenAtATime() throws Exception {
    CountDownLatch together = new CountDownLatch(IN_FLIGHT);
    ByteSource source =
        new ByteSource() {
          @Override
          public long size() {
            return 8L * IN_FLIGHT * MIB;
          }

          @Override
          public void read(long offset, ByteBuffer dst) throws IOException {
            meet(together);
            dst.position(dst.limit());
          }
        };
    try (ObjectStore store = inParts()) {
      store.put(uri("a"), source, PutOptions.DEFAULT);
    }
  }

  /** Waits until as many threads are here as have to be. */
  private static void meet(CountDownLatch together) throws IOException {
    together.countDown();
    try {
      if (!together.await(30, TimeUnit.SECONDS)) {
        throw new IOException(together.getCount() + " more were to be in flight");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private ObjectUri uri(String name) {
    return ObjectUri.parse("direct://" + directory.resolve(name));
  }

  /** With the least memory for the parts in flight. */
  private ObjectStore inParts() throws IOException {
    return ObjectStores.open(
        uri("").toString(),
        StoreConfig.defaults().with(StoreConfig.MAX_CONCURRENCY, "" + IN_FLIGHT));
  }

  @Test
  void metadataIsKeptAndSeenThroughFilesToo() throws IOException {
    Map<String, String> metadata = Map.of("s3dlio-gen", "1 42 key 3");
    try (FileFixture files = direct();
        FileFixture buffered = new FileFixture(directory)) {
      files.put("a", "xyz", PLAIN.withUserMetadata(metadata).withContentType("text/plain"));
      for (ObjectMeta meta : List.of(files.head("a"), buffered.head("a"))) {
        assertThat(meta.userMetadata()).isEqualTo(metadata);
        assertThat(meta.contentType()).contains("text/plain");
        assertThat(meta.size()).isEqualTo(3);
      }
      assertThat(buffered.read("a")).isEqualTo("xyz");
      get(files.store.copy(files.uri("a"), files.uri("b")));
      assertThat(buffered.head("b").userMetadata()).isEqualTo(metadata);
      assertThat(buffered.read("b")).isEqualTo("xyz");
    }
  }

  @Test
  void whatIsInThePageCacheIsSeen() throws IOException {
    try (FileFixture files = direct()) {
      for (String content : List.of("first", "second and longer", "3rd")) {
        Files.writeString(directory.resolve("a"), content);
        assertThat(files.read("a")).isEqualTo(content);
      }
    }
  }

  @Test
  void aFileThatShrinksWhileItIsReadIsAnError() throws IOException {
    for (int rest : List.of(4 * MIB, 5 * MIB, 4 * MIB + 5, 8 * MIB + 1)) {
      random("a", 12 * MIB);
      Files.setLastModifiedTime(directory.resolve("a"), FileTime.fromMillis(1_000_000_000));
      ByteSink sink =
          (offset, src) -> {
            if (offset == 0) {
              try (FileChannel channel =
                  FileChannel.open(directory.resolve("a"), StandardOpenOption.WRITE)) {
                channel.truncate(rest);
              }
            }
          };
      try (FileFixture files = direct()) {
        fails(
            files.store.read(
                files.uri("a"), ReadRequests.WHOLE, (meta, from, n) -> new Landing(sink, n)),
            Kind.PRECONDITION_FAILED,
            "shorter");
      }
    }
  }

  @Test
  void partsThatShareABlockAreRefused() throws IOException {
    try (FileFixture files = direct()) {
      fails(
          files.store.startMultipart(files.uri("a"), 64 * 1024 + 1, PLAIN),
          Kind.INVALID,
          "parts of 65537 bytes",
          "part-size",
          "4096");
      assertThat(files.files()).isEmpty();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whereItCannotBeReadTheErrorNamesFiles() throws IOException {
    try (FileFixture files = new FileFixture("direct", Path.of("/proc"), false)) {
      fails(
          files.store.read(files.uri("version"), ReadRequests.WHOLE, new FileFixture.Collected()),
          Kind.UNSUPPORTED,
          "O_DIRECT",
          "file:///proc/version");
    }
  }

  @Test
  void whereItCannotBeWrittenTheErrorNamesFilesAndNothingIsLeft() throws Exception {
    Sandbox.mounting("mount -t ramfs -o mode=777 ramfs \"$0\"", directory)
        .run(NoDirectIo.class, directory.toString());
  }

  /** On a file system without O_DIRECT. */
  static final class NoDirectIo {
    public static void main(String[] arguments) throws IOException {
      Path root = Path.of(arguments[0]);
      FileFixture files = new FileFixture("direct", root, false);
      String instead = "file://" + root + "/a";
      fails(
          files.store.put(files.uri("a"), payload("x"), PLAIN),
          Kind.UNSUPPORTED,
          "O_DIRECT",
          instead);
      fails(
          files.store.startMultipart(files.uri("a"), MIB, PLAIN),
          Kind.UNSUPPORTED,
          "O_DIRECT",
          instead);
      assertThat(files.files()).isEmpty();

      new FileFixture(root).put("b", "x");
      fails(files.store.copy(files.uri("b"), files.uri("a")), Kind.UNSUPPORTED, "O_DIRECT");
      assertThat(files.files()).containsExactly("b");
    }
  }
}
