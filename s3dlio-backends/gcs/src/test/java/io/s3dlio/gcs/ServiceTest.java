package io.s3dlio.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.s3dlio.ByteSources;
import io.s3dlio.BytesView;
import io.s3dlio.GetOptions;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.gcs.Service.Reply;
import io.s3dlio.rest.Crc32c;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire, and what answers mean that the emulator does not give. */
class ServiceTest {

  private static final ObjectUri O = ObjectUri.parse("gs://bucket/a b/\u00e4?#");
  private static final String ENCODED = "/storage/v1/b/bucket/o/a%20b%2F%C3%A4%3F%23";
  private static final byte[] LARGE = new byte[35 * (64 << 10) - 5];

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static ObjectStoreException failure(ThrowingCallable call) {
    return catchThrowableOfType(ObjectStoreException.class, call);
  }

  @Test
  void anUploadIsOneRequestWithAllThatTheObjectHas() throws Exception {
    byte[] content = "content".getBytes(StandardCharsets.UTF_8);
    try (Service service = new Service((r, n) -> Reply.object("o", 7, 7, crc(content)));
        ObjectStore store = service.store()) {
      PutOptions options =
          PutOptions.DEFAULT
              .withMode(PutMode.CREATE)
              .withContentType("text/plain")
              .withUserMetadata(Map.of("name", "a, \"b\""));
      assertThat(store.put(O, ByteSources.of(ByteBuffer.wrap(content)), options).etag())
          .contains("7");
      Service.Request put = service.requests.get(0);
      assertThat(service.requests).hasSize(1);
      assertThat(put.target())
          .isEqualTo(
              "/upload/storage/v1/b/bucket/o?uploadType=multipart&name=a%20b%2F%C3%A4%3F%23"
                  + "&ifGenerationMatch=0");
      assertThat(put.json().toString())
          .isEqualTo(
              ("{'contentType':'text/plain','metadata':{'name':'a, \\'b\\''},"
                      + "'crc32c':'"
                      + Crc32c.encode(crc(content))
                      + "'}")
                  .replace('\'', '"'));
      assertThat(put.text()).contains("\r\nContent-Type: text/plain\r\n\r\ncontent\r\n--");
      assertThat(put.headers()).doesNotContainKey("Authorization");
    }
  }

  @ParameterizedTest
  @CsvSource({"6, 0", "7, 1"})
  void anObjectStoredOtherwiseThanItWasSentIsAnError(int size, int change) throws Exception {
    byte[] content = "content".getBytes(StandardCharsets.UTF_8);
    try (Service service =
            new Service((r, n) -> Reply.object("o", 7, size, crc(content) + change));
        ObjectStore store = service.store()) {
      assertThat(failure(() -> store.put(O, ByteBuffer.wrap(content))).kind())
          .isEqualTo(Kind.CHECKSUM_MISMATCH);
      assertThat(service.requests).hasSize(1);
    }
  }

  @Test
  void theClassOfStorageAndWhoPaysAreNamed() throws Exception {
    try (Service service = new Service((r, n) -> Reply.object("o", 7, 1, crc(new byte[1])));
        ObjectStore store =
            ObjectStores.open(
                "gs://bucket/",
                service
                    .config()
                    .with(GcsKeys.STORAGE_CLASS, "NEARLINE")
                    .with(GcsKeys.USER_PROJECT, "payer"))) {
      store.put(O, ByteBuffer.allocate(1));
      Service.Request put = service.requests.get(0);
      assertThat(put.json().get("storageClass").getAsString()).isEqualTo("NEARLINE");
      assertThat(put.headers().getFirst("x-goog-user-project")).isEqualTo("payer");
    }
  }

