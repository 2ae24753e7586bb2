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
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.RequestEvent;
import io.s3dlio.rest.Crc32c;
import io.s3dlio.s3.Fixture.Server;
import io.s3dlio.s3.WireServer.Reply;
import io.s3dlio.s3.WireServer.Request;
import io.s3dlio.spi.PartUpload;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MultipartTest {

  private static final int PART = 5 << 20;

  @ParameterizedTest
  @EnumSource
  void makesAnObjectOfPartsInAnyOrder(Server server) throws ObjectStoreException {
    byte[] bytes = random(2 * PART + 1000, 1);
    try (Fixture s3 = Fixture.on(server)) {
      ObjectUri uri = s3.uri("a b/%2F+é");
      PutOptions options =
          PutOptions.DEFAULT.withContentType("x/y").withUserMetadata(Map.of("a", "b"));
      PartUpload upload = get(s3.backend.startMultipart(uri, PART, options));
      get(upload.putPart(3, payload(Arrays.copyOfRange(bytes, 2 * PART, bytes.length))));
      get(upload.putPart(1, payload(random(PART, 99)))); // and once more, right:
      get(upload.putPart(1, payload(Arrays.copyOfRange(bytes, 0, PART))));
      get(upload.putPart(2, payload(Arrays.copyOfRange(bytes, PART, 2 * PART))));
      assertThat(failure(s3.backend.head(uri)).kind()).isEqualTo(Kind.NOT_FOUND);
      Optional<String> etag =
          get(upload.complete(3, bytes.length, Optional.of(Fixture.crc32c(bytes)))).etag();

      ObjectMeta meta = get(s3.backend.head(uri));
      assertThat(meta.etag()).isPresent().isEqualTo(etag);
      assertThat(meta.contentType()).contains("x/y");
      assertThat(meta.userMetadata()).isEqualTo(Map.of("a", "b"));
      assertThat(meta.crc32c()).contains(Fixture.crc32c(bytes));
      assertThat(s3.read(uri, ByteRange.WHOLE).bytes()).isEqualTo(bytes);
      assertThat(Uploads.open(s3)).isEmpty();
      assertThat(s3.events)
          .filteredOn(e -> e.operation().equals("putPart"))
          .extracting(RequestEvent::offset)
          .containsExactly(2L * PART, 0L, 0L, (long) PART);
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesNothingBehindWhenItIsAborted(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      PartUpload upload = get(s3.backend.startMultipart(s3.uri("k"), PART, PutOptions.DEFAULT));
      get(upload.putPart(1, payload(random(PART, 2))));
      assertThat(Uploads.open(s3)).containsExactly("k");
      get(upload.abort());
      assertThat(Uploads.open(s3)).isEmpty();
      get(upload.abort()); // is gone already
      assertThat(failure(s3.backend.head(s3.uri("k"))).kind()).isEqualTo(Kind.NOT_FOUND);
    }
  }

  @ParameterizedTest
  @EnumSource
  void meetsConditionsWhenItCompletes(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      ObjectUri uri = s3.uri("k");
      byte[] old = random(10, 3);
      get(s3.backend.put(uri, payload(old), PutOptions.DEFAULT));
      assertThat(completeOne(s3, uri, PutMode.CREATE).kind()).isEqualTo(Kind.ALREADY_EXISTS);
      assertThat(completeOne(s3, uri, PutMode.ifMatch("0123")).kind())
          .isEqualTo(Kind.PRECONDITION_FAILED);
      assertThat(completeOne(s3, s3.uri("none"), PutMode.ifMatch("0123")).kind())
          .isEqualTo(Kind.PRECONDITION_FAILED);
      assertThat(s3.read(uri, ByteRange.WHOLE).bytes()).isEqualTo(old);
      assertThat(Uploads.open(s3)).isEmpty();
    }
  }

  private static ObjectStoreException completeOne(Fixture s3, ObjectUri uri, PutMode mode)
      throws ObjectStoreException {
    byte[] part = random(100, 4);
    PartUpload upload =
        get(s3.backend.startMultipart(uri, PART, PutOptions.DEFAULT.withMode(mode)));
    get(upload.putPart(1, payload(part)));
    ObjectStoreException e =
        failure(upload.complete(1, part.length, Optional.of(Fixture.crc32c(part))));
    get(upload.abort());
    return e;
  }

  @ParameterizedTest
  @EnumSource
  void makesNoObjectOfPartsThatAreNotTheWhole(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      PartUpload upload = get(s3.backend.startMultipart(s3.uri("k"), PART, PutOptions.DEFAULT));
      byte[] part = random(100, 5);
      get(upload.putPart(1, payload(part)));
      get(upload.putPart(3, payload(part)));
      assertThat(failure(upload.complete(3, 300, Optional.empty())))
          .hasMessageContaining("2 of 3 parts")
          .extracting(ObjectStoreException::kind)
          .isEqualTo(Kind.INVALID);
      assertThat(failure(upload.complete(1, 100, Optional.of(Fixture.crc32c(part) ^ 1))).kind())
          .isEqualTo(Kind.CHECKSUM_MISMATCH);
      get(upload.abort());
      assertThat(failure(s3.backend.head(s3.uri("k"))).kind()).isEqualTo(Kind.NOT_FOUND);
    }
  }

  @ParameterizedTest
  @EnumSource
  void worksWithoutChecksums(Server server) throws ObjectStoreException {
    byte[] bytes = random(PART + 10, 6);
    try (Fixture s3 = Fixture.on(server, "s3.checksum", "none")) {
      ObjectUri uri = s3.uri("k");
      PartUpload upload = get(s3.backend.startMultipart(uri, PART, PutOptions.DEFAULT));
      get(upload.putPart(1, payload(Arrays.copyOf(bytes, PART))));
      get(upload.putPart(2, payload(Arrays.copyOfRange(bytes, PART, bytes.length))));
      get(upload.complete(2, bytes.length, Optional.empty()));
      assertThat(s3.read(uri, ByteRange.WHOLE).bytes()).isEqualTo(bytes);
      assertThat(get(s3.backend.head(uri)).crc32c()).isEmpty();
    }
  }

  /** Older servers do not know of a checksum of the whole object; they must not be sent one. */
  @Test
  void sendsTheWholeChecksumOnlyToWhoAnnouncesIt() throws ObjectStoreException {
    assertThat(completion(Map.of()).headers()).doesNotContainKey("x-amz-checksum-crc32c");
    assertThat(completion(Map.of("x-amz-checksum-type", "COMPOSITE")).headers())
        .doesNotContainKey("x-amz-checksum-crc32c");
    assertThat(completion(Map.of("x-amz-checksum-type", "FULL_OBJECT")).headers())
        .containsEntry("x-amz-checksum-crc32c", Crc32c.encode(7))
        .containsEntry("x-amz-checksum-type", "FULL_OBJECT");
  }

  private static Request completion(Map<String, String> created) throws ObjectStoreException {
    try (WireServer server =
            WireServer.start(
                (request, n) ->
                    switch (n) {
                      case 1 ->
                          Reply.xml(
                              200,
                              "<InitiateMultipartUploadResult><UploadId>u</UploadId>"
                                  + "</InitiateMultipartUploadResult>",
                              created);
                      case 2 -> Reply.of(200, Map.of("ETag", "\"p\""), new byte[0]);
                      default -> Reply.xml(200, DONE, Map.of());
                    });
        Fixture s3 = Fixture.on(server)) {
      PartUpload upload = get(s3.backend.startMultipart(s3.uri("k"), PART, PutOptions.DEFAULT));
      get(upload.putPart(1, payload(random(10, 7))));
      get(upload.complete(1, 10, Optional.of(7)));
      return server.requests().get(2);
    }
  }

  private static final String DONE =
      "<CompleteMultipartUploadResult><ETag>\"e\"</ETag></CompleteMultipartUploadResult>";

  /** S3 says 200 before it knows: an error may come in the body. */
  @Test
  void reportsAnErrorThatComesAfterASuccess() throws ObjectStoreException {
    assertThat(
            failure(
                    afterTwoTries(
                        Reply.xml(
                            200,
                            "<Error><Code>InternalError</Code><Message>no</Message></Error>",
                            Map.of())))
                .kind())
        .isEqualTo(Kind.UNAVAILABLE);
  }

  /** The first try completed the upload, but its answer was lost; the second finds none. */
  @Test
  void knowsThatItCompletedTheUploadItself() throws ObjectStoreException {
    assertThat(get(afterTwoTries(Reply.error(404, "NoSuchUpload", "gone"))).etag())
        .contains("found");
  }

  private static java.util.concurrent.CompletableFuture<io.s3dlio.PutResult> afterTwoTries(
      Reply second) throws ObjectStoreException {
    byte[] part = random(10, 8);
    Map<String, String> found =
        Map.of(
            "ETag", "\"found\"",
            "Content-Length", "10",
            "x-amz-checksum-crc32c", Crc32c.encode(Fixture.crc32c(part)));
    List<Reply> replies =
        List.of(
            Reply.xml(
                200,
                "<InitiateMultipartUploadResult><UploadId>u</UploadId>"
                    + "</InitiateMultipartUploadResult>",
                Map.of("x-amz-checksum-type", "FULL_OBJECT")),
            Reply.of(200, Map.of("ETag", "\"p\""), new byte[0]),
            Reply.hangUp(),
            second,
            Reply.of(200, found, new byte[0]));
    try (WireServer server = WireServer.start((request, n) -> replies.get(n - 1));
        Fixture s3 = Fixture.on(server, "retry.max-attempts", "2")) {
      PartUpload upload = get(s3.backend.startMultipart(s3.uri("k"), PART, PutOptions.DEFAULT));
      get(upload.putPart(1, payload(part)));
      var done = upload.complete(1, 10, Optional.of(Fixture.crc32c(part)));
      done.handle((result, error) -> null).join();
      return done;
    }
  }
}
