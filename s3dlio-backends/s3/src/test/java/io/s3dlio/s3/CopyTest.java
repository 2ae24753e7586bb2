package io.s3dlio.s3;

import static io.s3dlio.s3.Fixture.failure;
import static io.s3dlio.s3.Fixture.get;
import static io.s3dlio.s3.Fixture.payload;
import static io.s3dlio.s3.Fixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.RequestEvent;
import io.s3dlio.s3.Fixture.Server;
import io.s3dlio.s3.WireServer.Reply;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CopyTest {

  private static final PutOptions OPTIONS =
      PutOptions.DEFAULT.withContentType("x/y").withUserMetadata(Map.of("a", "b"));

  private static final List<String> ODD_KEYS =
      List.of(
          "plain",
          "a b",
          "a+b",
          "a%2Fb",
          "100%",
          "%41",
          "a?versionId=x",
          "a#b",
          "a&b=c",
          "[x]{y}<z>\\|^`~\"'",
          "é日本😀",
          "tab\there",
          "*:;@=,$!()",
          "a\u0085\u2028b");

  @ParameterizedTest
  @EnumSource
  void copiesEveryKindOfKey(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      for (String key : ODD_KEYS) {
        byte[] bytes = random(100, key.hashCode());
        get(s3.backend.put(s3.uri("from/" + key), payload(bytes), OPTIONS));
        PutResult copied = get(s3.backend.copy(s3.uri("from/" + key), s3.uri("to/" + key)));
        Fixture.Read read = s3.read(s3.uri("to/" + key), ByteRange.WHOLE);
        assertThat(read.bytes()).as(key).isEqualTo(bytes);
        assertThat(read.meta().contentType()).contains("x/y");
        assertThat(read.meta().userMetadata()).isEqualTo(Map.of("a", "b"));
        assertThat(read.meta().etag()).isPresent().isEqualTo(copied.etag());
        assertThat(read.meta().crc32c()).contains(Fixture.crc32c(bytes));
      }
      assertThat(s3.keys("to/")).hasSize(ODD_KEYS.size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void copiesInPartsWhatIsTooLargeForOneRequest(Server server) throws ObjectStoreException {
    int limit = 5 << 20;
    byte[] bytes = random(3 * limit + 1234, 1);
    try (Fixture s3 = Fixture.on(server)) {
      ObjectUri from = s3.uri("from é+%20?");
      ObjectUri to = s3.uri("to/é+%20?");
      get(s3.backend.put(from, payload(bytes), OPTIONS));
      s3.events.clear();
      get(S3Copy.start(connection(s3), from, to, limit));
      assertThat(s3.events)
          .extracting(RequestEvent::operation)
          .filteredOn("copyPart"::equals)
          .hasSize(4);
      ObjectMeta meta = get(s3.backend.head(to));
      assertThat(meta.contentType()).contains("x/y");
      assertThat(meta.userMetadata()).isEqualTo(Map.of("a", "b"));
      assertThat(s3.read(to, ByteRange.WHOLE).bytes()).isEqualTo(bytes);
      assertThat(Uploads.open(s3)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void overwrites(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      byte[] bytes = random(100, 2);
      get(s3.backend.put(s3.uri("a"), payload(bytes), OPTIONS));
      get(s3.backend.put(s3.uri("b"), payload(random(7, 3)), PutOptions.DEFAULT));
      get(s3.backend.copy(s3.uri("a"), s3.uri("b")));
      assertThat(s3.read(s3.uri("b"), ByteRange.WHOLE).bytes()).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @EnumSource
  void copiesBetweenBuckets(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server);
        Fixture other = Fixture.on(server)) {
      byte[] bytes = random(100, 4);
      get(s3.backend.put(s3.uri("a"), payload(bytes), OPTIONS));
      get(s3.backend.copy(s3.uri("a"), other.uri("b")));
      assertThat(other.read(other.uri("b"), ByteRange.WHOLE).bytes()).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @EnumSource
  void reportsWhatIsNotThere(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      assertThat(failure(s3.backend.copy(s3.uri("none"), s3.uri("b"))).kind())
          .isEqualTo(Kind.NOT_FOUND);
      get(s3.backend.put(s3.uri("a"), payload(random(5, 5)), OPTIONS));
      ObjectUri elsewhere = ObjectUri.parse("s3://no-such-bucket-here/k");
      assertThat(failure(s3.backend.copy(s3.uri("a"), elsewhere)))
          .hasMessageContaining("bucket `no-such-bucket-here` not found")
          .extracting(ObjectStoreException::kind)
          .isEqualTo(Kind.NOT_FOUND);
    }
  }

  @Test
  void refusesToCopyToAnotherStore() throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(Server.MINIO)) {
      ObjectUri elsewhere = ObjectUri.parse("s3://127.0.0.1:1/bucket/k");
      assertThat(failure(s3.backend.copy(s3.uri("a"), elsewhere)))
          .hasMessageContaining("http://127.0.0.1:1")
          .extracting(ObjectStoreException::kind)
          .isEqualTo(Kind.UNSUPPORTED);
    }
  }

  @Test
  void abortsACopyInPartsThatFails() throws ObjectStoreException {
    Map<String, String> head = Map.of("Content-Length", "30", "ETag", "\"e\"");
    try (WireServer server =
            WireServer.start(
                (request, n) ->
                    switch (request.method()) {
                      case "HEAD" -> Reply.of(200, head, new byte[0]);
                      case "POST" ->
                          Reply.xml(
                              200,
                              "<InitiateMultipartUploadResult><UploadId>the-upload</UploadId>"
                                  + "</InitiateMultipartUploadResult>",
                              Map.of());
                      case "PUT" -> Reply.error(412, "PreconditionFailed", "changed");
                      default -> Reply.of(204);
                    });
        Fixture s3 = Fixture.on(server)) {
      CompletableFuture<PutResult> copy =
          S3Copy.start(connection(s3), s3.uri("a"), s3.uri("b"), 10);
      assertThat(failure(copy).kind()).isEqualTo(Kind.PRECONDITION_FAILED);
      assertThat(server.requests())
          .filteredOn(r -> r.method().equals("PUT"))
          .allSatisfy(r -> assertThat(r.header("x-amz-copy-source-if-match")).isEqualTo("\"e\""));
      assertThat(server.requests())
          .last()
          .satisfies(r -> assertThat(r.method()).isEqualTo("DELETE"))
          .satisfies(r -> assertThat(r.target()).contains("uploadId=the-upload"));
    }
  }

  private static Connection connection(Fixture s3) {
    return s3.backend.connections().to(Place.of(s3.bucket));
  }
}