  @Test
  void aReadTellsAllOfTheObjectAndTakesItAsItIsStored() throws Exception {
    byte[] content = "content".getBytes(StandardCharsets.UTF_8);
    Reply media =
        new Reply(200, Map.of(), "content")
            .with("Content-Type", "text/plain")
            .with("Content-Encoding", "gzip")
            .with("x-goog-generation", "7")
            .with("x-goog-hash", "crc32c=" + Crc32c.encode(crc(content)) + ",md5=AAAA")
            .with("x-goog-meta-Name", "value")
            .with("Last-Modified", "Sun, 22 Nov 2026 03:27:00 GMT");
    try (Service service = new Service((r, n) -> media);
        ObjectStore store = service.store();
        var result = store.get(O, GetOptions.DEFAULT.withIfMatch("7"))) {
      assertThat(result.bytes().toByteArray()).isEqualTo(content);
      ObjectMeta meta = result.meta();
      assertThat(meta.etag()).contains("7");
      assertThat(meta.contentType()).contains("text/plain");
      assertThat(meta.userMetadata()).isEqualTo(Map.of("name", "value"));
      assertThat(meta.crc32c()).contains(crc(content));
      assertThat(meta.lastModified()).isEqualTo("2026-11-22T03:27:00Z");
      Service.Request get = service.requests.get(0);
      assertThat(get.target()).isEqualTo(ENCODED + "?alt=media&ifGenerationMatch=7");
      assertThat(get.headers().getFirst("Accept-Encoding")).isEqualTo("gzip");
    }
  }

  @Test
  void damagedBytesAreFound() throws Exception {
    Reply media =
        new Reply(200, Map.of(), "contend")
            .with("x-goog-generation", "7")
            .with(
                "x-goog-hash",
                "crc32c=" + Crc32c.encode(crc("content".getBytes(StandardCharsets.UTF_8))));
    try (Service service = new Service((r, n) -> media);
        ObjectStore store = service.store()) {
      assertThat(failure(() -> store.get(O).close()).kind()).isEqualTo(Kind.CHECKSUM_MISMATCH);
    }
  }

  /** Parts in a tree: 35 of them are more than one request composes. */
  private static Reply composing(Service.Request request) {
    if (request.method().equals("DELETE")) {
      return Reply.json("{}");
    }
    if (request.target().contains("/compose")) {
      boolean last = request.target().startsWith(ENCODED);
      return Reply.object("o", last ? 9 : 8, last ? LARGE.length : 1, crc(LARGE));
    }
    byte[] part = request.media();
    return Reply.object("part", 100, part.length, crc(part));
  }

  @Test
  void manyPartsAreComposedInSeveralStepsAndDeleted() throws Exception {
    try (Service service = new Service((r, n) -> composing(r));
        ObjectStore store = service.store()) {
      assertThat(store.put(O, ByteSources.of(ByteBuffer.wrap(LARGE)), PutOptions.DEFAULT).etag())
          .contains("9");
      assertThat(service.requests("POST", "/upload/")).hasSize(35);
      List<Service.Request> composed = service.requests("POST", "/compose");
      assertThat(composed).hasSize(3);
      Service.Request last = composed.get(2);
      assertThat(last.target()).isEqualTo(ENCODED + "/compose");
      assertThat(last.json().getAsJsonArray("sourceObjects")).hasSize(2);
      assertThat(last.json().toString()).contains("\"generation\":\"8\"");
      assertThat(composed.get(0).json().getAsJsonArray("sourceObjects"))
          .allSatisfy(
              source ->
                  assertThat(source.getAsJsonObject().get("generation").getAsString())
                      .isEqualTo("100"));
      assertThat(service.requests("DELETE", ".s3dlio-parts%2F")).hasSize(37);
    }
  }

  @Test
  void aPartThatCannotBeDeletedKeepsNoOtherFromIt() throws Exception {
    try (Service service =
            new Service(
                (r, n) ->
                    r.method().equals("DELETE")
                        ? Reply.error(403, "forbidden", "no storage.objects.delete")
                        : composing(r));
        ObjectStore store = service.store()) {
      store.put(O, ByteSources.of(ByteBuffer.wrap(LARGE)), PutOptions.DEFAULT);
      assertThat(service.requests("DELETE", ".s3dlio-parts%2F")).hasSize(37);
    }
  }

