package io.s3dlio.s3;

import static io.s3dlio.s3.Fixture.failure;
import static io.s3dlio.s3.Fixture.get;
import static io.s3dlio.s3.Fixture.payload;
import static io.s3dlio.s3.Fixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.BucketInfo;
import io.s3dlio.CommonPrefix;
import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.s3.Fixture.Server;
import io.s3dlio.s3.WireServer.Reply;
import io.s3dlio.spi.ListCursor;
import io.s3dlio.testkit.server.S3Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ListTest {

  private static void putAll(Fixture s3, String... keys) throws ObjectStoreException {
    for (String key : keys) {
      get(s3.backend.put(s3.uri(key), payload(random(key.length(), 1)), PutOptions.DEFAULT));
    }
  }

  @ParameterizedTest
  @EnumSource
  void listsKeysLiterally(Server server) throws ObjectStoreException {
    String[] keys = {
      "a b",
      "a%20b",
      "a%2Fb",
      "a+b",
      "a#b",
      "a?b",
      "a&b",
      "[x]",
      "<y>",
      "é",
      "日本",
      "tab\t",
      "cr\r",
      "one\u0001",
      " lead",
      "trail "
    };
    try (Fixture s3 = Fixture.on(server)) {
      putAll(s3, keys);
      List<String> sorted = new ArrayList<>(List.of(keys));
      sorted.sort(ObjectUri::compareUtf8);
      assertThat(s3.keys("")).isEqualTo(sorted);
      assertThat(s3.keys("a%")).containsExactly("a%20b", "a%2Fb");
      assertThat(s3.keys("a+")).containsExactly("a+b");
    }
  }

  @ParameterizedTest
  @EnumSource
  void listsInTheOrderOfTheServer(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      putAll(s3, "o/😀", "o/～");
      boolean utf8 = server.get().traits().contains(S3Trait.LISTS_IN_UTF8_ORDER);
      assertThat(s3.keys("o/")).containsExactly(utf8 ? "o/～" : "o/😀", utf8 ? "o/😀" : "o/～");
    }
  }

  @ParameterizedTest
  @EnumSource
  void mergesObjectsAndPrefixes(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      putAll(s3, "p/a", "p/b/1", "p/b/2", "p/c", "p/d/x/y", "p/e", "q");
      assertThat(s3.list("p/", ListOptions.ONE_LEVEL))
          .extracting(ListEntry::uri)
          .containsExactly(
              s3.uri("p/a"), s3.uri("p/b/"), s3.uri("p/c"), s3.uri("p/d/"), s3.uri("p/e"));
      assertThat(s3.list("p/", ListOptions.ONE_LEVEL).get(1)).isInstanceOf(CommonPrefix.class);
      assertThat(s3.list("p/", ListOptions.ALL.withStartAfter("p/b/1")))
          .extracting(ListEntry::uri)
          .containsExactly(s3.uri("p/b/2"), s3.uri("p/c"), s3.uri("p/d/x/y"), s3.uri("p/e"));
      ObjectMeta first = (ObjectMeta) s3.list("p/a", ListOptions.ALL).get(0);
      assertThat(first.size()).isEqualTo(3);
      assertThat(first.etag()).isEqualTo(get(s3.backend.head(s3.uri("p/a"))).etag());
    }
  }

  @ParameterizedTest
  @EnumSource
  void turnsPages(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      putAll(s3, "a", "b/1", "b/2", "c", "d/1", "e");
      for (ListOptions options : List.of(ListOptions.ALL, ListOptions.ONE_LEVEL)) {
        List<ObjectUri> paged = new ArrayList<>();
        int pages = 0;
        try (ListCursor cursor = s3.backend.list(s3.uri(""), options.withLimit(2))) {
          for (List<ListEntry> page = get(cursor.next());
              !page.isEmpty();
              page = get(cursor.next())) {
            page.forEach(entry -> paged.add(entry.uri()));
            pages++;
          }
          assertThat(get(cursor.next())).isEmpty();
        }
        assertThat(paged).isEqualTo(s3.list("", options).stream().map(ListEntry::uri).toList());
        assertThat(pages).isGreaterThan(1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void listsNothingBeforeItIsAsked(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      ListCursor cursor = s3.backend.list(s3.uri(""), ListOptions.ALL);
      assertThat(s3.events).isEmpty();
      assertThat(get(cursor.next())).isEmpty();
      assertThat(s3.events).hasSize(1);
      assertThat(get(cursor.next())).isEmpty();
      assertThat(s3.events).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void answersInTheFormOfTheQuestion(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      putAll(s3, "k/1", "l");
      String host = server.get().endpoint().getAuthority();
      ObjectUri asked = ObjectUri.parse("s3://" + host + "/" + s3.bucket.bucket() + "/");
      try (ListCursor cursor = s3.backend.list(asked, ListOptions.ONE_LEVEL)) {
        List<ListEntry> page = get(cursor.next());
        assertThat(page)
            .extracting(ListEntry::uri)
            .containsExactly(asked.withKey("k/"), asked.withKey("l"));
        assertThat(get(s3.backend.head(page.get(1).uri())).uri()).isEqualTo(page.get(1).uri());
      }
      assertThat(get(s3.backend.listBuckets(ObjectUri.parse("s3://" + host + "/"))))
          .extracting(BucketInfo::uri)
          .contains(asked);
      assertThat(get(s3.backend.listBuckets(ObjectUri.parse("s3://"))))
          .extracting(BucketInfo::uri)
          .contains(s3.bucket)
          .isSorted();
    }
  }

  @ParameterizedTest
  @EnumSource
  void reportsAMissingBucketAtTheFirstPage(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server);
        ListCursor cursor =
            s3.backend.list(ObjectUri.parse("s3://no-such-bucket-here/"), ListOptions.ALL)) {
      assertThat(failure(cursor.next()))
          .hasMessageContaining("bucket `no-such-bucket-here` not found")
          .extracting(ObjectStoreException::kind)
          .isEqualTo(Kind.NOT_FOUND);
    }
  }

  @ParameterizedTest
  @EnumSource
  void makesAndDeletesBuckets(Server server) throws ObjectStoreException {
    try (Fixture s3 = Fixture.on(server)) {
      assertThat(failure(s3.backend.createBucket(s3.bucket)))
          .hasMessageContaining("exists already at")
          .extracting(ObjectStoreException::kind)
          .isEqualTo(Kind.ALREADY_EXISTS);
      putAll(s3, "k");
      assertThat(failure(s3.backend.deleteBucket(s3.bucket)))
          .hasMessageContaining("not empty")
          .hasMessageContaining("s3dlio rm -r " + s3.bucket)
          .extracting(ObjectStoreException::kind)
          .isEqualTo(Kind.INVALID);
      get(s3.backend.deleteAll(List.of(s3.uri("k"))));
      get(s3.backend.deleteBucket(s3.bucket));
      assertThat(failure(s3.backend.deleteBucket(s3.bucket)).kind()).isEqualTo(Kind.NOT_FOUND);
      assertThat(failure(s3.backend.createBucket(ObjectUri.parse("s3://Not_A_Name/"))).kind())
          .isEqualTo(Kind.INVALID);
    }
  }

  @Test
  void noticesThatTheServerGoesInACircle() throws ObjectStoreException {
    String page =
        "<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>k</Key><Size>1</Size>"
            + "</Contents><NextContinuationToken>again</NextContinuationToken></ListBucketResult>";
    try (WireServer server = WireServer.start((request, n) -> Reply.xml(200, page, Map.of()));
        Fixture s3 = Fixture.on(server);
        ListCursor cursor = s3.backend.list(s3.bucket, ListOptions.ALL)) {
      assertThat(get(cursor.next())).hasSize(1);
      assertThat(failure(cursor.next()))
          .hasMessageContaining("continuation token")
          .extracting(ObjectStoreException::kind)
          .isEqualTo(Kind.UNSUPPORTED);
    }
  }

  @Test
  void skipsEmptyPages() throws ObjectStoreException {
    try (WireServer server =
            WireServer.start(
                (request, n) ->
                    Reply.xml(
                        200,
                        n < 3
                            ? "<ListBucketResult><IsTruncated>true</IsTruncated>"
                                + "<NextContinuationToken>"
                                + n
                                + "</NextContinuationToken></ListBucketResult>"
                            : "<ListBucketResult><Contents><Key>k</Key></Contents>"
                                + "</ListBucketResult>",
                        Map.of()));
        Fixture s3 = Fixture.on(server)) {
      assertThat(s3.keys("")).containsExactly("k");
    }
  }

  @Test
  void namesTheRegionOfANewBucketWhereItIsNotTheFirst() throws ObjectStoreException {
    try (WireServer server = WireServer.start((request, n) -> Reply.of(200));
        Fixture s3 = Fixture.on(server, "s3.region", "eu-west-3");
        Fixture first = Fixture.on(server, "s3.region", "us-east-1")) {
      get(s3.backend.createBucket(s3.bucket));
      get(first.backend.createBucket(s3.bucket));
      assertThat(
              new String(server.requests().get(0).body(), java.nio.charset.StandardCharsets.UTF_8))
          .contains("<LocationConstraint>eu-west-3</LocationConstraint>");
      assertThat(server.requests().get(1).body()).isEmpty();
    }
  }
}
