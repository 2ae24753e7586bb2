package io.s3dlio.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.security.Server.Reply;
import io.s3dlio.security.Server.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Listings that are to do harm: to the memory, to other servers, or to time. */
class HostileAnswerTest {

  private static final String CANARY = "CANARY-of-a-local-file";

  @TempDir Path directory;

  private static Reply xml(String body) {
    return new Reply(200, Map.of("Content-Type", "application/xml"), body.getBytes(UTF_8));
  }

  /** A listing of one key; {@code head} stands in front of it. */
  private static Reply listing(Cloud cloud, String head, String key, String more) {
    return switch (cloud) {
      case S3, S3_SDK ->
          xml(
              head
                  + "<ListBucketResult><Contents><Key>"
                  + key
                  + "</Key><Size>1</Size><LastModified>2022-01-01T00:00:00.000Z</LastModified>"
                  + "</Contents>"
                  + more
                  + "</ListBucketResult>");
      case AZURE ->
          xml(
              head
                  + "<EnumerationResults><Blobs><Blob><Name>"
                  + key
                  + "</Name><Properties><Content-Length>1</Content-Length></Properties></Blob>"
                  + "</Blobs>"
                  + more
                  + "</EnumerationResults>");
      case GCS ->
          Reply.of(
              200,
              "{\"items\":[{\"name\":\""
                  + key
                  + "\",\"size\":\"1\",\"generation\":\"1\"}]"
                  + more
                  + "}");
    };
  }

  private static ObjectStoreException failure(Cloud cloud, Function<Request, Reply> script)
      throws Exception {
    try (Server server = Server.start(script);
        ObjectStore store = cloud.open(cloud.config(server.endpoint()))) {
      Throwable e =
          catchThrowable(
              () -> {
                try (Stream<?> all = store.list(cloud.uri(""))) {
                  all.forEach(entry -> {});
                }
              });
      assertThat(e).as("it fails").isNotNull();
      ObjectStoreException told =
          (ObjectStoreException) (e instanceof ObjectStoreException ? e : e.getCause());
      assertThat(told.kind()).as(told.toString()).isNotEqualTo(Kind.UNKNOWN);
      return told;
    }
  }

  private static String trace(Throwable e) {
    java.io.StringWriter trace = new java.io.StringWriter();
    e.printStackTrace(new java.io.PrintWriter(trace));
    return trace.toString();
  }

  @ParameterizedTest
  @EnumSource(names = "GCS", mode = EnumSource.Mode.EXCLUDE)
  void anEntityFromOutsideIsNotRead(Cloud cloud) throws Exception {
    Path file = Files.writeString(directory.resolve("local"), CANARY);
    try (Server other = Server.start(r -> Reply.of(200, CANARY))) {
      for (String place : Set.of(file.toUri().toString(), other.endpoint() + "/dtd")) {
        String dtd = "<!DOCTYPE x [<!ENTITY e SYSTEM \"" + place + "\">]>";
        assertThat(trace(failure(cloud, r -> listing(cloud, dtd, "&e;", ""))))
            .doesNotContain(CANARY);
        String remote = "<!DOCTYPE x SYSTEM \"" + place + "\">";
        Function<Request, Reply> script = r -> listing(cloud, remote, "&e;", "");
        assertThat(trace(failure(cloud, script))).doesNotContain(CANARY);
      }
      assertThat(other.heard()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "GCS", mode = EnumSource.Mode.EXCLUDE)
  void entitiesDoNotMultiply(Cloud cloud) throws Exception {
    StringBuilder dtd = new StringBuilder("<!DOCTYPE x [<!ENTITY e0 \"0123456789\">");
    for (int i = 1; i < 12; i++) {
      dtd.append("<!ENTITY e" + i + " \"" + ("&e" + (i - 1) + ";").repeat(10) + "\">");
    }
    dtd.append("]>");
    failure(cloud, r -> listing(cloud, dtd.toString(), "&e11;", ""));
  }

  @ParameterizedTest
  @EnumSource
  void anEndlessNameIsGivenUp(Cloud cloud) throws Exception {
    Reply reply = listing(cloud, "", "k".repeat(100_000_000), "");
    assertThat(failure(cloud, r -> reply)).hasStackTraceContaining("67108864 bytes");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNestedTooDeepIsRefused(Cloud cloud) throws Exception {
    String nested =
        cloud == Cloud.GCS ? ",\"prefixes\":" + "[".repeat(1_000_000) : "<a>".repeat(1_000_000);
    failure(cloud, r -> listing(cloud, "", "key", nested));
  }

  @ParameterizedTest
  @EnumSource
  void theSamePageForEverIsNoticed(Cloud cloud) throws Exception {
    String again =
        switch (cloud) {
          case S3, S3_SDK ->
              "<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>";
          case AZURE -> "<NextMarker>t</NextMarker>";
          case GCS -> ",\"nextPageToken\":\"t\"";
        };
    assertThat(failure(cloud, r -> listing(cloud, "", "key", again)))
        .hasMessageContaining("again")
        .extracting(ObjectStoreException::kind)
        .isEqualTo(Kind.UNSUPPORTED);
  }
}