  @Test
  void theConditionOfAnUploadInPartsGoesWithTheLastRequest() throws Exception {
    PutOptions options = PutOptions.DEFAULT.withMode(PutMode.CREATE);
    try (Service service =
            new Service(
                (r, n) ->
                    r.method().equals("GET")
                        ? Reply.error(404, "notFound", "No such object: bucket/o")
                        : r.target().startsWith(ENCODED)
                            ? Reply.error(412, "conditionNotMet", "Precondition Failed")
                            : composing(r));
        ObjectStore store = service.store()) {
      ObjectStoreException e =
          failure(() -> store.put(O, ByteSources.of(ByteBuffer.wrap(LARGE)), options));
      assertThat(e.kind()).isEqualTo(Kind.ALREADY_EXISTS);
      assertThat(service.requests("POST", ENCODED).get(0).target())
          .isEqualTo(ENCODED + "/compose?ifGenerationMatch=0");
      assertThat(service.requests("DELETE", ".s3dlio-parts%2F")).hasSize(37);
    }
  }

  @Test
  void partsThatSomebodyHasRemovedAreAnError() throws Exception {
    try (Service service =
            new Service(
                (r, n) ->
                    r.target().contains("/compose")
                        ? Reply.error(404, "notFound", "No such object: bucket/.s3dlio-parts/…")
                        : composing(r));
        ObjectStore store = service.store()) {
      assertThat(
              failure(
                  () -> store.put(O, ByteSources.of(ByteBuffer.wrap(LARGE)), PutOptions.DEFAULT)))
          .hasMessageContaining("the parts are gone");
    }
  }

