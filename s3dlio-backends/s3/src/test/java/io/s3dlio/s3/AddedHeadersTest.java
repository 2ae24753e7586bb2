package io.s3dlio.s3;

import static io.s3dlio.s3.Fixture.failure;
import static io.s3dlio.s3.Fixture.get;
import static io.s3dlio.s3.Fixture.payload;
import static io.s3dlio.s3.Fixture.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteRange;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.s3.Fixture.Server;
import io.s3dlio.s3.WireServer.Reply;
import io.s3dlio.s3.WireServer.Request;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.testkit.server.MinioServer;
import io.s3dlio.testkit.server.S3Server;
import io.s3dlio.testkit.server.TestServers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** How objects are kept, and who pays: on the wire, and on MinIO where that can show it. */
class AddedHeadersTest {

  private static final int PART = 5 << 20;

  private static final List<String> MAKE = List.of("put", "startMultipart", "copy");

  @Test
  void addsNothingThatNobodyHasAskedFor() throws ObjectStoreException {
    for (String request : ALL_REQUESTS) {
      assertThat(Exchange.of(request).headers().keySet())
          .as(request)
          .noneMatch(AddedHeadersTest::isAdded);
    }
  }

  private static boolean isAdded(String header) {
    return header.startsWith("x-amz-server-side")
        || header.equals("x-amz-storage-class")
        || header.equals("x-amz-request-payer");
  }

  private static final List<String> ALL_REQUESTS =
      List.of(
          "head",
          "tags",
          "get",
          "put",
          "startMultipart",
          "putPart",
          "completeMultipart",
          "abortMultipart",
          "copy",
          "copyPart",
          "delete",
          "deleteAll",
          "list");

  @Test
  void namesTheStorageClassWhereAnObjectIsMade() throws ObjectStoreException {
    for (String request : ALL_REQUESTS) {
      assertThat(
              Exchange.of(request, "s3.storage-class", "GLACIER_IR").header("x-amz-storage-class"))
          .as(request)
          .isEqualTo(MAKE.contains(request) ? "GLACIER_IR" : null);
    }
  }

  @Test
  void paysForEveryRequest() throws ObjectStoreException {
    for (String request : ALL_REQUESTS) {
      Request sent = Exchange.of(request, "s3.requester-pays", "true");
      assertThat(sent.header("x-amz-request-payer")).as(request).isEqualTo("requester");
      assertThat(sent.header("authorization")).as(request).contains("x-amz-request-payer");
    }
  }

  @ParameterizedTest
  @CsvSource({"sse-s3, AES256", "sse-kms, aws:kms"})
  void asksForEncryptionWhereAnObjectIsMade(String setting, String sent)
      throws ObjectStoreException {
    for (String request : ALL_REQUESTS) {
      assertThat(
              Exchange.of(request, "s3.encryption", setting).header("x-amz-server-side-encryption"))
          .as(request)
          .isEqualTo(MAKE.contains(request) ? sent : null);
    }
  }

  @Test
  void namesTheKeyOfTheService() throws ObjectStoreException {
    for (String request : MAKE) {
      assertThat(
              Exchange.of(request, "s3.encryption", "sse-kms", "s3.kms-key", "arn:aws:kms:k")
                  .header("x-amz-server-side-encryption-aws-kms-key-id"))
          .as(request)
          .isEqualTo("arn:aws:kms:k");
    }
  }

  private static final String KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
  private static final String[] SSE_C = {"s3.encryption", "sse-c", "s3.customer-key", KEY};

