package io.s3dlio.s3;

import static io.s3dlio.s3.Fixture.failure;
import static io.s3dlio.s3.Fixture.get;
import static io.s3dlio.s3.Fixture.payload;
import static io.s3dlio.s3.Fixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.RequestEvent;
import io.s3dlio.s3.Fixture.Server;
import io.s3dlio.s3.WireServer.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeleteTest {

  @ParameterizedTest
  @EnumSource
  void deletesAThousandKeysARequest(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      List<ObjectUri> uris = IntStream.range(0, 2001).mapToObj(i -> s3.uri("k/" + i)).toList();
      List<CompletableFuture<?>> puts = new ArrayList<>();
      for (int i : new int[] {0, 999, 1000, 1999, 2000}) {
        puts.add(s3.backend.put(uris.get(i), payload(random(5, i)), PutOptions.DEFAULT));
      }
      for (CompletableFuture<?> put : puts) {
        get(put);
      }
      s3.events.clear();
      assertThat(get(s3.backend.deleteAll(uris))).isEmpty();
      assertThat(s3.events)
          .extracting(RequestEvent::operation)
          .containsExactly("deleteAll", "deleteAll", "delete");
      assertThat(s3.keys("")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void deletesEveryKindOfKey(Server server) throws ObjectStoreException {
    List<String> keys =
        List.of(
            "a b",
            "a+b",
            "a%2Fb",
            "a?b",
            "a#b",
            "a&b",
            "<a>",
            "]]>",
            "\"'",
            "é日本😀",
            "tab\t",
            "cr\rlf\n",
            "one\u0001",
            "del\u007f",
            "nel\u0085",
            "ls\u2028",
            "bom\ufeff",
            " lead",
            "trail ");
    try (Fixture s3 = Fixture.on(server)) {
      for (String key : keys) {
        get(s3.backend.put(s3.uri(key), payload(random(5, 1)), PutOptions.DEFAULT));
      }
      assertThat(s3.keys("")).hasSize(keys.size());
      assertThat(get(s3.backend.deleteAll(keys.stream().map(s3::uri).toList()))).isEmpty();
      assertThat(s3.keys("")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void deletesFromSeveralBuckets(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server);
        Fixture other = Fixture.on(server)) {
      List<ObjectUri> uris = List.of(s3.uri("a"), other.uri("a"), s3.uri("b"), other.uri("b"));
      for (ObjectUri uri : uris) {
        get(s3.backend.put(uri, payload(random(5, 1)), PutOptions.DEFAULT));
      }
      assertThat(get(s3.backend.deleteAll(uris))).isEmpty();
      assertThat(s3.keys("")).isEmpty();
      assertThat(other.keys("")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void failsWhereThereIsNoBucket(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      ObjectUri elsewhere = ObjectUri.parse("s3://no-such-bucket-here/k");
      assertThat(failure(s3.backend.deleteAll(List.of(elsewhere))).kind())
          .isEqualTo(Kind.NOT_FOUND);
    }
  }

  @Test
  void namesEveryKeyThatIsStillThere() throws ObjectStoreException {
    String answer =
        "<DeleteResult><Deleted><Key>a</Key></Deleted>"
            + "<Error><Key>b</Key><Code>AccessDenied</Code><Message>no</Message></Error>"
            + "<Error><Key>c</Key><Code>NoSuchKey</Code><Message>gone</Message></Error>"
            + "<Error><Key>nobody-asked</Key><Code>AccessDenied</Code><Message>no</Message></Error>"
            + "<Error><Key>d</Key><Code>InternalError</Code><Message>oh</Message></Error>"
            + "</DeleteResult>";
    try (WireServer server = WireServer.start((request, n) -> Reply.xml(200, answer, Map.of()));
        Fixture s3 = Fixture.on(server)) {
      List<ObjectUri> uris = List.of(s3.uri("a"), s3.uri("b"), s3.uri("c"), s3.uri("d"));
      Map<ObjectUri, ObjectStoreException> failures = get(s3.backend.deleteAll(uris));
      assertThat(failures).containsOnlyKeys(s3.uri("b"), s3.uri("d"));
      assertThat(failures.get(s3.uri("b")).kind()).isEqualTo(Kind.PERMISSION_DENIED);
      assertThat(failures.get(s3.uri("d")).kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failures.get(s3.uri("b"))).hasMessageContaining("s3://bucket/b");
    }
  }

  @Test
  void goesOnAfterABatchThatFails() throws ObjectStoreException {
    try (WireServer server =
            WireServer.start(
                (request, n) ->
                    n == 1
                        ? Reply.error(500, "InternalError", "no")
                        : Reply.xml(200, deleted(1000, 1500), Map.of()));
        Fixture s3 = Fixture.on(server)) {
      List<ObjectUri> uris = new ArrayList<>();
      IntStream.range(0, 1500).forEach(i -> uris.add(s3.uri("k" + i)));
      Map<ObjectUri, ObjectStoreException> failures = get(s3.backend.deleteAll(uris));
      assertThat(failures).hasSize(1000);
      assertThat(failures.get(s3.uri("k999")).kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failures).doesNotContainKey(s3.uri("k1000"));
    }
  }

  private static String deleted(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "<Deleted><Key>k" + i + "</Key></Deleted>")
        .collect(Collectors.joining("", "<DeleteResult>", "</DeleteResult>"));
  }

  /** MinIO deletes what a damaged request names; it names other keys in its answer then. */
  @Test
  void takesNoKeyForDeletedThatTheAnswerDoesNotName() throws ObjectStoreException {
    try (WireServer server =
            WireServer.start((request, n) -> Reply.xml(200, deleted(0, 3), Map.of()));
        Fixture s3 = Fixture.on(server)) {
      Map<ObjectUri, ObjectStoreException> failures =
          get(s3.backend.deleteAll(List.of(s3.uri("k0"), s3.uri("j1"), s3.uri("k2"))));
      assertThat(failures).containsOnlyKeys(s3.uri("j1"));
      assertThat(failures.get(s3.uri("j1")))
          .hasMessageContaining("delete it again")
          .extracting(ObjectStoreException::kind)
          .isEqualTo(Kind.UNAVAILABLE);
    }
  }

  @Test
  void failsWhereNothingCouldBeTried() throws ObjectStoreException {
    try (WireServer server =
            WireServer.start((request, n) -> Reply.error(403, "InvalidAccessKeyId", "who?"));
        Fixture s3 = Fixture.on(server)) {
      List<ObjectUri> uris = IntStream.range(0, 1500).mapToObj(i -> s3.uri("k" + i)).toList();
      assertThat(failure(s3.backend.deleteAll(uris)).kind()).isEqualTo(Kind.UNAUTHENTICATED);
    }
  }
}
