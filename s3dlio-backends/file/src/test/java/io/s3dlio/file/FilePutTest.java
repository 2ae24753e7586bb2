package io.s3dlio.file;

import static io.s3dlio.file.FileFixture.PLAIN;
import static io.s3dlio.file.FileFixture.fails;
import static io.s3dlio.file.FileFixture.get;
import static io.s3dlio.file.FileFixture.payload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteRange;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects appear whole, or not at all, and leave nothing else. */
class FilePutTest {

  @TempDir Path directory;
  private FileFixture files;

  @BeforeEach
  void open() {
    files = new FileFixture(scheme(), directory, false);
  }

  /** How the files are written. */
  String scheme() {
    return "file";
  }

  @AfterEach
  void close() throws ObjectStoreException {
    files.close();
  }

  @Test
  void writesAllBuffersAndLeavesThemAlone() throws IOException {
    byte[] content = new byte[3 * (1 << 20) + 17];
    new Random(1).nextBytes(content);
    ByteBuffer heap = ByteBuffer.wrap(content, 5, 2_000_000);
    ByteBuffer direct = ByteBuffer.allocateDirect(content.length).put(content).flip();

    get(files.store.put(files.uri("a/b/c"), payload(heap, ByteBuffer.allocate(0), direct), PLAIN));

    byte[] expected = new byte[2_000_000 + content.length];
    System.arraycopy(content, 5, expected, 0, 2_000_000);
    System.arraycopy(content, 0, expected, 2_000_000, content.length);
    assertThat(Files.readAllBytes(files.path("a/b/c"))).isEqualTo(expected);
    assertThat(heap.position()).isEqualTo(5);
    assertThat(direct.position()).isZero();
    assertThat(files.files()).containsExactly("a/b/c");
  }

  @Test
  void overwritesAlsoWithLess() {
    files.put("a", "a long content");
    files.put("a", "short");
    assertThat(files.read("a")).isEqualTo("short");
    files.put("a", "");
    assertThat(files.read("a")).isEmpty();
    assertThat(files.head("a").size()).isZero();
  }

  @Test
  void flushesWithFsyncAsWell() throws IOException {
    FileFixture durable = new FileFixture(directory, true);
    durable.put("new/directories/a", "x");
    durable.put("new/directories/a", "y", PLAIN.withMode(PutMode.OVERWRITE));
    durable.put("new/directories/b", "z", PLAIN.withMode(PutMode.CREATE));
    assertThat(files.files()).containsExactly("new/directories/a", "new/directories/b");
    assertThat(files.read("new/directories/a")).isEqualTo("y");
  }

  @Test
  void givesTheModeThatTheSystemGivesToNewFiles() throws IOException {
    Path ordinary = Files.createFile(files.path("ordinary"));
    Path ordinaryDirectory = Files.createDirectory(files.path("ordinary-directory"));

    files.put("d/object", "x");
    Files.setPosixFilePermissions(
        files.path("d/object"), PosixFilePermissions.fromString("rw-------"));
    files.put("d/object", "y");

    assertThat(Files.getPosixFilePermissions(files.path("d/object")))
        .isEqualTo(Files.getPosixFilePermissions(ordinary));
    assertThat(Files.getPosixFilePermissions(files.path("d")))
        .isEqualTo(Files.getPosixFilePermissions(ordinaryDirectory));
  }

  @Test
  void ofEightWritersThatCreateOneWins() throws Exception {
    int writers = 8;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      CyclicBarrier start = new CyclicBarrier(writers);
      for (int round = 0; round < 100; round++) {
        String key = "round/" + round;
        List<Future<String>> results = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
          String content = "writer " + i;
          results.add(threads.submit(() -> create(start, key, content)));
        }
        List<String> winners = new ArrayList<>();
        for (Future<String> result : results) {
          String won = result.get(60, TimeUnit.SECONDS);
          if (!won.isEmpty()) {
            winners.add(won);
          }
        }
        assertThat(winners).hasSize(1);
        assertThat(files.read(key)).isEqualTo(winners.get(0));
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(files.files()).hasSize(100).noneMatch(f -> f.contains(Place.TEMP_PREFIX));
  }

  /** Its content if it won, else empty. */
  private String create(CyclicBarrier start, String key, String content) throws Exception {
    start.await(60, TimeUnit.SECONDS);
    CompletableFuture<PutResult> put =
        files.store.put(files.uri(key), payload(content), PLAIN.withMode(PutMode.CREATE));
    if (!put.isCompletedExceptionally()) {
      return content;
    }
    fails(put, Kind.ALREADY_EXISTS);
    return "";
  }

