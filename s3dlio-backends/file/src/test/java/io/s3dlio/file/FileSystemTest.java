package io.s3dlio.file;

import static io.s3dlio.file.FileFixture.PLAIN;
import static io.s3dlio.file.FileFixture.fails;
import static io.s3dlio.file.FileFixture.get;
import static io.s3dlio.file.FileFixture.payload;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ListOptions;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.PutMode;
import io.s3dlio.spi.ListCursor;
import io.s3dlio.spi.PartUpload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File systems that refuse, and what they have been asked for. */
class FileSystemTest {

  @TempDir Path directory;

  private static void permissions(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void nothingIsLeftOnAFullDisk() throws Exception {
    String mount = "mount -t tmpfs -o size=1m,mode=777 tmpfs \"$0\"";
    Sandbox.mounting(mount, directory).run(FullDisk.class, "file", directory.toString());
    String direct = " && dd if=/dev/zero of=\"$0/d\" bs=4k count=1 oflag=direct && rm \"$0/d\"";
    Sandbox.mounting(mount + direct, directory).run(FullDisk.class, "direct", directory.toString());
  }

  /** On a file system of 1 MiB. */
  static final class FullDisk {
    public static void main(String[] arguments) throws IOException {
      FileFixture files = new FileFixture(arguments[0], Path.of(arguments[1]), false);
      ByteBuffer tooMuch = ByteBuffer.allocateDirect(2 << 20);
      files.put("a", "x".repeat(600_000));

      fails(
          files.store.put(files.uri("a"), payload(tooMuch), PLAIN),
          Kind.OUT_OF_RESOURCES,
          "no space left");
      fails(
          files.store.put(files.uri("b"), payload(tooMuch), PLAIN),
          Kind.OUT_OF_RESOURCES,
          "no space left");
      fails(files.store.copy(files.uri("a"), files.uri("b")), Kind.OUT_OF_RESOURCES, "no space");
      assertThat(files.files()).containsExactly("a");

      PartUpload upload = get(files.store.startMultipart(files.uri("c"), 2 << 20, PLAIN));
      fails(upload.putPart(1, payload(tooMuch)), Kind.OUT_OF_RESOURCES, "no space left");
      fails(upload.complete(1, 2 << 20, Optional.empty()), Kind.INVALID, "not been put");
      get(upload.abort());
      assertThat(files.files()).containsExactly("a");
      assertThat(files.read("a")).isEqualTo("x".repeat(600_000));
      files.put("b", "fits");
    }
  }

  @Test
  void aFileSystemThatIsReadOnlySaysSo() throws Exception {
    Files.writeString(directory.resolve("a"), "content");
    Sandbox.mounting("mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\"", directory)
        .run(ReadOnly.class, directory.toString());
  }

  /** On a file system that is mounted read-only. */
  static final class ReadOnly {
    public static void main(String[] arguments) throws IOException {
      FileFixture files = new FileFixture(Path.of(arguments[0]));
      assertThat(files.read("a")).isEqualTo("content");
      fails(
          files.store.put(files.uri("a"), payload("x"), PLAIN),
          Kind.PERMISSION_DENIED,
          "read-only");
      fails(
          files.store.put(files.uri("new/b"), payload("x"), PLAIN),
          Kind.PERMISSION_DENIED,
          "read-only");
      fails(
          files.store.startMultipart(files.uri("a"), 1, PLAIN),
          Kind.PERMISSION_DENIED,
          "read-only");
      fails(files.store.createBucket(files.uri("b")), Kind.PERMISSION_DENIED, "read-only");
      ObjectStoreException failure =
          get(files.store.deleteAll(List.of(files.uri("a")))).get(files.uri("a"));
      assertThat(failure.kind()).isEqualTo(Kind.PERMISSION_DENIED);
      assertThat(files.files()).containsExactly("a");
    }
  }

  @Test
  void whatModesForbidIsSaidAndNotPassedOver() throws Exception {
    Path root = Files.createDirectory(directory.resolve("root"));
    permissions(directory, "rwxr-xr-x");
    for (String name : List.of("a-closed/x", "b-open/x", "c-fixed/x", "d-secret/x")) {
      Files.createDirectories(root.resolve(name).getParent());
      Files.writeString(root.resolve(name), "content");
    }
    permissions(root.resolve("a-closed"), "---------");
    permissions(root.resolve("d-secret/x"), "---------");
    permissions(root.resolve("c-fixed"), "r-xr-xr-x");
    try {
      Sandbox.unprivileged().run(Unprivileged.class, root.toString());
    } finally {
      permissions(root.resolve("a-closed"), "rwxr-xr-x");
      permissions(root.resolve("c-fixed"), "rwxr-xr-x");
    }
  }

  /** As a user who may not do everything. */
  static final class Unprivileged {
    public static void main(String[] arguments) throws IOException {
      FileFixture files = new FileFixture(Path.of(arguments[0]));
      try (ListCursor cursor = files.store.list(files.base, ListOptions.ALL)) {
        fails(cursor.next(), Kind.PERMISSION_DENIED, "permission denied");
      }
      assertThat(files.list("b")).containsExactly("b-open/x");
      assertThat(files.list("", startAfter(files, "a-closed0")))
          .as("what comes before is not looked into")
          .containsExactly("b-open/x", "c-fixed/x", "d-secret/x");
      assertThat(files.list("", ListOptions.ONE_LEVEL))
          .as("what may not be looked into shows")
          .containsExactly("a-closed/", "b-open/", "c-fixed/", "d-secret/");

      fails(files.store.head(files.uri("a-closed/x")), Kind.PERMISSION_DENIED, "check owner");
      fails(
          files.store.read(
              files.uri("d-secret/x"), ReadRequests.WHOLE, new FileFixture.Collected()),
          Kind.PERMISSION_DENIED);
      fails(
          files.store.copy(files.uri("d-secret/x"), files.uri("copy")),
          Kind.PERMISSION_DENIED,
          "d-secret/x: permission denied");
      fails(
          files.store.copy(files.uri("b-open/x"), files.uri("c-fixed/y")),
          Kind.PERMISSION_DENIED,
          "c-fixed/y: permission denied");
      fails(files.store.put(files.uri("c-fixed/y"), payload("y"), PLAIN), Kind.PERMISSION_DENIED);
      fails(files.store.put(files.uri("c-fixed/x"), payload("y"), PLAIN), Kind.PERMISSION_DENIED);
      Map<?, ObjectStoreException> failures =
          get(files.store.deleteAll(List.of(files.uri("c-fixed/x"), files.uri("a-closed/x"))));
      assertThat(failures.values())
          .extracting(ObjectStoreException::kind)
          .containsExactly(Kind.PERMISSION_DENIED, Kind.PERMISSION_DENIED);
      assertThat(files.read("c-fixed/x")).isEqualTo("content");
    }

    private static ListOptions startAfter(FileFixture files, String key) {
      return ListOptions.ALL.withStartAfter(files.base.key() + key);
    }
  }

  @Test
  void aLocaleThatCannotWriteANameIsNamed() throws Exception {
    Files.writeString(directory.resolve("ascii"), "content");
    Files.createDirectory(directory.resolve("d"));
    Files.writeString(directory.resolve("d/\u00e9"), "content");
    Sandbox.inLocale("C").run(AsciiLocale.class, directory.toString());
  }

  /** Where Java speaks ASCII to the system. */
  static final class AsciiLocale {
    public static void main(String[] arguments) {
      FileFixture files = new FileFixture(Path.of(arguments[0]));
      assertThat(files.read("ascii")).isEqualTo("content");
      assertThat(files.list("a")).containsExactly("ascii");
      fails(
          files.store.put(files.uri("\u00e9"), payload("x"), PLAIN),
          Kind.INVALID,
          "sun.jnu.encoding",
          "LC_ALL=C.UTF-8");
      fails(
          files.store.put(
              files.uri("a"), payload("x"), PLAIN.withUserMetadata(Map.of("\u00e9", "x"))),
          Kind.INVALID,
          "LC_ALL=C.UTF-8");
      try (ListCursor cursor = files.store.list(files.base, ListOptions.ALL)) {
        fails(cursor.next(), Kind.INVALID, "sun.jnu.encoding", "LC_ALL=C.UTF-8");
      }
    }
  }

  @Test
  void fsyncComesBeforeTheNameAndOnceMoreAfterIt() throws Exception {
    Path root = Files.createDirectory(directory.resolve("root"));
    Files.createDirectory(root.resolve("empty"));
    Path log = directory.resolve("calls");
    Sandbox.traced("fsync,fdatasync,rename,link,mkdir,utimensat", log)
        .run(Durable.class, root.toString());
    List<String> calls = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      if (line.contains(root.toString())) {
        calls.add(
            line.replaceFirst("^[0-9]+ +", "")
                .replace(root.toString(), "")
                .replaceAll(Place.TEMP_PREFIX + "[-0-9a-f]+", "TEMP")
                .replaceAll("\\([0-9]+<", "(<")
                .replaceAll("(utimensat\\(.*TEMP).*", "$1>)")
                .replaceAll("\\) +=.*", ")")
                .replace(", 0777", ""));
      }
    }
    assertThat(calls)
        .containsSubsequence(
            "mkdir(\"/new\")",
            "fsync(<>)",
            "mkdir(\"/new/d\")",
            "fsync(</new>)",
            "utimensat(</new/d/TEMP>)", // a time that no other object has
            "fsync(</new/d/TEMP>)",
            "rename(\"/new/d/TEMP\", \"/new/d/a\")",
            "fsync(</new/d>)",
            "fsync(</new/d/TEMP>)",
            "link(\"/new/d/TEMP\", \"/new/d/b\")",
            "fsync(</new/d>)",
            "link(\"/new/d/TEMP\", \"/new/d/b\")", // there is one, which may not be flushed yet
            "fsync(</new/d>)",
            "fsync(<>)", // whoever made it may not have come to that
            "utimensat(</empty/TEMP>)",
            "fsync(</new/d/TEMP>)",
            "rename(\"/new/d/TEMP\", \"/new/d/c\")",
            "fsync(</new/d>)",
            "rename(\"/new/d/TEMP\", \"/new/d/not-durable\")");
    assertThat(calls)
        .as("nothing is flushed where that is switched off")
        .endsWith(
            "fsync(</new/d>)",
            "utimensat(</new/d/TEMP>)",
            "rename(\"/new/d/TEMP\", \"/new/d/not-durable\")");
  }

