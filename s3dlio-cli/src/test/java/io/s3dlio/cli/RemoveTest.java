package io.s3dlio.cli;

import static io.s3dlio.cli.Ran.s3dlio;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoveTest {

  private static final String BASE = "memory://cli-remove-" + UUID.randomUUID() + "/";

  private Place place;

  @BeforeEach
  void fill() throws IOException {
    place = new Place(ObjectUri.parse(BASE), StoreConfig.defaults());
    for (String key : List.of("run1", "run1/a", "run1/b/c", "run10/a", "run1-old")) {
      place.put(key, key);
    }
  }

  @AfterEach
  void empty() throws IOException {
    place.close();
  }

  @Test
  void removesOne() {
    assertThat(s3dlio("rm", BASE + "run1").done().text()).isEqualTo("deleted 1 object\n");
    assertThat(place.keys()).containsExactly("run1-old", "run1/a", "run1/b/c", "run10/a");
    s3dlio("rm", BASE + "run1").ends(ExitStatus.FAILED);
    s3dlio("rm", BASE + "run1/").ends(ExitStatus.FAILED);
  }

  @Test
  void aTreeIsNotAPrefixOfText() {
    Ran ran = s3dlio("rm", "-r", "--json", BASE + "run1").done();
    assertThat(ran.summary().get("objects").asInt()).isEqualTo(3);
    assertThat(place.keys()).containsExactly("run1-old", "run10/a");
    assertThat(s3dlio("rm", "-r", BASE + "run1").done().text()).isEqualTo("deleted 0 objects\n");
    assertThat(place.keys()).containsExactly("run1-old", "run10/a");
  }

  @Test
  void whatIsBelowDoesNotIncludeTheObjectOfThatName() {
    s3dlio("rm", "-r", BASE + "run1/").done();
    assertThat(place.keys()).containsExactly("run1", "run1-old", "run10/a");
  }

  @Test
  void aBucketIsEmptied() {
    s3dlio("rm", "-r", BASE).done();
    assertThat(place.keys()).isEmpty();
  }

  @Test
  void aDryRunDeletesNothing() {
    assertThat(s3dlio("rm", "-n", "-r", BASE + "run1").done().lines())
        .containsExactly(BASE + "run1", BASE + "run1/a", BASE + "run1/b/c");
    assertThat(s3dlio("rm", "-n", BASE + "run1").done().lines()).containsExactly(BASE + "run1");
    assertThat(s3dlio("rm", "-n", "-r", "--json", BASE + "run1").done().json()).hasSize(3);
    assertThat(place.keys()).hasSize(5);
  }

  @Test
  void removesMoreThanOneRequestCan() {
    s3dlio("put", BASE + "many/", "-n", "2001", "-s", "1").done();
    assertThat(s3dlio("rm", "-r", BASE + "many").done().text())
        .isEqualTo("deleted 2,001 objects\n");
    assertThat(place.keys()).hasSize(5);
  }

  @Test
  void whatCannotBeDeletedIsNamed(@TempDir Path directory) throws IOException {
    Path inner = Files.createDirectories(directory.toRealPath().resolve("in/ner"));
    Files.writeString(inner.resolve("file"), "x");
    Ran ran = s3dlio("rm", "file://" + inner).ends(ExitStatus.FAILED);
    assertThat(ran.errors()).hasSize(1);
    assertThat(inner.resolve("file")).exists();
    s3dlio("rm", "-r", "file://" + directory.toRealPath() + "/in").done();
    assertThat(inner.resolve("file")).doesNotExist();
    s3dlio("rb", "file://" + directory.toRealPath() + "/in").done();
    assertThat(directory.resolve("in")).doesNotExist();
  }

  @Test
  void removesWhatWritesHaveLeft(@TempDir Path directory) throws IOException {
    Path tree = Files.createDirectories(directory.toRealPath().resolve("run1/a"));
    Path other = Files.createDirectories(directory.toRealPath().resolve("run10"));
    String temporary = ".s3dlio-tmp-" + UUID.randomUUID();
    for (Path parent : List.of(tree, tree.getParent(), other)) {
      Files.writeString(parent.resolve(temporary), "half");
    }
    Files.writeString(tree.resolve("object"), "x");
    String uri = "file://" + tree.getParent();
    assertThat(s3dlio("rm", "--unfinished", "-n", uri).done().lines())
        .containsExactly(uri + "/" + temporary, uri + "/a/" + temporary);
    assertThat(s3dlio("rm", "--unfinished", "-n", "--json", uri).done().json()).hasSize(2);
    assertThat(s3dlio("rm", "--unfinished", uri).done().text())
        .isEqualTo("deleted 2 unfinished writes\n");
    assertThat(s3dlio("rm", "--unfinished", "--json", uri).done().summary().get("objects").asInt())
        .isZero();
    assertThat(tree.resolve("object")).exists();
    assertThat(other.resolve(temporary)).exists();
    s3dlio("rm", "--unfinished", "-r", uri).ends(ExitStatus.USAGE);
    s3dlio("rm", "--unfinished", "file:///").ends(ExitStatus.USAGE);
  }

  @Test
  void linksAreNotFollowed(@TempDir Path directory) throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("sentinel"), "x");
    Path tree = Files.createDirectory(directory.toRealPath().resolve("tree"));
    Files.createSymbolicLink(tree.resolve("link"), outside);
    Files.writeString(tree.resolve("file"), "x");
    s3dlio("rm", "-r", "file://" + tree + "/").done();
    assertThat(outside.resolve("sentinel")).exists();
    assertThat(tree.resolve("file")).doesNotExist();
  }
}
