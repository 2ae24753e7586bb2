package io.s3dlio.cli;

import static io.s3dlio.cli.Ran.s3dlio;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteSources;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadDownloadTest {

  private static final String BASE = "memory://cli-upload-" + UUID.randomUUID() + "/";

  @TempDir Path directory;

  private Place place;
  private Path source;

  @BeforeEach
  void open() throws IOException {
    place = new Place(ObjectUri.parse(BASE), StoreConfig.defaults());
    source = Files.createDirectories(directory.resolve("source"));
  }

  @AfterEach
  void close() throws IOException {
    place.close();
  }

  private Path file(String name, String content) throws IOException {
    Path file = source.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  @Test
  void tagsAreKeptOrTheUploadFails() throws IOException {
    Path one = file("one", "1");
    s3dlio("upload", "--tag", "a=1", one.toString(), BASE).done();
    assertThat(s3dlio("stat", "--tags", BASE + "one").done().lines())
        .anyMatch(line -> line.matches("tag a: +1"));
    String elsewhere = "file://" + directory + "/elsewhere/";
    assertThat(
            s3dlio("upload", "--tag", "a=1", one.toString(), elsewhere)
                .ends(ExitStatus.FAILED)
                .err())
        .contains("keeps no tags");
    assertThat(directory.resolve("elsewhere/one")).doesNotExist();
  }

  @Test
  void aTreeComesBackAsItWas() throws IOException {
    file("a", "1");
    file("b/c d", "2");
    file("b/😀/e%2F#?+[x]", "3");
    file("empty", "");
    byte[] large = new byte[40_000_000];
    new Random(1).nextBytes(large);
    Files.write(source.resolve("large"), large);

    Ran up = s3dlio("upload", "--json", source.toString(), BASE + "t/").done();
    assertThat(up.summary().get("objects").asInt()).isEqualTo(5);
    assertThat(up.summary().get("bytes").asLong()).isEqualTo(40_000_003);
    assertThat(place.keys())
        .containsExactly("t/a", "t/b/c d", "t/b/😀/e%2F#?+[x]", "t/empty", "t/large");

    Path target = directory.resolve("new/target");
    Ran down = s3dlio("download", "-r", "--json", BASE + "t", target.toString()).done();
    assertThat(down.summary().get("bytes").asLong()).isEqualTo(40_000_003);
    for (String name : new String[] {"a", "b/c d", "b/😀/e%2F#?+[x]", "empty", "large"}) {
      assertThat(target.resolve(name)).hasSameBinaryContentAs(source.resolve(name));
    }
  }

  @Test
  void filesKeepTheirNames() throws IOException {
    Path one = file("x/one", "1");
    Path two = file("y/two", "2");
    s3dlio("upload", one.toString(), two.toString(), BASE).done();
    assertThat(place.keys()).containsExactly("one", "two");
    s3dlio("upload", one.toString(), BASE + "no/slash").done();
    assertThat(place.keys()).contains("no/slash/one");
  }

  @Test
  void twoFilesOfOneKeyAreNotMixedUp() throws IOException {
    Path one = file("x/same", "1");
    Path two = file("y/same", "2");
    Ran ran = s3dlio("upload", one.toString(), two.toString(), BASE).ends(ExitStatus.FAILED);
    assertThat(ran.errors()).hasSize(1);
    assertThat(ran.err()).contains(two.toString(), "same key as " + one);
    assertThat(place.read("same")).asString().isEqualTo("1");
  }

  @Test
  void linksToFilesAreReadAndLinksToDirectoriesAreLeftOut() throws IOException {
    Path file = file("file", "content");
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
    Files.createSymbolicLink(source.resolve("tofile"), file);
    Files.createSymbolicLink(source.resolve("todirectory"), outside);
    Files.createSymbolicLink(source.resolve("loop"), source);
    Ran ran = s3dlio("upload", source.toString(), BASE).done();
    assertThat(place.keys()).containsExactly("file", "tofile");
    assertThat(ran.errors()).hasSize(2).allMatch(line -> line.contains("is left out"));

    Path link = Files.createSymbolicLink(directory.resolve("named"), outside);
    s3dlio("upload", link.toString(), BASE + "n/").done();
    assertThat(place.keys()).contains("n/secret");
  }

  @Test
  void aLinkToNothingFails() throws IOException {
    Files.createSymbolicLink(source.resolve("dangling"), source.resolve("none"));
    file("file", "x");
    Ran ran = s3dlio("upload", source.toString(), BASE).ends(ExitStatus.FAILED);
    assertThat(ran.err()).contains("dangling is a symbolic link to nothing");
    assertThat(place.keys()).containsExactly("file");
  }

  @Test
  void oneObjectBecomesAFileOrGoesIntoADirectory() throws IOException {
    place.put("k/name", "content");
    s3dlio("download", BASE + "k/name", directory.resolve("other").toString()).done();
    assertThat(directory.resolve("other")).hasContent("content");
    s3dlio("download", BASE + "k/name", directory.toString()).done();
    assertThat(directory.resolve("name")).hasContent("content");
    s3dlio("download", BASE + "k/name", directory + "/made/").done();
    assertThat(directory.resolve("made/name")).hasContent("content");
    place.put("k/name", "newer");
    s3dlio("download", BASE + "k/name", directory.toString()).done();
    assertThat(directory.resolve("name")).hasContent("newer");
  }

  @Test
  void aNameThatLeadsElsewhereIsNotKept() throws IOException {
    place.put("k/..", "hostile");
    Ran ran = s3dlio("download", BASE + "k/..", source.toString()).ends(ExitStatus.FAILED);
    assertThat(ran.err()).contains("refused");
    s3dlio("download", BASE + "k/..", source.resolve("harmless").toString()).done();
    assertThat(source.resolve("harmless")).hasContent("hostile");
  }

  @Test
  void aMissingObjectLeavesNoFile() {
    s3dlio("download", BASE + "none", source.resolve("x").toString()).ends(ExitStatus.FAILED);
    assertThat(source).isEmptyDirectory();
  }

  @Test
  void rangesAreDownloaded() throws IOException {
    place.put("digits", "0123456789");
    String path = source.resolve("x").toString();
    s3dlio("download", "--range", "3:4", BASE + "digits", path).done();
    assertThat(source.resolve("x")).hasContent("3456");
    s3dlio("download", "--range", "8:", BASE + "digits", path).done();
    assertThat(source.resolve("x")).hasContent("89");
    s3dlio("download", "--range", "10:1", BASE + "digits", path).ends(ExitStatus.FAILED);
    assertThat(source.resolve("x")).hasContent("89");
  }

  @Test
  void catWritesTheBytesThemselves() throws IOException {
    byte[] large = new byte[70_000_001];
    new Random(2).nextBytes(large);
    Files.write(source.resolve("large"), large);
    String uri = "file://" + source.toRealPath() + "/large";
    assertThat(s3dlio("cat", uri).done().out()).isEqualTo(large);
    Ran range = s3dlio("cat", "--range", "33554430:33554440", uri).done();
    assertThat(range.out()).isEqualTo(Arrays.copyOfRange(large, 33554430, 33554430 + 33554440));
    place.put("empty", "");
    assertThat(s3dlio("cat", BASE + "empty").done().out()).isEmpty();
    assertThat(s3dlio("cat", "--range", "0:1", BASE + "empty").ends(ExitStatus.FAILED).err())
        .contains("has 0 bytes, none in this range");
  }

  @Test
  void copyCarriesContentTypeAndMetadata() throws IOException {
    place
        .store()
        .put(
            ObjectUri.parse(BASE + "typed"),
            ByteSources.of(ByteBuffer.wrap(new byte[5])),
            PutOptions.DEFAULT
                .withContentType("text/x-test")
                .withUserMetadata(Map.of("color", "red")));
    String file = "file://" + source.toRealPath() + "/typed";
    s3dlio("cp", BASE + "typed", file).done();
    s3dlio("cp", file, BASE + "back/").done();
    ObjectMeta meta = place.store().head(ObjectUri.parse(BASE + "back/typed"));
    assertThat(meta.contentType()).contains("text/x-test");
    assertThat(meta.userMetadata()).containsEntry("color", "red");
    Ran within = s3dlio("cp", "--json", BASE + "typed", BASE + "within").done();
    assertThat(within.summary().get("bytes").asLong()).isEqualTo(5);
    assertThat(place.store().head(ObjectUri.parse(BASE + "within")).userMetadata())
        .containsEntry("color", "red");
  }
}