  /** Writes in all ways, then without fsync. */
  static final class Durable {
    public static void main(String[] arguments) {
      FileFixture durable = new FileFixture(Path.of(arguments[0]), true);
      durable.put("new/d/a", "x");
      durable.put("new/d/b", "x", PLAIN.withMode(PutMode.CREATE));
      fails(
          durable.store.put(durable.uri("new/d/b"), payload("x"), PLAIN.withMode(PutMode.CREATE)),
          Kind.ALREADY_EXISTS);
      durable.put("empty/a", "x");
      PartUpload upload = get(durable.store.startMultipart(durable.uri("new/d/c"), 1, PLAIN));
      get(upload.putPart(1, payload("x")));
      get(upload.complete(1, 1, Optional.empty()));
      new FileFixture(Path.of(arguments[0])).put("new/d/not-durable", "x");
    }
  }

  @Test
  void aNameThatCannotBeFlushedIsAnErrorThatNoReadingUndoes() throws Exception {
    Sandbox.struck("fsync:error=EIO:when=2", directory.resolve("calls"))
        .run(UnflushedName.class, directory.toString());
  }

  /** Where the second flush of a thread fails: that of the directory. */
  static final class UnflushedName {
    public static void main(String[] arguments) {
      FileFixture durable = new FileFixture(Path.of(arguments[0]), true);
      fails(
          durable.store.put(durable.uri("a"), payload("x"), PLAIN.withMode(PutMode.CREATE)),
          Kind.UNSUPPORTED,
          "the object is there");
      assertThat(durable.read("a")).isEqualTo("x");
    }
  }

  @Test
  void aDirectoryThatCannotBeFlushedIsNotMade() throws Exception {
    Sandbox.struck("fsync:error=EIO:when=1", directory.resolve("calls"))
        .run(UnflushedDirectory.class, directory.toString());
    assertThat(directory.resolve("new/d/a")).hasContent("y");
  }

  /** Where the first flush of a thread fails: that of the directory above. */
  static final class UnflushedDirectory {
    public static void main(String[] arguments) {
      FileFixture durable = new FileFixture(Path.of(arguments[0]), true);
      fails(
          durable.store.put(durable.uri("new/d/a"), payload("x"), PLAIN),
          Kind.UNAVAILABLE,
          "the device failed");
      assertThat(durable.path("new")).doesNotExist();
      durable.put("new/d/a", "y");
    }
  }
}
