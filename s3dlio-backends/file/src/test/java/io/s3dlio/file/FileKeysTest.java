package io.s3dlio.file;

import static io.s3dlio.file.FileFixture.PLAIN;
import static io.s3dlio.file.FileFixture.fails;
import static io.s3dlio.file.FileFixture.payload;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A key is the path, letter by letter, or an error. */
class FileKeysTest {

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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%2F", "a%20b", "a+b", "a b", " ", "a#b?c=d", "[x]{y}", "\\", "a\\b", "*", "...", "..a",
        "-rf", "~", "$HOME", "a:b", "\n", "\t", "é", "e\u0301", "日本語", "😀", "\uFFFD", "\u202E",
        "a/b c/😀/d"
      })
  void keysAreLiteral(String key) throws IOException {
    files.put(key, "content of " + key);

    assertThat(files.files()).containsExactly(key);
    assertThat(files.read(key)).isEqualTo("content of " + key);
    assertThat(files.head(key).uri()).isEqualTo(files.uri(key));
    assertThat(files.list("")).containsExactly(key);
    assertThat(FileFixture.get(files.store.deleteAll(List.of(files.uri(key))))).isEmpty();
    assertThat(files.files()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "a//b, '//'",
    "a/, '/' at the end",
    "'', '/' at the end",
    "./a, '.'",
    "a/../b, '..'",
    ".., '..'",
    "a\0b, Nul character"
  })
  void aKeyThatNoFileCanHaveIsRefusedByEveryOperation(String key, String word) throws IOException {
    files.put("a-neighbour", "stays");
    ObjectUri uri = files.uri(key);

    fails(files.store.put(uri, payload("x"), PLAIN), Kind.INVALID, word);
    fails(files.store.startMultipart(uri, 1, PLAIN), Kind.INVALID, word);
    fails(files.store.head(uri), Kind.INVALID, word);
    fails(
        files.store.read(uri, ReadRequests.WHOLE, new FileFixture.Collected()), Kind.INVALID, word);
    fails(files.store.copy(files.uri("a-neighbour"), uri), Kind.INVALID, word);
    fails(files.store.copy(uri, files.uri("b")), Kind.INVALID, word);
    assertThat(FileFixture.get(files.store.deleteAll(List.of(uri))).get(uri).kind())
        .isEqualTo(Kind.INVALID);
    assertThat(files.files()).containsExactly("a-neighbour");
  }

  @Test
  void aSegmentMayHave255Bytes() throws IOException {
    String longest = "é".repeat(127) + "x";
    files.put(longest, "fits");
    assertThat(files.files()).containsExactly(longest);

    fails(
        files.store.put(files.uri(longest + "y"), payload("x"), PLAIN),
        Kind.INVALID,
        "256 bytes",
        "shorten it");
    fails(files.store.head(files.uri("é".repeat(200) + "/x")), Kind.INVALID, "400 bytes");
  }

  @Test
  void aPathLongerThanTheSystemAllowsIsInvalid() {
    String key = ("d".repeat(200) + "/").repeat(25) + "x";
    fails(files.store.put(files.uri(key), payload("x"), PLAIN), Kind.INVALID, "longer");
    fails(files.store.head(files.uri(key)), Kind.INVALID, "longer");
  }

  @Test
  void namesOfTemporaryFilesCanBeReadAndDeletedButNotWritten() throws IOException {
    String name = "d/" + Place.TEMP_PREFIX + "left-by-a-crash";
    Files.createDirectory(files.path("d"));
    Files.writeString(files.path(name), "half");

    fails(files.store.put(files.uri(name), payload("x"), PLAIN), Kind.INVALID, "choose another");
    fails(files.store.startMultipart(files.uri(name), 1, PLAIN), Kind.INVALID, "choose another");
    assertThat(files.list("")).isEmpty();
    assertThat(files.read(name)).isEqualTo("half");
    assertThat(FileFixture.get(files.store.deleteAll(List.of(files.uri(name))))).isEmpty();
    assertThat(files.files()).isEmpty();
  }

  @Test
  void theRootDirectoryIsNoObject() {
    ObjectUri root = ObjectUri.parse("file:///");
    fails(files.store.head(root), Kind.INVALID, "root directory");
    fails(files.store.deleteBucket(root), Kind.INVALID, "root directory");
    fails(files.store.createBucket(root), Kind.ALREADY_EXISTS, "root directory");
  }

  @Test
  void aFileHasNoBucket() {
    ObjectUri uri = new ObjectUri("file", "host", "a");
    fails(files.store.head(uri), Kind.INVALID, "no bucket", "file:///absolute/path");
  }
}
