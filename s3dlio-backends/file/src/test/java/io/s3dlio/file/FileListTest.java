package io.s3dlio.file;

import static io.s3dlio.file.FileFixture.fails;
import static io.s3dlio.file.FileFixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.spi.ListCursor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as a listing of keys. Their order is the subject of {@link ListingProperties}. */
class FileListTest {

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

  private void create(String... names) throws IOException {
    for (String name : names) {
      Files.createDirectories(files.path(name).getParent());
      Files.createFile(files.path(name));
    }
  }

  @Test
  void aPrefixIsTextAndNotADirectory() throws IOException {
    create("a", "ab", "a-b", "ad/x", "b/a", "c");
    assertThat(files.list("a")).containsExactly("a", "a-b", "ab", "ad/x");
    assertThat(files.list("ad")).containsExactly("ad/x");
    assertThat(files.list("ad/")).containsExactly("ad/x");
    assertThat(files.list("ad/x")).containsExactly("ad/x");
    assertThat(files.list("ad/x/")).isEmpty();
    assertThat(files.list("ad/y")).isEmpty();
    assertThat(files.list("no/such/directory/")).isEmpty();
    assertThat(files.list("a/b/c")).as("a is a file").isEmpty();
    assertThat(files.list("")).hasSize(6);
    assertThat(files.list("", ListOptions.ONE_LEVEL))
        .containsExactly("a", "a-b", "ab", "ad/", "b/", "c");
  }

  @Test
  void listingTheDirectoryItselfWithoutASlashIsAlsoAPrefix() throws IOException {
    create("a");
    String key = files.base.key();
    ObjectUri withoutSlash = files.base.withKey(key.substring(0, key.length() - 1));
    assertThat(files.entries(withoutSlash, ListOptions.ALL))
        .extracting(ListEntry::uri)
        .containsExactly(files.uri("a"));
    assertThat(files.entries(withoutSlash, ListOptions.ONE_LEVEL))
        .extracting(ListEntry::uri)
        .containsExactly(files.base);
  }

  @Test
  void aPrefixThatNoKeyCanHaveIsRefused() {
    for (String prefix : List.of("a//b", "../x", "a/./b", "/")) {
      try (ListCursor cursor = files.store.list(files.uri(prefix), ListOptions.ALL)) {
        fails(cursor.next(), Kind.INVALID);
      }
    }
    assertThat(files.list(".")).isEmpty();
    assertThat(files.list("..")).isEmpty();
  }

  @Test
  void entriesTellWhatHeadTells() {
    files.put("d/a", "12345");
    ObjectMeta listed = (ObjectMeta) files.entries(files.base, ListOptions.ALL).get(0);
    ObjectMeta head = files.head("d/a");
    assertThat(listed)
        .isEqualTo(ObjectMeta.listed(files.uri("d/a"), 5, head.lastModified(), head.etag()));
  }

  @Test
  void emptyDirectoriesAreNotListed() throws IOException {
    Files.createDirectories(files.path("empty/also-empty"));
    Files.createDirectories(files.path("full/empty-too"));
    create("full/a");
    assertThat(files.list("")).containsExactly("full/a");
    assertThat(files.list("", ListOptions.ONE_LEVEL)).containsExactly("full/");
  }

  @Test
  void temporaryFilesAreNotListed() throws IOException {
    create("a", "d/" + Place.TEMP_PREFIX + "1", Place.TEMP_PREFIX + "2");
    assertThat(files.list("")).containsExactly("a");
    assertThat(files.list("", ListOptions.ONE_LEVEL)).containsExactly("a");
    assertThat(files.list(Place.TEMP_PREFIX)).isEmpty();
  }

  @Test
  void linksToFilesAreListedAndLinksToDirectoriesAreNotFollowed() throws IOException {
    create("d/file", "d/e/file");
    Files.writeString(files.path("d/file"), "12345");
    Files.createSymbolicLink(files.path("to-file"), Path.of("d/file"));
    Files.createSymbolicLink(files.path("to-directory"), Path.of("d"));
    Files.createSymbolicLink(files.path("to-nothing"), Path.of("nothing"));
    Files.createSymbolicLink(files.path("to-itself"), Path.of("to-itself"));
    Files.createSymbolicLink(files.path("d/e/to-parent"), files.path("d"));

    List<ListEntry> entries = files.entries(files.base, ListOptions.ALL);
    assertThat(entries)
        .extracting(ListEntry::uri)
        .containsExactly(files.uri("d/e/file"), files.uri("d/file"), files.uri("to-file"));
    assertThat(((ObjectMeta) entries.get(2)).size()).isEqualTo(5);
    assertThat(files.list("", ListOptions.ONE_LEVEL)).containsExactly("d/", "to-file");
    assertThat(files.list("to-directory/"))
        .as("a link that the prefix names is the directory meant")
        .containsExactly("to-directory/e/file", "to-directory/file");
  }

  @Test
  void aNameThatIsNotUtf8IsAnErrorThatNamesItsPlace() throws Exception {
    create("d/a", "e/a");
    Process touch =
        new ProcessBuilder(
                "sh", "-c", "touch \"$0/$(printf 'caf\\351')\"", files.path("d").toString())
            .start();
    assertThat(touch.waitFor()).isZero();
    try (ListCursor cursor = files.store.list(files.base, ListOptions.ALL)) {
      fails(cursor.next(), Kind.INVALID, "caf", directory + "/d", "not UTF-8", "rename it");
    }
    assertThat(files.list("e")).containsExactly("e/a");
  }

  @Test
  void directoriesAreReadWhenTheListingGetsThere() throws IOException {
    for (int i = 0; i < 1500; i++) {
      create("a/" + i);
    }
    create("b/before", "c/before");
    try (ListCursor cursor = files.store.list(files.base, ListOptions.ALL)) {
      assertThat(get(cursor.next())).hasSize(1000);
      Files.delete(files.path("b/before"));
      create("b/after");
      Files.delete(files.path("c/before"));
      Files.delete(files.path("c"));
      List<ListEntry> rest = get(cursor.next());
      assertThat(rest).hasSize(501);
      assertThat(rest.get(500).uri()).isEqualTo(files.uri("b/after"));
      assertThat(get(cursor.next())).isEmpty();
      assertThat(get(cursor.next())).isEmpty();
    }
  }

  @Test
  void aPageIsNoLongerThanTheLimit() throws IOException {
    create("a", "b", "c");
    try (ListCursor cursor = files.store.list(files.base, ListOptions.ALL.withLimit(2))) {
      assertThat(get(cursor.next())).hasSize(2);
    }
  }
}
