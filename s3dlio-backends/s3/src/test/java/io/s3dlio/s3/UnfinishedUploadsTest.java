package io.s3dlio.s3;

import static io.s3dlio.s3.Fixture.failure;
import static io.s3dlio.s3.Fixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.s3.Fixture.Server;
import io.s3dlio.s3.WireServer.Reply;
import io.s3dlio.s3.WireServer.Request;
import io.s3dlio.spi.UnfinishedWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Uploads that nobody completed, beyond the contract. */
class UnfinishedUploadsTest {

  private static final int PART = 5 << 20;

  private static void begin(Fixture s3, ObjectUri uri) throws ObjectStoreException {
    get(s3.backend.startMultipart(uri, PART, PutOptions.DEFAULT));
  }

  private static List<String> keys(List<UnfinishedWrite> found) {
    return found.stream().map(write -> write.uri().key()).toList();
  }

  @Test
  void severalOfOneKeyComeInPages() throws Exception {
    try (Fixture s3 = Fixture.on(Server.MINIO)) {
      ObjectUri key = s3.uri("d/o +%25é");
      for (int i = 0; i < 5; i++) {
        begin(s3, key);
      }
      begin(s3, s3.uri("d/other"));
      List<UnfinishedWrite> found = get(s3.backend.unfinished(key, 2));
      assertThat(keys(found)).hasSize(5).containsOnly(key.key());
      assertThat(keys(get(s3.backend.unfinished(s3.uri("d/"), 2)))).hasSize(6);
      for (UnfinishedWrite write : found) {
        get(write.abort().get());
        get(write.abort().get()); // gone already
      }
      assertThat(Uploads.open(s3)).containsExactly("d/other");
    }
  }

  private static String page(String more, String... keys) {
    StringBuilder xml = new StringBuilder("<ListMultipartUploadsResult>" + more);
    for (String key : keys) {
      xml.append("<Upload><Key>" + key + "</Key><UploadId>id-" + key + "</UploadId></Upload>");
    }
    return xml.append("</ListMultipartUploadsResult>").toString();
  }

  private static String next(String key) {
    return "<IsTruncated>true</IsTruncated><NextKeyMarker>%s</NextKeyMarker><NextUploadIdMarker>id-%s</NextUploadIdMarker>"
        .formatted(key, key);
  }

  @Test
  void pagesGoOnAtKeyAndId() throws Exception {
    List<String> targets = new ArrayList<>();
    try (WireServer server =
            WireServer.start(
                (request, n) -> {
                  targets.add(request.target());
                  return Reply.xml(
                      200,
                      request.target().contains("key-marker=a%2Fo2")
                          ? page("", "a/o3")
                          : page(next("a/o2"), "a/o1", "a/o2"),
                      Map.of());
                });
        Fixture s3 = Fixture.on(server)) {
      assertThat(keys(get(s3.backend.unfinished(s3.uri("a/")))))
          .containsExactly("a/o1", "a/o2", "a/o3");
      assertThat(targets).hasSize(2).allMatch(target -> target.contains("prefix=a%2F"));
      assertThat(targets.get(1)).contains("upload-id-marker=id-a%2Fo2");
    }
  }

  @Test
  void noticesThatTheServerGoesInACircle() throws Exception {
    try (WireServer server =
            WireServer.start((request, n) -> Reply.xml(200, page(next("o"), "o"), Map.of()));
        Fixture s3 = Fixture.on(server)) {
      assertThat(failure(s3.backend.unfinished(s3.bucket)))
          .hasMessageContaining("the same page again")
          .extracting(ObjectStoreException::kind)
          .isEqualTo(Kind.UNSUPPORTED);
    }
  }

  @Test
  void whatIsNotBelowThePrefixIsLeftAlone() throws Exception {
    try (WireServer server =
            WireServer.start((request, n) -> Reply.xml(200, page("", "a/o", "b/o"), Map.of()));
        Fixture s3 = Fixture.on(server)) {
      assertThat(keys(get(s3.backend.unfinished(s3.uri("a/"))))).containsExactly("a/o");
    }
  }

  @Test
  void anAbortThatIsRefusedNamesTheKey() throws Exception {
    try (WireServer server =
            WireServer.start(
                (Request request, int n) ->
                    request.method().equals("DELETE")
                        ? Reply.error(403, "AccessDenied", "no")
                        : Reply.xml(200, page("", "a/o"), Map.of()));
        Fixture s3 = Fixture.on(server)) {
      UnfinishedWrite write = get(s3.backend.unfinished(s3.uri("a/"))).get(0);
      ObjectStoreException told = failure(write.abort().get());
      assertThat(told.kind()).isEqualTo(Kind.PERMISSION_DENIED);
      assertThat(told.uri()).contains(s3.uri("a/o"));
    }
  }
}
