package io.s3dlio.file;

import static io.s3dlio.file.FileFixture.PLAIN;
import static io.s3dlio.file.FileFixture.fails;
import static io.s3dlio.file.FileFixture.get;
import static io.s3dlio.file.FileFixture.payload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.spi.StoreBackend;
import io.s3dlio.spi.StoreContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Content type and user metadata as extended attributes. */
class FileMetadataTest {

  @TempDir Path directory;
  private FileFixture files;

  @BeforeEach
  void open() {
    files = new FileFixture(directory);
    assertThat(files.store.capabilities().userMetadata())
        .as("this test needs a java.io.tmpdir whose file system keeps extended attributes")
        .isTrue();
  }

  @AfterEach
  void close() throws ObjectStoreException {
    files.close();
  }

  private UserDefinedFileAttributeView attributes(String name) {
    return Files.getFileAttributeView(files.path(name), UserDefinedFileAttributeView.class);
  }

  private String attribute(String name, String attribute) throws IOException {
    ByteBuffer value = ByteBuffer.allocate(attributes(name).size(attribute));
    attributes(name).read(attribute, value);
    return new String(value.array(), StandardCharsets.UTF_8);
  }

  private void setAttribute(String name, String attribute, byte... value) throws IOException {
    attributes(name).write(attribute, ByteBuffer.wrap(value));
  }

  @Test
  void metadataIsKeptUnderItsOwnName() throws IOException {
    Map<String, String> metadata =
        Map.of("S3dlio-Gen", "v1 seed=7 key=é", "empty", "", "a b/c", "=\n");
    files.put("a", "x", PLAIN.withContentType("image/png").withUserMetadata(metadata));

    ObjectMeta meta = files.head("a");
    assertThat(meta.contentType()).hasValue("image/png");
    assertThat(meta.userMetadata())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("s3dlio-gen", "v1 seed=7 key=é", "empty", "", "a b/c", "=\n"));
    // Java puts "user." in front of these names: on Linux, user.s3dlio-gen and user.mime_type.
    assertThat(attributes("a").list())
        .containsExactlyInAnyOrder("s3dlio-gen", "empty", "a b/c", "mime_type");
    assertThat(attribute("a", "s3dlio-gen")).isEqualTo("v1 seed=7 key=é");
    assertThat(attribute("a", "mime_type")).isEqualTo("image/png");
  }

  @Test
  void aReadTellsWhatHeadTells() {
    files.put("a", "x", PLAIN.withContentType("image/png").withUserMetadata(Map.of("k", "v")));
    FileFixture.Collected bytes = new FileFixture.Collected();
    get(files.store.read(files.uri("a"), ReadRequests.WHOLE, bytes));
    assertThat(bytes.meta).isEqualTo(files.head("a"));
  }

  @Test
  void aNewObjectHasNothingOfTheOldOne() {
    files.put("a", "x", PLAIN.withContentType("image/png").withUserMetadata(Map.of("k", "v")));
    files.put("a", "y");
    assertThat(files.head("a").contentType()).isEmpty();
    assertThat(files.head("a").userMetadata()).isEmpty();
  }

  @Test
  void aCopyHasContentAndMetadata() throws IOException {
    files.put("a", "x", PLAIN.withContentType("image/png").withUserMetadata(Map.of("k", "v")));
    files.put("d/b", "longer than the other");
    String etag = get(files.store.copy(files.uri("a"), files.uri("d/b"))).etag().orElseThrow();
    assertThat(files.read("d/b")).isEqualTo("x");
    assertThat(files.head("d/b").contentType()).hasValue("image/png");
    assertThat(files.head("d/b").userMetadata()).containsExactly(Map.entry("k", "v"));
    assertThat(files.head("d/b").etag()).hasValue(etag);
    assertThat(files.head("a").etag()).isNotEqualTo(files.head("d/b").etag());
    assertThat(files.files()).containsExactly("a", "d/b");
  }

  @Test
  void attributesOfOtherProgramsAreShownIfTheyCouldBeOurs() throws IOException {
    files.put("a", "x");
    setAttribute("a", "xdg.origin.url", "http://x".getBytes(StandardCharsets.UTF_8));
    setAttribute("a", "DOSATTRIB", (byte) 1);
    setAttribute("a", "binary", (byte) 0xff, (byte) 0xfe);
    assertThat(files.head("a").userMetadata())
        .containsExactly(Map.entry("xdg.origin.url", "http://x"));
  }

  @Test
  void whereAttributesAreMissingTheStoreSaysSo() throws Exception {
    // The kernel gives no process a place for attributes here.
    Path place = Path.of("/proc/self/attr");
    ObjectUri uri = ObjectUri.parse("file://" + place.resolve("there/is/no/such"));
    try (StoreBackend store =
        new FileStoreProvider()
            .open(uri, new StoreContext(StoreConfig.defaults(), RequestListener.NONE))) {
      assertThat(store.capabilities().userMetadata()).isFalse();
    }
    Place target = Place.target("put", uri);
    Path file = Path.of("/proc/self/attr/current");
    UserAttributes.of(PLAIN).write(file, target);
    assertThat(UserAttributes.read(file)).isEqualTo(new UserAttributes(Optional.empty(), Map.of()));
    assertThat(
            catchThrowableOfType(
                ObjectStoreException.class,
                () -> UserAttributes.of(PLAIN.withContentType("a/b")).write(file, target)))
        .hasMessageContainingAll("extended attributes", "put without them")
        .extracting(ObjectStoreException::kind)
        .isEqualTo(Kind.UNSUPPORTED);
  }

  @Test
  void metadataThatIsTooLongForTheFileSystemIsInvalid() throws IOException {
    // ext4 holds one block; others hold more. Beyond 64 KiB a value, none does.
    Map<String, String> tooLong = Map.of("a", "x".repeat(40_000), "b", "x".repeat(70_000));
    fails(
        files.store.put(files.uri("a"), payload("x"), PLAIN.withUserMetadata(tooLong)),
        Kind.INVALID,
        "shorten");
    assertThat(files.files()).isEmpty();
  }
}
