package io.s3dlio.file;

import static io.s3dlio.file.FileFixture.fails;
import static io.s3dlio.file.FileFixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deleting objects, and directories as buckets. */
class FileBucketTest {

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

  private Map<ObjectUri, ObjectStoreException> delete(String... names) {
    return get(files.store.deleteAll(List.of(names).stream().map(files::uri).toList()));
  }

  @Test
  void deletingTwiceIsNoError() throws IOException {
    files.put("d/a", "x");
    files.put("d/b", "x");
    assertThat(delete("d/a", "never/was", "d/a/b", "d/a")).isEmpty();
    assertThat(files.files()).containsExactly("d/b");
    assertThat(delete("d/b")).isEmpty();
    assertThat(Files.isDirectory(files.path("d"))).as("directories stay").isTrue();
  }

  @Test
  void aDirectoryIsNotDeletedAsAnObject() {
    files.put("d/a", "x");
    Map<ObjectUri, ObjectStoreException> failures = delete("d", "d/a");
    assertThat(failures).containsOnlyKeys(files.uri("d"));
    assertThat(failures.get(files.uri("d")).kind()).isEqualTo(Kind.INVALID);
    assertThat(failures.get(files.uri("d"))).hasMessageContaining("is a directory");
    assertThat(delete("d")).as("also when it is empty").hasSize(1);
    assertThat(Files.isDirectory(files.path("d"))).isTrue();
  }

  @Test
  void deletingALinkDeletesTheLink() throws IOException {
    files.put("d/a", "x");
    Files.createSymbolicLink(files.path("to-file"), Path.of("d/a"));
    Files.createSymbolicLink(files.path("to-directory"), Path.of("d"));
    Files.createSymbolicLink(files.path("to-nothing"), Path.of("nothing"));
    assertThat(delete("to-file", "to-directory", "to-nothing")).isEmpty();
    assertThat(files.files()).containsExactly("d/a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bucket", "bucket/", "several/levels/"})
  void aBucketIsADirectory(String name) {
    get(files.store.createBucket(files.uri(name)));
    assertThat(Files.isDirectory(files.path(name))).isTrue();
    fails(files.store.createBucket(files.uri(name)), Kind.ALREADY_EXISTS);
    get(files.store.deleteBucket(files.uri(name)));
    assertThat(Files.exists(files.path(name))).isFalse();
    fails(files.store.deleteBucket(files.uri(name)), Kind.NOT_FOUND);
  }

  @Test
  void theDirectoriesThatObjectsLeaveGoWithTheBucket() {
    files.put("b/x/y/a", "1");
    files.put("b/x/z/a", "2");
    fails(files.store.deleteBucket(files.uri("b")), Kind.INVALID, "not empty", "/a;");
    assertThat(Files.isDirectory(files.path("b/x/z"))).isTrue();
    delete("b/x/y/a", "b/x/z/a");
    get(files.store.deleteBucket(files.uri("b")));
    assertThat(Files.exists(files.path("b"))).isFalse();
  }

  @Test
  void aBucketWithAnythingElseStays() throws IOException {
    Files.createDirectories(files.path("b/empty"));
    Files.createDirectories(files.path("other"));
    Files.createSymbolicLink(files.path("b/link"), files.path("other"));
    fails(files.store.deleteBucket(files.uri("b")), Kind.INVALID, "not empty", "link");
    delete("b/link");
    String temporary = Place.TEMP_PREFIX + "left-by-a-crash";
    Files.createFile(files.path("b/" + temporary));
    fails(files.store.deleteBucket(files.uri("b")), Kind.INVALID, "not empty", temporary);
    assertThat(Files.isDirectory(files.path("b/empty"))).isTrue();
    assertThat(Files.isDirectory(files.path("other"))).isTrue();
  }

  @Test
  void onlyADirectoryIsABucket() throws IOException {
    files.put("f", "x");
    Files.createDirectory(files.path("d"));
    Files.createSymbolicLink(files.path("link"), files.path("d"));
    fails(files.store.deleteBucket(files.uri("f")), Kind.NOT_FOUND, "not a directory");
    fails(files.store.deleteBucket(files.uri("link")), Kind.NOT_FOUND, "not a directory");
    fails(files.store.createBucket(files.uri("f")), Kind.ALREADY_EXISTS);
    assertThat(files.read("f")).isEqualTo("x");
    assertThat(Files.isSymbolicLink(files.path("link"))).isTrue();
  }

  @Test
  void theBucketsOfADirectoryAreItsDirectories() throws IOException {
    for (String name : List.of("b", "a", "a-b", "\uFF5E", "😀")) {
      Files.createDirectory(files.path(name));
    }
    files.put("file", "x");
    Files.createSymbolicLink(files.path("link"), files.path("a"));
    assertThat(get(files.store.listBuckets(files.base)))
        .extracting(b -> b.uri().key().substring(files.base.key().length()))
        .containsExactly("a-b/", "a/", "b/", "\uFF5E/", "😀/");
    fails(files.store.listBuckets(files.uri("nothing")), Kind.NOT_FOUND);
    fails(files.store.listBuckets(files.uri("file")), Kind.NOT_FOUND, "not a directory");
    assertThat(get(files.store.listBuckets(ObjectUri.parse("file:///"))))
        .extracting(b -> b.uri().toString())
        .contains("file:///" + directory.getName(0) + "/");
  }
}
