package io.s3dlio.cli;

import static io.s3dlio.cli.Ran.s3dlio;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileVerifyTest extends VerifyContract {

  @Override
  Place open(String name) throws IOException {
    Path path = directory.toRealPath().resolve(name);
    return new Place(ObjectUri.parse(scheme() + "://" + path + "/"), StoreConfig.defaults());
  }

  /** How the files are read and written. */
  String scheme() {
    return "file";
  }

  private Path file(String name) {
    return Path.of("/" + place.key(name));
  }

  @Test
  void findsABitThatTheDiskFlipped() throws IOException {
    s3dlio("put", place.uri(), "-n", "3", "-s", "100000").done();
    try (FileChannel channel =
        FileChannel.open(
            file("object_1_of_3.dat"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, 77_777);
      one.put(0, (byte) (one.get(0) ^ 0x80));
      channel.write(one.flip(), 77_777);
    }
    Ran ran = s3dlio("get", "-r", "--verify", place.uri()).ends(ExitStatus.WRONG_DATA);
    assertThat(ran.err()).contains("object_1_of_3.dat", "offset 77,777");
  }

  @Test
  void findsFilesThatWereExchanged() throws IOException {
    s3dlio("put", place.uri(), "-n", "3", "-s", "100000").done();
    Path aside = file("aside");
    Files.move(file("object_1_of_3.dat"), aside);
    Files.move(file("object_2_of_3.dat"), file("object_1_of_3.dat"));
    Files.move(aside, file("object_2_of_3.dat"), StandardCopyOption.ATOMIC_MOVE);
    Ran ran = s3dlio("get", "-r", "--verify", place.uri()).ends(ExitStatus.WRONG_DATA);
    assertThat(ran.errors()).hasSize(2).allMatch(line -> line.contains("is a renamed copy of"));
  }

  /** As when a disk or a server gives back the bytes of another file. */
  @Test
  void theManifestNamesTheObjectThatBytesAreOf() throws IOException {
    String manifest = directory.resolve("m.jsonl").toString();
    s3dlio("put", place.uri(), "-n", "3", "-s", "100000", "--manifest", manifest).done();
    byte[] one = Files.readAllBytes(file("object_1_of_3.dat"));
    byte[] two = Files.readAllBytes(file("object_2_of_3.dat"));
    Files.write(file("object_1_of_3.dat"), two);
    Files.write(file("object_2_of_3.dat"), one);
    Ran ran =
        s3dlio("get", "--verify", "--manifest", manifest, place.uri()).ends(ExitStatus.WRONG_DATA);
    List<String> errors = ran.errors().stream().sorted().toList(); // a manifest has any order
    assertThat(errors).hasSize(2);
    for (int i = 1; i <= 2; i++) {
      assertThat(errors.get(i - 1))
          .contains("object_" + i + "_of_3.dat is damaged")
          .contains("bytes from offset 0 of ")
          .contains("key=" + place.key("object_" + (3 - i) + "_of_3.dat"));
    }
  }

  /** Without a manifest by its number, as its key is not in the data. */
  @Test
  void objectsThatShareBlocksAreNamedToo() throws IOException {
    String manifest = directory.resolve("m.jsonl").toString();
    s3dlio(
            "put",
            place.uri(),
            "-n",
            "4",
            "-s",
            "100000",
            "--seed",
            "7",
            "-d",
            "2",
            "--dedup-scope",
            "dataset",
            "--manifest",
            manifest)
        .done();
    Path file = file("object_1_of_4.dat");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(Files.readAllBytes(file("object_3_of_4.dat"))));
    }
    Ran numbered = s3dlio("get", "-r", "--verify", place.uri()).ends(ExitStatus.WRONG_DATA);
    assertThat(numbered.errors()).hasSize(1);
    assertThat(numbered.err())
        .contains("object_1_of_4.dat is damaged")
        .contains("at offset 0 there are bytes from offset 0 of object 3 of v=1;seed=7;dedup=2;");
    Ran named =
        s3dlio("get", "--verify", "--manifest", manifest, place.uri()).ends(ExitStatus.WRONG_DATA);
    assertThat(named.errors()).hasSize(1);
    assertThat(named.err())
        .contains("object_1_of_4.dat is damaged")
        .contains("at offset 0 there are bytes from offset 0 of v=1;seed=7;dedup=2;")
        .contains("key=" + place.key("object_3_of_4.dat"));
  }

  @Test
  void theDescriptionIsAnExtendedAttribute() throws IOException {
    s3dlio("put", place.uri(), "-n", "1", "-s", "1", "--seed", "5").done();
    UserDefinedFileAttributeView attributes =
        Files.getFileAttributeView(file("object_0_of_1.dat"), UserDefinedFileAttributeView.class);
    ByteBuffer value = ByteBuffer.allocate(attributes.size("s3dlio-gen"));
    attributes.read("s3dlio-gen", value);
    assertThat(new String(value.array(), StandardCharsets.US_ASCII))
        .startsWith("v=1;seed=5;size=1;key=");
  }

  @Test
  void theTextThatPutPrintsStandsInForLostMetadata() throws IOException {
    Ran put = s3dlio("put", place.uri(), "-n", "3", "-s", "100000", "--json").done();
    assertThat(put.json()).hasSize(1);
    String text = place.store().head(uri("object_1_of_3.dat")).userMetadata().get("s3dlio-gen");
    for (int i = 0; i < 3; i++) {
      Files.getFileAttributeView(
              file("object_" + i + "_of_3.dat"), UserDefinedFileAttributeView.class)
          .delete("s3dlio-gen");
    }
    s3dlio("get", "-r", "--verify", place.uri()).ends(ExitStatus.FAILED);
    s3dlio("get", "-r", "--verify", "--gen", text, place.uri()).done();
    Files.move(
        file("object_1_of_3.dat"), file("object_2_of_3.dat"), StandardCopyOption.REPLACE_EXISTING);
    Ran ran =
        s3dlio("get", "-r", "--verify", "--gen", text, place.uri()).ends(ExitStatus.WRONG_DATA);
    assertThat(ran.err()).contains("object_2_of_3.dat is damaged");
  }

  @Test
  void doesNotTellHowToCheckWhatWasNotStored() {
    String uri = scheme() + ":///proc/s3dlio/"; // keeps no metadata, and takes no files
    Ran put = s3dlio("put", uri, "-n", "1", "-s", "1").ends(ExitStatus.FAILED);
    assertThat(put.text()).doesNotContain("--verify");
  }
}
