package io.s3dlio.cli;

import static io.s3dlio.cli.Ran.s3dlio;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListTest {

  private static final String BASE = "memory://cli-list-" + UUID.randomUUID() + "/";

  private Place place;

  @BeforeEach
  void fill() throws IOException {
    place = new Place(ObjectUri.parse(BASE), StoreConfig.defaults());
    for (String key : List.of("a", "d/1", "d/2", "d/e/3", "d-x", "z")) {
      place.put(key, key);
    }
  }

  @AfterEach
  void empty() throws IOException {
    place.close();
  }

  private static List<String> ls(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "ls";
    System.arraycopy(args, 0, all, 1, args.length);
    return s3dlio(all).done().lines().stream().map(line -> line.replace(BASE, "")).toList();
  }

  @Test
  void listsOneLevel() {
    assertThat(ls(BASE)).containsExactly("a", "d-x", "d/", "z");
    assertThat(ls(BASE + "d/")).containsExactly("d/1", "d/2", "d/e/");
  }

  @Test
  void listsAllLevels() {
    assertThat(ls("-r", BASE)).containsExactly("a", "d-x", "d/1", "d/2", "d/e/3", "z");
    assertThat(ls("-r", BASE + "d")).containsExactly("d-x", "d/1", "d/2", "d/e/3");
  }

  @Test
  void aPrefixIsText() {
    assertThat(ls(BASE + "d")).containsExactly("d-x", "d/");
    assertThat(ls(BASE + "nothing")).isEmpty();
  }

  @Test
  void aLevelIsListedWithoutItsSlashToo() {
    assertThat(ls(BASE + "d/e")).containsExactly("d/e/3");
    assertThat(ls("--limit", "1", BASE + "d/e")).containsExactly("d/e/3");
  }

  @Test
  void startsAndEndsWhereItIsTold() {
    assertThat(ls("-r", "--start-after", "d/1", "--limit", "2", BASE))
        .containsExactly("d/2", "d/e/3");
    assertThat(ls("--limit", "3", BASE)).containsExactly("a", "d-x", "d/");
  }

  @Test
  void showsDetails() {
    assertThat(ls("-l", BASE).get(1))
        .matches(" +3  20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z  d-x");
    assertThat(ls("-l", BASE).get(2)).matches(" +- +-  d/");
  }

  @Test
  void jsonHasTheseFields() {
    List<JsonNode> lines = s3dlio("ls", "--json", BASE).done().json();
    assertThat(lines.get(1).fieldNames())
        .toIterable()
        .containsExactly("uri", "key", "size", "lastModified", "etag");
    assertThat(lines.get(1).get("uri").asText()).isEqualTo(BASE + "d-x");
    assertThat(lines.get(1).get("key").asText()).isEqualTo("d-x");
    assertThat(lines.get(1).get("size").asLong()).isEqualTo(3);
    assertThat(Instant.parse(lines.get(1).get("lastModified").asText())).isNotNull();
    assertThat(lines.get(2).fieldNames()).toIterable().containsExactly("uri", "key", "prefix");
    assertThat(lines.get(2).get("key").asText()).isEqualTo("d/");
    assertThat(lines.get(2).get("prefix").asBoolean()).isTrue();
  }

  @Test
  void keysDoNotSteerTheTerminal() throws IOException {
    String hostile = "h/\u001b]0;gotcha\u0007\r\n\u202eevil\u009b31m";
    place.put(hostile, "x");
    List<String> lines = ls("-r", BASE + "h/");
    assertThat(lines).containsExactly("h/\\x1b]0;gotcha\\x07\\x0d\\x0a\\u202eevil\\x9b31m");

    Ran json = s3dlio("ls", "-r", "--json", BASE + "h/").done();
    assertThat(json.summary().get("key").asText()).isEqualTo(hostile);
    assertThat(json.text().strip().chars()).noneMatch(Printable::isUnsafe);

    Ran missing = s3dlio("stat", BASE + hostile + "2").ends(ExitStatus.FAILED);
    assertThat(missing.err().strip().chars()).noneMatch(Printable::isUnsafe);
  }

  @Test
  void statShowsWhatIsKept() {
    s3dlio("put", BASE + "s/", "-n", "1", "-s", "10", "--seed", "3").done();
    String uri = BASE + "s/object_0_of_1.dat";
    assertThat(s3dlio("stat", uri).done().lines())
        .contains("uri:            " + uri, "size:           10 (10 B)")
        .anyMatch(line -> line.startsWith("metadata s3dlio-gen: v=1;seed=3;size=10;"));
    JsonNode json = s3dlio("stat", "--json", uri).done().summary();
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "uri",
            "key",
            "size",
            "lastModified",
            "etag",
            "contentType",
            "crc32c",
            "version",
            "storageClass",
            "userMetadata");
    assertThat(json.get("userMetadata").get("s3dlio-gen").asText()).startsWith("v=1;seed=3;");
  }

  @Test
  void bucketsAreMadeListedAndRemoved() {
    String bucket = "memory://cli-bucket-" + UUID.randomUUID() + "/";
    s3dlio("mb", bucket).done();
    s3dlio("mb", bucket).ends(ExitStatus.FAILED);
    assertThat(s3dlio("buckets", "memory://").done().lines()).contains(bucket);
    assertThat(s3dlio("buckets", "--json", "memory://").done().json())
        .anyMatch(line -> line.get("uri").asText().equals(bucket));
    assertThat(s3dlio("rb", "--json", bucket).done().summary().get("operation").asText())
        .isEqualTo("rb");
    s3dlio("rb", bucket).ends(ExitStatus.FAILED);
  }
}