  @Test
  void anObjectComposedOfOtherBytesIsAnError() throws Exception {
    try (Service service =
            new Service(
                (r, n) ->
                    r.target().startsWith(ENCODED)
                        ? Reply.object("o", 9, LARGE.length, 4711)
                        : composing(r));
        ObjectStore store = service.store()) {
      ObjectStoreException e =
          failure(() -> store.put(O, ByteSources.of(ByteBuffer.wrap(LARGE)), PutOptions.DEFAULT));
      assertThat(e.kind()).isEqualTo(Kind.CHECKSUM_MISMATCH);
      assertThat(service.requests("DELETE", ".s3dlio-parts%2F")).hasSize(37);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1, true", "1, 1, false"})
  void aRefusalAfterALostAnswerIsSettledByLooking(int change, int size, boolean ours)
      throws Exception {
    byte[] content = new byte[size];
    try (Service service =
            new Service(
                (r, n) ->
                    n == 1
                        ? Reply.hangUp()
                        : r.method().equals("GET")
                            ? Reply.object("o", 5, size, crc(content) + change)
                            : Reply.error(412, "conditionNotMet", "Precondition Failed"));
        ObjectStore store = service.store()) {
      PutOptions create = PutOptions.DEFAULT.withMode(PutMode.CREATE);
      if (ours) {
        assertThat(store.put(O, ByteSources.of(ByteBuffer.wrap(content)), create).etag())
            .contains("5");
      } else {
        assertThat(
                failure(() -> store.put(O, ByteSources.of(ByteBuffer.wrap(content)), create))
                    .kind())
            .isEqualTo(Kind.ALREADY_EXISTS);
      }
      assertThat(service.requests).hasSize(3);
    }
  }

  @Test
  void aLargeCopyTakesAsManyRequestsAsTheServiceWants() throws Exception {
    ObjectUri to = ObjectUri.parse("gs://other/to");
    try (Service service =
            new Service(
                (r, n) ->
                    n < 3
                        ? Reply.json("{'done':false,'rewriteToken':'t" + n + "'}")
                        : Reply.json("{'done':true,'resource':{'generation':'4','size':'1'}}"));
        ObjectStore store = service.store()) {
      assertThat(store.copy(O, to).etag()).contains("4");
      assertThat(service.requests)
          .extracting(Service.Request::target)
          .containsExactly(
              ENCODED + "/rewriteTo/b/other/o/to",
              ENCODED + "/rewriteTo/b/other/o/to?rewriteToken=t1",
              ENCODED + "/rewriteTo/b/other/o/to?rewriteToken=t2");
    }
  }

  @Test
  void pagesOfTheServiceAreListedInOrder() throws Exception {
    String item = "{'name':'%s','size':'1','generation':'1','updated':'2026-11-22T03:27:00.123Z'}";
    List<Reply> pages =
        List.of(
            Reply.json(
                "{'items':[%s],'prefixes':['a/','c/'],'nextPageToken':'x'}"
                    .formatted(item.formatted("b"))),
            Reply.json("{'prefixes':['d/'],'nextPageToken':'y'}"),
            Reply.json("{'nextPageToken':'z'}"),
            Reply.json(
                "{'items':[%s],'prefixes':['.s3dlio-parts/']}".formatted(item.formatted("e"))));
    try (Service service = new Service((r, n) -> pages.get(n - 1));
        ObjectStore store = service.store();
        var entries = store.list(ObjectUri.parse("gs://bucket/"), ListOptions.ONE_LEVEL)) {
      assertThat(entries.map(e -> e.uri().key())).containsExactly("a/", "b", "c/", "d/", "e");
      assertThat(service.requests("GET", "pageToken=")).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'items':[{'name':'a','size':'3 00'}]}",
        "{'items':[{'name':'a','size':'3','updated':'2026-11-2X'}]}",
        "{'items':[3]}",
        "{'items':[{'size':'3'}]}",
        "{'prefixes':[{}]}"
      })
  void aDamagedListingIsAskedForAgain(String damaged) throws Exception {
    Reply whole = Reply.json("{'items':[{'name':'a','size':'3','generation':'1'}]}");
    try (Service service = new Service((r, n) -> n == 1 ? Reply.json(damaged) : whole);
        ObjectStore store = service.store();
        var entries = store.list(ObjectUri.parse("gs://bucket/"))) {
      assertThat(entries.map(ObjectMeta::size)).containsExactly(3L);
    }
  }

  @Test
  void aDamagedListOfBucketsIsAskedForAgain() throws Exception {
    Reply damaged = Reply.json("{'items':[{'name':'a','timeCreated':'2026-11-2X'}]}");
    Reply whole = Reply.json("{'items':[{'name':'a'}]}");
    try (Service service = new Service((r, n) -> n == 1 ? damaged : whole);
        ObjectStore store = service.store()) {
      assertThat(store.listBuckets(ObjectUri.parse("gs://"))).hasSize(1);
    }
  }

  @Test
  void aListingThatDoesNotGoOnIsAnError() throws Exception {
    try (Service service = new Service((r, n) -> Reply.json("{'nextPageToken':'x'}"));
        ObjectStore store = service.store();
        var entries = store.list(ObjectUri.parse("gs://bucket/"))) {
      Throwable e = org.assertj.core.api.Assertions.catchThrowable(entries::findFirst);
      assertThat(e.getCause())
          .isInstanceOfSatisfying(
              ObjectStoreException.class, x -> assertThat(x.kind()).isEqualTo(Kind.UNSUPPORTED));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid, Provided CRC32C does not match, CHECKSUM_MISMATCH",
    "400, invalid, Bad name, INVALID",
    "401, authError, Invalid Credentials, UNAUTHENTICATED",
    "403, forbidden, me@x does not have access, PERMISSION_DENIED",
    "403, rateLimitExceeded, slow, THROTTLED",
    "403, quotaExceeded, too much, OUT_OF_RESOURCES",
    "404, notFound, The specified bucket does not exist., NOT_FOUND",
    "409, conflict, two at a time, UNAVAILABLE",
    "412, conditionNotMet, no, PRECONDITION_FAILED",
    "429, rateLimitExceeded, slow, THROTTLED",
    "500, backendError, oops, UNAVAILABLE",
    "503, backendError, oops, UNAVAILABLE"
  })
  void answersHaveTheirMeaning(int status, String reason, String message, Kind kind)
      throws Exception {
    try (Service service = new Service((r, n) -> Reply.error(status, reason, message));
        ObjectStore store = service.store()) {
      ObjectStoreException e = failure(() -> store.put(O, ByteBuffer.allocate(1)));
      assertThat(e.kind()).isEqualTo(kind);
      assertThat(e.uri()).contains(O);
      assertThat(e)
          .hasMessageStartingWith("put " + O + ": ")
          .hasMessageContaining(service.endpoint());
      assertThat(service.requests).hasSize(e.isRetryable() ? 4 : 1);
    }
  }

  @Test
  void anAnswerThatIsNotOfTheServiceIsRepeatedAndTold() throws Exception {
    try (Service service = new Service((r, n) -> new Reply(502, Map.of(), "<html>proxy</html>"));
        ObjectStore store = service.store()) {
      ObjectStoreException e = failure(() -> store.head(O));
      assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(e).hasMessageContaining("502").hasMessageContaining("<html>proxy</html>");
    }
  }

  @Test
  void whatTheServiceSaysIsNotThereIsAsGoodAsDeleted() throws Exception {
    try (Service service =
            new Service((r, n) -> Reply.error(404, "notFound", "No such object: bucket/o"));
        ObjectStore store = service.store()) {
      store.delete(O);
      assertThat(service.requests).hasSize(1);
    }
    try (Service service =
            new Service(
                (r, n) -> Reply.error(404, "notFound", "The specified bucket does not exist."));
        ObjectStore store = service.store()) {
      assertThat(failure(() -> store.delete(O)).kind()).isEqualTo(Kind.NOT_FOUND);
    }
    try (Service service =
            new Service(
                (r, n) ->
                    r.method().equals("DELETE")
                        ? Reply.error(404, "notFound", "Not Found")
                        : Reply.error(403, "forbidden", "no storage.objects.list"));
        ObjectStore store = service.store()) {
      store.delete(O);
    }
  }

  @Test
  void aBucketNeedsAProject() throws Exception {
    try (Service service = new Service((r, n) -> Reply.json("{}"));
        ObjectStore store =
            ObjectStores.open("gs://bucket/", service.config().with(GcsKeys.PROJECT, "mine"))) {
      store.createBucket(ObjectUri.parse("gs://new-bucket/"));
      assertThat(store.listBuckets(ObjectUri.parse("gs://"))).isEmpty();
      assertThat(service.requests)
          .extracting(Service.Request::target)
          .containsExactly("/storage/v1/b?project=mine", "/storage/v1/b?project=mine");
    }
  }

  @Test
  void bytesAreSentAsTheyAre() throws Exception {
    ByteBuffer direct = ByteBuffer.allocateDirect(3).put(new byte[] {1, 2, 3}).flip();
    try (Service service = new Service((r, n) -> Reply.object("o", 7, 3, crc(r.media())));
        ObjectStore store = service.store()) {
      store.put(O, direct);
      assertThat(direct.remaining()).isEqualTo(3);
      assertThat(service.requests.get(0).text()).contains("\r\n\r\n\u0001\u0002\u0003\r\n--");
      assertThat(
              Optional.ofNullable(service.requests.get(0).headers().getFirst("Content-Encoding")))
          .isEmpty();
    }
  }

  @Test
  void anotherGenerationIsNotRead() throws Exception {
    try (Service service =
            new Service(
                (r, n) -> new Reply(200, Map.of(), "content").with("x-goog-generation", "8"));
        ObjectStore store = service.store()) {
      ObjectStoreException e =
          failure(() -> store.get(O, GetOptions.DEFAULT.withIfMatch("7")).close());
      assertThat(e.kind()).isEqualTo(Kind.PRECONDITION_FAILED);
      try (BytesView bytes = store.get(O)) {
        assertThat(bytes.size()).isEqualTo(7);
      }
    }
  }
}