  @Test
  void readersNeverSeeAHalfWrittenObject() throws Exception {
    files.put("a", uniform(0));
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<Integer>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(threads.submit(() -> readUntil(done)));
      }
      for (int i = 0; i < 300; i++) {
        files.put("a", uniform(i));
      }
      done.set(true);
      for (Future<Integer> reader : readers) {
        assertThat(reader.get(60, TimeUnit.SECONDS)).isPositive();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private int readUntil(AtomicBoolean done) {
    int reads = 0;
    do {
      FileFixture.Collected bytes = new FileFixture.Collected();
      get(files.store.read(files.uri("a"), ReadRequests.WHOLE, bytes));
      byte[] content = bytes.content.array();
      assertThat((long) content.length).isEqualTo(bytes.meta.size());
      for (byte b : content) {
        if (b != content[0]) {
          throw new AssertionError("a mixture of two objects");
        }
      }
      assertThat(content.length).isEqualTo(length(content[0] - 'a'));
      reads++;
    } while (!done.get());
    return reads;
  }

  /** One letter, as often as befits it. */
  private static String uniform(int i) {
    return Character.toString('a' + i % 26).repeat(length(i % 26));
  }

  private static int length(int letter) {
    return 50_000 + 10_000 * letter;
  }

  @Test
  void noTwoObjectsHaveTheSameTime() {
    // Whatever the clock of the file system does between two of its ticks.
    List<Instant> times = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      files.put("a" + i, "x");
    }
    for (int i = 0; i < 200; i++) {
      times.add(files.head("a" + i).lastModified());
    }
    assertThat(times).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void everyContentHasAnEtagOfItsOwn() throws IOException {
    Set<String> etags = new HashSet<>();
    for (int i = 0; i < 2000; i++) {
      // Of one size, on inodes that come back, faster than the clock of the file system.
      assertThat(etags.add(files.put("a", "same size"))).isTrue();
    }
    assertThat(etags).contains(files.head("a").etag().orElseThrow());
    assertThat(files.entries(files.base, ListOptions.ALL))
        .containsExactly(
            ObjectMeta.listed(
                files.uri("a"),
                9,
                Files.getLastModifiedTime(files.path("a")).toInstant(),
                files.head("a").etag()));
  }

  @Test
  void ifMatchIsRefusedBecauseNoFileSystemCan() throws IOException {
    String etag = files.put("a", "x");
    PutOptions ifMatch = PLAIN.withMode(PutMode.ifMatch(etag));
    fails(files.store.put(files.uri("a"), payload("y"), ifMatch), Kind.UNSUPPORTED, "CREATE");
    fails(files.store.startMultipart(files.uri("a"), 1, ifMatch), Kind.UNSUPPORTED, "CREATE");
    assertThat(files.files()).containsExactly("a");
    assertThat(files.read("a")).isEqualTo("x");
  }

  @Test
  void replacesALinkAndNotWhatItPointsTo() throws IOException {
    files.put("target", "stays");
    Files.createSymbolicLink(files.path("link"), files.path("target"));
    files.put("link", "new");
    assertThat(files.read("link")).isEqualTo("new");
    assertThat(files.read("target")).isEqualTo("stays");
    assertThat(Files.isSymbolicLink(files.path("link"))).isFalse();
  }

  @Test
  void nothingIsLeftWhereADirectoryIsInTheWay() throws IOException {
    files.put("d/object", "x");
    for (PutMode mode : List.of(PutMode.OVERWRITE, PutMode.CREATE)) {
      fails(
          files.store.put(files.uri("d"), payload("y"), PLAIN.withMode(mode)),
          Kind.INVALID,
          "directory",
          "choose another key");
    }
    assertThat(files.files()).containsExactly("d/object");
  }

  @Test
  void nothingIsLeftWhereAFileIsInTheWay() throws IOException {
    files.put("f", "x");
    fails(files.store.put(files.uri("f/a"), payload("y"), PLAIN), Kind.INVALID, "is a file");
    fails(files.store.put(files.uri("f/a/b"), payload("y"), PLAIN), Kind.INVALID, "is a file");
    fails(files.store.createBucket(files.uri("f/a")), Kind.INVALID, "is a file");
    assertThat(files.files()).containsExactly("f");
  }

  @Test
  void whereTheSystemMakesNoDirectoriesThePutFails() {
    ObjectUri uri = ObjectUri.parse("file:///proc/no/directories/here");
    fails(files.store.put(uri, payload("x"), PLAIN), Kind.NOT_FOUND);
  }

  @Test
  void nothingIsLeftOfAnInterruptedPut() throws IOException {
    files.put("a", "before");
    Thread.currentThread().interrupt();
    CompletableFuture<PutResult> put;
    try {
      put = files.store.put(files.uri("a"), payload("after"), PLAIN);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    fails(put, Kind.CANCELLED, "interrupted");
    assertThat(files.files()).containsExactly("a");
    assertThat(files.read("a")).isEqualTo("before");
  }

  @Test
  void anInterruptWaitsUntilWhatIsPublishedIsFlushed() throws IOException {
    Place published = Place.target("put", files.uri("a"));
    Thread.currentThread().interrupt();
    try {
      TempFile.syncPublished(published);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void anObjectWhoseDirectoryCannotBeFlushedIsThereAndInDoubt() throws IOException {
    // The kernel flushes no directory here.
    Place published = Place.target("put", ObjectUri.parse("file:///proc/self/a"));
    assertThatThrownBy(() -> TempFile.syncPublished(published))
        .isInstanceOf(ObjectStoreException.class)
        .hasMessageContainingAll("the object is there", "file.fsync=false");
  }

  @Test
  void nothingIsLeftWhenTheMetadataDoesNotFit() throws IOException {
    PutOptions tooLong = PLAIN.withUserMetadata(Map.of("k", "x".repeat(70_000)));
    fails(files.store.put(files.uri("a"), payload("y"), tooLong), Kind.INVALID, "70001", "shorten");
    fails(files.store.startMultipart(files.uri("a"), 1, tooLong), Kind.INVALID, "shorten");
    PutOptions badName = PLAIN.withUserMetadata(Map.of("k".repeat(300), "x"));
    fails(files.store.put(files.uri("a"), payload("y"), badName), Kind.INVALID, "shorten");
    for (Map<String, String> changed :
        List.of(
            Map.of("k", "half of a pair: \uD83D"),
            Map.of("\uDE00", "x"),
            Map.of("k\0", "x"),
            Map.of("", "x"))) {
      PutOptions options = PLAIN.withUserMetadata(changed);
      fails(files.store.put(files.uri("a"), payload("y"), options), Kind.INVALID);
    }
    PutOptions reserved = PLAIN.withUserMetadata(Map.of("mime_type", "x"));
    fails(files.store.put(files.uri("a"), payload("y"), reserved), Kind.INVALID, "content type");
    assertThat(files.files()).isEmpty();
  }

  @Test
  void everyReasonForWhichALinkCannotBeMadeSaysWhatToDo() throws IOException {
    Place target = Place.target("put", files.uri("a"));
    for (String reason :
        List.of(
            "Operation not permitted", // vfat
            "Operation not supported", // some network file systems
            "Function not implemented")) {
      IOException error = TempFile.linkFailure(target, new FileSystemException("a", "b", reason));
      assertThat(error).hasMessageContainingAll("hard links", "overwrite instead");
      assertThat(((ObjectStoreException) error).kind()).isEqualTo(Kind.UNSUPPORTED);
    }
    FileSystemException full = new FileSystemException("a", "b", "No space left on device");
    assertThat(TempFile.linkFailure(target, full)).isSameAs(full);
  }

  @Test
  void reportsEveryRequest() {
    files.put("a", "12345");
    fails(files.store.head(files.uri("b")), Kind.NOT_FOUND);
    files.read("a", ByteRange.of(1, 3));
    get(files.store.deleteAll(List.of(files.uri("a"), files.uri("b"))));

    assertThat(files.events)
        .extracting(e -> e.operation() + " " + e.offset() + " " + e.bytes() + " " + e.error())
        .containsExactly(
            "put -1 5 Optional.empty",
            "head -1 0 Optional[NOT_FOUND]",
            "get 1 3 Optional.empty",
            "delete -1 0 Optional.empty",
            "delete -1 0 Optional.empty");
    assertThat(files.events)
        .allSatisfy(
            e -> {
              assertThat(e.endpoint()).isEqualTo(scheme());
              assertThat(e.startNanos()).isLessThanOrEqualTo(e.firstByteNanos());
              assertThat(e.firstByteNanos()).isLessThanOrEqualTo(e.endNanos());
            });
  }
}
