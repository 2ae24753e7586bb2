package io.s3dlio.s3;

import static io.s3dlio.s3.Fixture.failure;
import static io.s3dlio.s3.Fixture.get;
import static io.s3dlio.s3.Fixture.payload;
import static io.s3dlio.s3.Fixture.random;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.s3.Fixture.Server;
import io.s3dlio.s3.WireServer.Reply;
import io.s3dlio.s3.WireServer.Request;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Payload;
import io.s3dlio.testkit.server.TestCertificate;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Checksums other than CRC-32C, and signatures that cover the body. */
class ChecksumTest {

  private static final int PART = 5 << 20;
  private static final Map<String, String> ETAG = Map.of("ETag", "\"e\"");

  private static long crc64(byte[] bytes) {
    Crc64Nvme crc = new Crc64Nvme();
    crc.update(bytes);
    return crc.getValue();
  }

  /** The value that the catalogue of parametrised CRC algorithms gives for these nine digits. */
  @Test
  void isTheCrc64OfNvme() {
    assertThat(crc64("123456789".getBytes(US_ASCII))).isEqualTo(0xae8b14860a799888L);
    assertThat(crc64(new byte[0])).isZero();
  }

  @Test
  void takesTheSameBytesInAnyPieces() {
    byte[] bytes = random(300, 1);
    Crc64Nvme one = new Crc64Nvme();
    for (byte b : bytes) {
      one.update(b);
    }
    for (int cut = 0; cut <= bytes.length; cut++) {
      ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length);
      direct.put(bytes).flip();
      Crc64Nvme pieces = new Crc64Nvme();
      pieces.update(direct.slice(0, cut));
      ByteBuffer rest = direct.slice(cut, bytes.length - cut);
      pieces.update(rest);
      assertThat(rest.hasRemaining()).isFalse();
      assertThat(pieces.getValue()).as("cut at %s", cut).isEqualTo(one.getValue());
    }
  }

  private static String expected(String algorithm, byte[] bytes) throws Exception {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    byte[] value =
        switch (algorithm) {
          case "crc32" -> ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
          case "crc64nvme" -> ByteBuffer.allocate(8).putLong(crc64(bytes)).array();
          default -> MessageDigest.getInstance("SHA-256").digest(bytes);
        };
    return Base64.getEncoder().encodeToString(value);
  }

  @ParameterizedTest
  @CsvSource({"crc32, FULL_OBJECT", "crc64nvme, FULL_OBJECT", "sha256, COMPOSITE"})
  void sendsTheChecksumThatIsAskedForAndNoOther(String algorithm, String type) throws Exception {
    byte[] bytes = random(100_000, 2);
    ByteBuffer whole = payload(bytes).buffers().get(0);
    Payload inTwo =
        new Payload(
            List.of(whole.slice(0, 33_333), whole.slice(33_333, 66_667)),
            bytes.length,
            Optional.empty());
    try (WireServer server = WireServer.start((request, n) -> answer(request));
        Fixture s3 = Fixture.on(server, "s3.checksum", algorithm)) {
      assertThat(s3.backend.capabilities().checksums()).isFalse(); // CRC-32C, that is
      get(s3.backend.put(s3.uri("k"), inTwo, PutOptions.DEFAULT));
      PartUpload upload = get(s3.backend.startMultipart(s3.uri("k"), PART, PutOptions.DEFAULT));
      get(upload.putPart(1, inTwo));
      get(upload.complete(1, bytes.length, Optional.empty()));
      String name = "x-amz-checksum-" + algorithm;
      for (int number : new int[] {0, 2}) {
        Request sent = server.requests().get(number);
        assertThat(sent.body()).isEqualTo(bytes);
        assertThat(sent.header(name)).isEqualTo(expected(algorithm, bytes));
        assertThat(sent.headers().keySet())
            .filteredOn(header -> header.contains("checksum"))
            .containsExactly(name);
        assertThat(sent.header("x-amz-content-sha256")).isEqualTo("UNSIGNED-PAYLOAD");
      }
      Request begin = server.requests().get(1);
      assertThat(begin.header("x-amz-checksum-algorithm")).isEqualToIgnoringCase(algorithm);
      assertThat(begin.header("x-amz-checksum-type")).isEqualTo(type);
      assertThat(new String(server.requests().get(3).body(), US_ASCII))
          .contains(expected(algorithm, bytes));
    }
  }

  private static Reply answer(Request request) {
    if (request.target().contains("?uploads")) {
      return Reply.xml(
          200,
          "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>",
          Map.of());
    }
    return request.method().equals("POST")
        ? Reply.xml(
            200,
            "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>",
            Map.of())
        : Reply.of(200, ETAG, new byte[0]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"crc32", "crc64nvme", "sha256"})
  void isWhatTheStoreFindsToo(String algorithm) throws Exception {
    byte[] bytes = random(PART + 777, 3);
    try (Fixture s3 = Fixture.on(Server.MINIO, "s3.checksum", algorithm)) {
      ObjectUri put = s3.uri("put");
      get(s3.backend.put(put, payload(bytes), PutOptions.DEFAULT));
      assertThat(kept(s3, put, algorithm)).isEqualTo(expected(algorithm, bytes));

      ObjectUri parts = s3.uri("parts");
      PartUpload upload = get(s3.backend.startMultipart(parts, PART, PutOptions.DEFAULT));
      get(upload.putPart(1, payload(Arrays.copyOf(bytes, PART))));
      get(upload.putPart(2, payload(Arrays.copyOfRange(bytes, PART, bytes.length))));
      get(upload.complete(2, bytes.length, Optional.empty()));
      if (algorithm.equals("sha256")) {
        assertThat(kept(s3, parts, algorithm)).endsWith("-2");
      } else {
        assertThat(kept(s3, parts, algorithm)).isEqualTo(expected(algorithm, bytes));
      }
      for (ObjectUri uri : List.of(put, parts)) {
        assertThat(s3.read(uri, ByteRange.WHOLE).bytes()).isEqualTo(bytes);
        assertThat(get(s3.backend.head(uri)).crc32c()).isEmpty();
      }
    }
  }

  private static String kept(Fixture s3, ObjectUri uri, String algorithm)
      throws ObjectStoreException {
    Connection connection = AddedHeadersTest.connection(s3);
    HeadObjectResponse head =
        get(
            connection.send(
                S3Call.of("head", "head", uri, connection),
                (client, config) ->
                    client.headObject(
                        b ->
                            b.bucket(uri.bucket())
                                .key(uri.key())
                                .checksumMode(ChecksumMode.ENABLED)
                                .overrideConfiguration(config)),
                response -> response));
    return switch (algorithm) {
      case "crc32" -> head.checksumCRC32();
      case "crc64nvme" -> head.checksumCRC64NVME();
      default -> head.checksumSHA256();
    };
  }

  /** What another program has written with a CRC-32C is compared all the same. */
  @Test
  void goesOnComparingWithTheCrc32cOfOthers() throws ObjectStoreException {
    try (Fixture other = Fixture.on(Server.MINIO);
        Fixture s3 = Fixture.on(Server.MINIO, "s3.checksum", "sha256")) {
      byte[] bytes = random(1000, 4);
      get(other.backend.put(other.uri("k"), payload(bytes), PutOptions.DEFAULT));
      assertThat(s3.read(other.uri("k"), ByteRange.WHOLE).meta().crc32c())
          .contains(Fixture.crc32c(bytes));
    }
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void signsTheBodyWhereThatIsAskedFor(boolean https, @TempDir Path directory) throws Exception {
    TestCertificate known = TestCertificate.of(directory, "known", TestCertificate.LOCAL);
    byte[] bytes = random(300_000, 5);
    try (WireServer server =
            https
                ? WireServer.start(
                    known.server().getServerSocketFactory(), "https", (request, n) -> secondTime(n))
                : WireServer.start((request, n) -> secondTime(n));
        Fixture s3 =
            Fixture.on(
                server,
                "s3.payload-signing",
                "signed",
                "retry.max-attempts",
                "2",
                "s3.ca-bundle",
                known.pem().toString())) {
      get(s3.backend.put(s3.uri("k"), payload(bytes), PutOptions.DEFAULT));
      get(s3.backend.put(s3.uri("empty"), payload(new byte[0]), PutOptions.DEFAULT));
      assertThat(server.requests()).hasSize(3);
      for (Request sent : server.requests()) {
        byte[] body = sent.target().contains("empty") ? new byte[0] : bytes;
        assertThat(sent.body()).isEqualTo(body);
        assertThat(sent.header("x-amz-content-sha256")).isEqualTo(sha256(body));
        assertThat(sent.header("x-amz-checksum-crc32c")).isNotNull();
        assertThat(sent.headers()).doesNotContainKeys("content-encoding", "x-amz-trailer");
      }
    }
  }

  private static Reply secondTime(int number) {
    return number == 1 ? Reply.error(503, "SlowDown", "later") : Reply.of(200, ETAG, new byte[0]);
  }

  @Test
  void signsWhatMinioChecks() throws ObjectStoreException {
    byte[] bytes = random(200_000, 6);
    try (Fixture s3 = Fixture.on(Server.MINIO, "s3.payload-signing", "signed")) {
      get(s3.backend.put(s3.uri("k"), payload(bytes), PutOptions.DEFAULT));
      PartUpload upload = get(s3.backend.startMultipart(s3.uri("u"), PART, PutOptions.DEFAULT));
      get(upload.putPart(1, payload(bytes)));
      get(upload.complete(1, bytes.length, Optional.of(Fixture.crc32c(bytes))));
      for (String key : List.of("k", "u")) {
        assertThat(s3.read(s3.uri(key), ByteRange.WHOLE).bytes()).isEqualTo(bytes);
      }
      get(s3.backend.deleteAll(List.of(s3.uri("k"), s3.uri("u"))));
      assertThat(failure(s3.backend.head(s3.uri("k")))).hasMessageContaining("no such object");
    }
  }
}
