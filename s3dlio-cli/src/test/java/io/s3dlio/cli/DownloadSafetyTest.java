package io.s3dlio.cli;

import static io.s3dlio.cli.Ran.s3dlio;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever keys a store lists: nothing is written outside of the directory. */
class DownloadSafetyTest {

  private static final String BASE = "memory://cli-download-" + UUID.randomUUID() + "/";

  @TempDir Path directory;

  private Place place;
  private Path target;

  @BeforeEach
  void open() throws IOException {
    place = new Place(ObjectUri.parse(BASE), StoreConfig.defaults());
    target = directory.resolve("foo");
    Files.createDirectory(target);
    Files.createDirectory(directory.resolve("foo-bar"));
    Files.writeString(directory.resolve("foo-bar/sentinel"), "untouched");
  }

  @AfterEach
  void close() throws IOException {
    place.close();
  }

  private Ran download() {
    return s3dlio("download", "-r", "--json", BASE, target.toString());
  }

  /** Every path below the test's directory, and the content of files. */
  private TreeMap<String, String> tree() throws IOException {
    TreeMap<String, String> tree = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.toList()) {
        String content =
            Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) ? Files.readString(path) : "";
        tree.put(directory.relativize(path).toString(), content);
      }
    }
    return tree;
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../foo-bar/x",
        "../foo-bar/sentinel",
        "../../../../../../../../tmp/s3dlio-escaped",
        "/etc/s3dlio-escaped",
        "//host/x",
        "a/../../foo-bar/x",
        "a/../x",
        "a/./x",
        "..",
        ".",
        "..\\foo-bar\\x",
        "a\\b",
        "a//b",
        "a/",
        "C:/x",
        "C:x",
        "d/C:",
        "nul",
        "a/CON",
        "com1.txt",
        "dot.",
        "space ",
        "dir./x"
      })
  void aHostileKeyIsRefusedByNameAndTheOthersGoOn(String key) throws IOException {
    place.put(key, "hostile");
    place.put("good/one", "1");
    place.put("zwei", "2");
    TreeMap<String, String> expected = tree();
    expected.put("foo/good", "");
    expected.put("foo/good/one", "1");
    expected.put("foo/zwei", "2");

    Ran ran = download().ends(ExitStatus.FAILED);

    assertThat(tree()).isEqualTo(expected);
    assertThat(ran.errors()).hasSize(1);
    assertThat(ran.err()).contains(BASE + key, "refused");
    assertThat(ran.summary().get("objects").asInt()).isEqualTo(2);
    assertThat(ran.summary().get("failed").asInt()).isEqualTo(1);
    assertThat(Path.of("/etc/s3dlio-escaped")).doesNotExist();
    assertThat(Path.of("/tmp/s3dlio-escaped")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%2e%2e/x",
        "a b",
        "a%2Fb",
        "+",
        "#?",
        "[x]",
        "😀/é",
        ".hidden",
        "...x",
        "a\nb",
        "~",
        "-rf"
      })
  void anHonestKeyIsAFileName(String key) throws IOException {
    place.put(key, "honest");
    download().done();
    assertThat(target.resolve(key)).hasContent("honest");
  }

  @Test
  void theRefusalSaysWhy() throws IOException {
    place.put("../x", "hostile");
    assertThat(download().ends(ExitStatus.FAILED).err())
        .contains("the segment '..' means another directory", "`s3dlio cat` writes it anywhere");
  }

  @Test
  void longNamesAreRefused() throws IOException {
    place.put("a/" + "n".repeat(256), "x");
    place.put("b/" + "é".repeat(128), "x");
    place.put("c/" + "n".repeat(255), "x");
    Ran ran = download().ends(ExitStatus.FAILED);
    assertThat(ran.errors()).hasSize(2).allMatch(line -> line.contains("256 bytes"));
    assertThat(target.resolve("c/" + "n".repeat(255))).exists();
  }

  @Test
  void aKeyWithNulIsRefused() throws IOException {
    place.put("a\0b", "x");
    Ran ran = download().ends(ExitStatus.FAILED);
    assertThat(ran.err()).contains("a\\x00b", "NUL");
  }

  @Test
  void oneOfAFileAndADirectoryOfOneNameIsRefused() throws IOException {
    place.put("a", "file");
    place.put("a/b", "below");
    place.put("c", "c");
    Ran ran = s3dlio("download", "-r", "-j", "1", "--json", BASE, target.toString());
    ran.ends(ExitStatus.FAILED);
    assertThat(ran.errors()).hasSize(1);
    assertThat(ran.err()).contains(BASE + "a/b", "a file is in the way");
    assertThat(target.resolve("a")).hasContent("file");
    assertThat(target.resolve("c")).hasContent("c");
  }

  @Test
  void anEmptyObjectWithASlashIsADirectory() throws IOException {
    place.put("d/e/", "");
    place.put("f/", "");
    place.put("../g/", "");
    download().ends(ExitStatus.FAILED);
    assertThat(target.resolve("d/e")).isDirectory();
    assertThat(target.resolve("f")).isDirectory();
    assertThat(directory.resolve("g")).doesNotExist();
  }

  @Test
  void linksInTheWayAreNotFollowed() throws IOException {
    Path outside = directory.resolve("foo-bar");
    Files.createSymbolicLink(target.resolve("dir"), outside);
    Files.createSymbolicLink(target.resolve("file"), outside.resolve("sentinel"));
    Files.createSymbolicLink(target.resolve("dangling"), outside.resolve("made"));
    Files.createDirectory(target.resolve("real"));
    Files.createSymbolicLink(target.resolve("real/deep"), outside);
    for (String key :
        List.of("dir/sentinel", "dir/new", "file", "dangling", "real/deep/x", "real/ok")) {
      place.put(key, "hostile");
    }
    Ran ran = download().ends(ExitStatus.FAILED);
    assertThat(ran.errors())
        .hasSize(5)
        .allMatch(line -> line.contains("a symbolic link is in the way"));
    assertThat(names(outside)).containsExactly("sentinel");
    assertThat(outside.resolve("sentinel")).hasContent("untouched");
    assertThat(target.resolve("real/ok")).hasContent("hostile");
  }

  @Test
  void theDirectoryItselfMayBeALink() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), target);
    place.put("a/b", "x");
    s3dlio("download", "-r", BASE, link.toString()).done();
    assertThat(target.resolve("a/b")).hasContent("x");
  }

  @Test
  void aLinkPutInPlaceOfADirectoryMeanwhileLeadsNowhere() throws IOException {
    Path outside = directory.resolve("foo-bar");
    ObjectUri object = ObjectUri.parse(BASE + "sub/x");
    try (LandingDirectory landing = LandingDirectory.open(target)) {
      landing.receive(
          object,
          List.of("sub", "x"),
          sink -> {
            Files.move(target.resolve("sub"), target.resolve("moved"));
            Files.createSymbolicLink(target.resolve("sub"), outside);
            sink.write(0, ByteBuffer.wrap("hostile".getBytes(StandardCharsets.UTF_8)));
            return 7;
          });
      assertThat(names(outside)).containsExactly("sentinel");
      assertThat(target.resolve("moved/x")).hasContent("hostile");
      assertThatThrownBy(() -> landing.receive(object, List.of("sub", "x"), sink -> 0))
          .hasMessageContaining("a symbolic link is in the way");
    }
  }

  @Test
  void aFailedDownloadLeavesTheFormerFileAndNothingElse() throws IOException {
    Files.writeString(target.resolve("x"), "former");
    try (LandingDirectory landing = LandingDirectory.open(target)) {
      assertThatThrownBy(
              () ->
                  landing.receive(
                      ObjectUri.parse(BASE + "x"),
                      List.of("x"),
                      sink -> {
                        sink.write(0, ByteBuffer.wrap(new byte[10]));
                        throw new IOException("broke off");
                      }))
          .hasMessage("broke off");
    }
    assertThat(names(target)).containsExactly("x");
    assertThat(target.resolve("x")).hasContent("former");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aDirectoryThatTakesNoFilesIsNamed() throws IOException {
    place.put("k", "content");
    Ran ran = s3dlio("download", BASE + "k", "/proc/").ends(ExitStatus.FAILED);
    assertThat(ran.err())
        .contains(BASE + "k cannot be written to /proc/k: ")
        .doesNotContain(".s3dlio-tmp-");
  }

  @Test
  void devicesAreNotReplaced() throws IOException {
    place.put("x", "x");
    Path socket = target.resolve("x");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Ran ran = download().ends(ExitStatus.FAILED);
      assertThat(ran.err()).contains("something that is no file is in the way");
    }
  }
}