  @Test
  void sendsTheKeyOfTheCustomerWithAllContent() throws ObjectStoreException {
    List<String> without = List.of("tags", "abortMultipart", "delete", "deleteAll", "list");
    for (String request : ALL_REQUESTS) {
      Request sent = Exchange.of(request, SSE_C);
      boolean content = !without.contains(request);
      boolean copies = request.startsWith("copy");
      for (String prefix : List.of("x-amz-", "x-amz-copy-source-")) {
        boolean expected = prefix.equals("x-amz-") ? content : copies;
        String name = prefix + "server-side-encryption-customer-";
        assertThat(sent.header(name + "algorithm"))
            .as(request)
            .isEqualTo(expected ? "AES256" : null);
        assertThat(sent.header(name + "key")).as(request).isEqualTo(expected ? KEY : null);
        assertThat(sent.header(name + "key-md5"))
            .as(request)
            .isEqualTo(expected ? "KYvwGXoFFJ42a2u2GDWhwQ==" : null);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short", "not base64 at all, is it", KEY + "AAAA"})
  void refusesAKeyThatIsNoneAndDoesNotRepeatIt(String key) {
    assertThatThrownBy(
            () ->
                S3Settings.of(
                    Fixture.with(
                        Fixture.defaults(), "s3.encryption", "sse-c", "s3.customer-key", key),
                    Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .message()
        .contains("s3.customer-key")
        .satisfies(text -> assertThat(key.isEmpty() || !text.contains(key)).isTrue());
  }

  @Test
  void refusesHalfOfTheSettingsOfAKey() {
    assertThatThrownBy(
            () ->
                S3Settings.of(Fixture.with(Fixture.defaults(), "s3.encryption", "sse-c"), Map.of()))
        .hasMessageContaining("needs s3.customer-key");
    assertThatThrownBy(
            () -> S3Settings.of(Fixture.with(Fixture.defaults(), "s3.customer-key", KEY), Map.of()))
        .message()
        .contains("s3.encryption=sse-c")
        .doesNotContain(KEY);
  }

  @Test
  void doesNotSendAKeyForAllToSee() {
    S3Settings settings = S3Settings.of(Fixture.with(Fixture.defaults(), SSE_C), Map.of());
    assertThat(settings.endpoint("127.0.0.1:1").isTls()).isFalse(); // nobody listens in between
    S3Settings plain =
        S3Settings.of(
            Fixture.with(Fixture.with(Fixture.defaults(), SSE_C), "s3.endpoint", "http://far.test"),
            Map.of());
    assertThatThrownBy(() -> plain.endpoint("")).message().contains("https").doesNotContain(KEY);
  }

  @Test
  void encryptsWithTheKeyOfTheCustomer(@TempDir Path directory) throws ObjectStoreException {
    String[] trust = {"s3.ca-bundle", directory.resolve("public.crt").toString()};
    try (S3Server server = TestServers.minioWithTls(directory);
        Fixture s3 =
            Fixture.on(
                server,
                server.endpoint(),
                Stream.of(SSE_C, trust).flatMap(Arrays::stream).toArray(String[]::new));
        Fixture without =
            Fixture.open(Fixture.with(Fixture.config(server, server.endpoint()), trust))) {
      for (ObjectUri uri : makeInEveryWay(s3)) {
        assertThat(head(s3, uri).sseCustomerAlgorithm()).as(uri.key()).isEqualTo("AES256");
        assertThat(failure(without.backend.head(uri)).kind()).isEqualTo(Kind.INVALID);
        assertThat(
                failure(
                        without.backend.read(
                            uri,
                            new ReadRequest(ByteRange.WHOLE, Optional.empty()),
                            new Fixture.Taking(10)))
                    .kind())
            .isEqualTo(Kind.INVALID);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "sse-s3"})
  void refusesAKeyThatNothingUses(String encryption) {
    assertThatThrownBy(
            () ->
                S3Settings.of(
                    Fixture.with(
                        Fixture.defaults(), "s3.encryption", encryption, "s3.kms-key", "k"),
                    Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("s3.encryption=sse-kms");
  }

  @Test
  void keepsObjectsInTheirClass() throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(Server.MINIO, "s3.storage-class", "REDUCED_REDUNDANCY")) {
      for (ObjectUri uri : makeInEveryWay(s3)) {
        assertThat(head(s3, uri).storageClassAsString())
            .as(uri.key())
            .isEqualTo("REDUCED_REDUNDANCY");
      }
    }
  }

  @Test
  void encryptsWithKeysOfTheStore() throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(Server.MINIO, "s3.encryption", "sse-s3")) {
      for (ObjectUri uri : makeInEveryWay(s3)) {
        assertThat(head(s3, uri).serverSideEncryptionAsString()).as(uri.key()).isEqualTo("AES256");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void encryptsWithAKeyOfTheService(boolean named) throws ObjectStoreException {
    String[] settings =
        named
            ? new String[] {"s3.encryption", "sse-kms", "s3.kms-key", MinioServer.KMS_KEY}
            : new String[] {"s3.encryption", "sse-kms"};
    try (Fixture s3 = Fixture.on(Server.MINIO, settings)) {
      for (ObjectUri uri : makeInEveryWay(s3)) {
        HeadObjectResponse head = head(s3, uri);
        assertThat(head.serverSideEncryptionAsString()).as(uri.key()).isEqualTo("aws:kms");
        assertThat(head.ssekmsKeyId()).as(uri.key()).endsWith(MinioServer.KMS_KEY);
      }
    }
  }

  /** By put, upload, copy and copy in parts; each is read, and is what was written. */
  static List<ObjectUri> makeInEveryWay(Fixture s3) throws ObjectStoreException {
    byte[] bytes = random(PART + 1000, 1);
    List<ObjectUri> made =
        List.of(s3.uri("put"), s3.uri("upload"), s3.uri("copy"), s3.uri("copy in parts"));
    get(s3.backend.put(made.get(0), payload(bytes), PutOptions.DEFAULT));
    PartUpload upload = get(s3.backend.startMultipart(made.get(1), PART, PutOptions.DEFAULT));
    get(upload.putPart(1, payload(Arrays.copyOf(bytes, PART))));
    get(upload.putPart(2, payload(Arrays.copyOfRange(bytes, PART, bytes.length))));
    get(upload.complete(2, bytes.length, Optional.of(Fixture.crc32c(bytes))));
    get(s3.backend.copy(made.get(0), made.get(2)));
    get(S3Copy.start(connection(s3), made.get(1), made.get(3), PART));
    for (ObjectUri uri : made) {
      assertThat(s3.read(uri, ByteRange.WHOLE).bytes()).as(uri.key()).isEqualTo(bytes);
      assertThat(s3.read(uri, ByteRange.of(PART - 5, 10)).bytes())
          .isEqualTo(Arrays.copyOfRange(bytes, PART - 5, PART + 5));
    }
    return made;
  }

  static Connection connection(Fixture s3) {
    return s3.backend.connections().to(Place.of(s3.bucket));
  }

  static HeadObjectResponse head(Fixture s3, ObjectUri uri) throws ObjectStoreException {
    Connection connection = connection(s3);
    return get(
        connection.send(
            S3Call.of("head", "head", uri, connection),
            (client, config) ->
                client.headObject(
                    b -> b.bucket(uri.bucket()).key(uri.key()).overrideConfiguration(config)),
            answer -> answer));
  }

  /** Makes a store send one request of each kind. */
  private static final class Exchange {

    private Exchange() {}

    static Request of(String request, String... settings) throws ObjectStoreException {
      try (WireServer server = WireServer.start(Exchange::answer);
          Fixture s3 = Fixture.on(server, settings)) {
        send(request, s3);
        return server.requests().stream()
            .filter(sent -> kind(sent).equals(request))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no " + request));
      }
    }

    private static void send(String request, Fixture s3) throws ObjectStoreException {
      ObjectUri uri = s3.uri("k");
      switch (request) {
        case "head" -> get(s3.backend.head(uri));
        case "tags" -> get(s3.backend.tags(uri));
        case "get" -> s3.read(uri, ByteRange.WHOLE);
        case "put" -> get(s3.backend.put(uri, payload(random(10, 1)), PutOptions.DEFAULT));
        case "copy" -> get(S3Copy.start(connection(s3), uri, s3.uri("to"), 100));
        case "copyPart" -> get(S3Copy.start(connection(s3), uri, s3.uri("to"), 2));
        case "delete" -> get(s3.backend.deleteAll(List.of(uri)));
        case "deleteAll" -> get(s3.backend.deleteAll(List.of(uri, s3.uri("to"))));
        case "list" -> s3.list("", ListOptions.ALL);
        default -> {
          PartUpload upload = get(s3.backend.startMultipart(uri, PART, PutOptions.DEFAULT));
          get(upload.putPart(1, payload(random(10, 1))));
          get(upload.complete(1, 10, Optional.empty()));
          get(upload.abort());
        }
      }
    }

    private static String kind(Request sent) {
      boolean part = sent.target().contains("partNumber=");
      boolean copies = sent.headers().containsKey("x-amz-copy-source");
      return switch (sent.method()) {
        case "HEAD" -> "head";
        case "GET" ->
            sent.target().contains("list-type=2")
                ? "list"
                : sent.target().contains("?tagging") ? "tags" : "get";
        case "DELETE" -> sent.target().contains("uploadId=") ? "abortMultipart" : "delete";
        case "POST" ->
            sent.target().contains("?uploads")
                ? "startMultipart"
                : sent.target().contains("?delete") ? "deleteAll" : "completeMultipart";
        default -> part ? (copies ? "copyPart" : "putPart") : (copies ? "copy" : "put");
      };
    }

    private static Reply answer(Request sent, int number) {
      Map<String, String> etag = Map.of("ETag", "\"e\"");
      return switch (kind(sent)) {
        case "head" -> Reply.of(200, Map.of("ETag", "\"e\"", "Content-Length", "4"), new byte[0]);
        case "get" -> Reply.of(200, etag, new byte[4]);
        case "tags" -> Reply.xml(200, "<Tagging><TagSet/></Tagging>", Map.of());
        case "list" -> Reply.xml(200, "<ListBucketResult/>", Map.of());
        case "copy" -> Reply.xml(200, "<CopyObjectResult><ETag>e</ETag></CopyObjectResult>", etag);
        case "copyPart" -> Reply.xml(200, "<CopyPartResult><ETag>e</ETag></CopyPartResult>", etag);
        case "startMultipart" ->
            Reply.xml(
                200,
                "<InitiateMultipartUploadResult><UploadId>u</UploadId>"
                    + "</InitiateMultipartUploadResult>",
                Map.of());
        case "completeMultipart" ->
            Reply.xml(
                200,
                "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>",
                Map.of());
        case "deleteAll" ->
            Reply.xml(
                200,
                "<DeleteResult><Deleted><Key>k</Key></Deleted><Deleted><Key>to</Key></Deleted>"
                    + "</DeleteResult>",
                Map.of());
        default -> Reply.of(200, etag, new byte[0]);
      };
    }
  }
}
