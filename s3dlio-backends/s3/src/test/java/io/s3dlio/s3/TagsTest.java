package io.s3dlio.s3;

import static io.s3dlio.s3.Fixture.failure;
import static io.s3dlio.s3.Fixture.get;
import static io.s3dlio.s3.Fixture.payload;
import static io.s3dlio.s3.Fixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.PutOptions;
import io.s3dlio.RequestEvent;
import io.s3dlio.s3.Fixture.Server;
import io.s3dlio.s3.WireServer.Reply;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the contract does not say of tags and versions. */
class TagsTest {

  private static final PutOptions TAGGED =
      PutOptions.DEFAULT.withTags(Map.of("a b", "c&d=e", "ä+", "日"));

  @Test
  void writesTagsAsAQuery() throws ObjectStoreException {
    try (WireServer server = WireServer.start((request, n) -> Reply.of(200));
        Fixture s3 = Fixture.on(server)) {
      get(s3.backend.put(s3.uri("k"), payload(random(10, 1)), TAGGED));
      assertThat(server.requests().get(0).header("x-amz-tagging"))
          .isEqualTo("a%20b=c%26d%3De&%C3%A4%2B=%E6%97%A5");
    }
  }

  @Test
  void copiesTagsInPartsAndAsksForThemOnlyWhereThereAreSome() throws ObjectStoreException {
    Map<String, String> tags = Map.of("a", "1", "b c", "x=y");
    try (Fixture s3 = Fixture.on(Server.MINIO)) {
      byte[] bytes = random((5 << 20) + 10, 1);
      get(s3.backend.put(s3.uri("a"), payload(bytes), PutOptions.DEFAULT.withTags(tags)));
      get(s3.backend.put(s3.uri("b"), payload(bytes), PutOptions.DEFAULT));
      Connection connection = AddedHeadersTest.connection(s3);
      get(S3Copy.start(connection, s3.uri("a"), s3.uri("c"), 5 << 20));
      assertThat(get(s3.backend.tags(s3.uri("c")))).isEqualTo(tags);
      s3.events.clear();
      get(S3Copy.start(connection, s3.uri("b"), s3.uri("d"), 5 << 20));
      assertThat(s3.events).extracting(RequestEvent::operation).doesNotContain("tags");
    }
  }

  @Test
  void refusesMoreTagsThanTheStoreTakes() throws ObjectStoreException {
    Map<String, String> eleven = new java.util.HashMap<>();
    for (int i = 0; i < 11; i++) {
      eleven.put("tag" + i, "");
    }
    try (Fixture s3 = Fixture.on(Server.MINIO)) {
      ObjectStoreException e =
          failure(
              s3.backend.put(
                  s3.uri("k"), payload(random(10, 1)), PutOptions.DEFAULT.withTags(eleven)));
      assertThat(e.kind()).isEqualTo(Kind.INVALID);
      assertThat(e).hasMessageContaining("10");
    }
  }

  /** S3 answers 405, to a HEAD without saying why. */
  @Test
  void knowsADeleteMarker() throws ObjectStoreException {
    Reply deleted = Reply.of(405, Map.of("x-amz-delete-marker", "true"), new byte[0]);
    try (WireServer server = WireServer.start((request, n) -> deleted);
        Fixture s3 = Fixture.on(server)) {
      for (ObjectStoreException e :
          List.of(
              failure(s3.backend.head(s3.uri("k"), "v")),
              failure(
                  s3.backend.read(
                      s3.uri("k"),
                      new io.s3dlio.spi.ReadRequest(
                          io.s3dlio.ByteRange.WHOLE,
                          java.util.Optional.empty(),
                          java.util.Optional.of("v")),
                      new Fixture.Taking(10))))) {
        assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(e).hasMessageContaining("delete marker");
      }
      assertThat(server.requests()).allMatch(r -> r.target().endsWith("versionId=v"));
    }
  }
}
