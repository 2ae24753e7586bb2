package io.s3dlio.testkit;

import static io.s3dlio.testkit.Fixture.bytes;
import static io.s3dlio.testkit.Fixture.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.testkit.StoreFacts.Fact;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Listings: lazy, ordered, literal. */
interface ListContract extends Fixture {

  @Test
  default void listsInTheOrderOfUtf8Bytes() throws Exception {
    // U+FF5E comes before U+1F600 by code point and after its surrogates by UTF-16 unit.
    List<String> names =
        List.of(
            "A",
            "Z",
            "a",
            "a b",
            "a!",
            "a-",
            "a/b/c",
            "a0",
            "b",
            "\u00e9",
            "\uff5e",
            "\ud83d\ude00");
    List<String> shuffled = new ArrayList<>(names);
    Collections.shuffle(shuffled, new java.util.Random(1));
    for (String name : shuffled) {
      if (!name.startsWith("a/")) {
        put(name, bytes(3, 1));
      }
    }
    put("sub/x", bytes(3, 1));
    List<String> expected = new ArrayList<>(names);
    expected.remove("a/b/c");
    expected.add("sub/x");
    expected.sort(
        facts().has(Fact.ORDERS_BY_UTF8) ? ObjectUri::compareUtf8 : Comparator.naturalOrder());
    assertThat(list("")).containsExactlyElementsOf(expected);
  }

  @Test
  default void aPrefixIsText() throws Exception {
    putAll(List.of("ab", "abc", "ab d/x", "b/ab", "x/a", "x/ab", "x/abc/d", "x/b"));
    assertThat(list("ab")).containsExactly("ab", "ab d/x", "abc");
    assertThat(list("x/ab")).containsExactly("x/ab", "x/abc/d");
    assertThat(list("x/")).containsExactly("x/a", "x/ab", "x/abc/d", "x/b");
    assertThat(list("x")).containsExactly("x/a", "x/ab", "x/abc/d", "x/b");
    assertThat(list("abcd")).isEmpty();
    assertThat(list("x/abc/d/")).isEmpty();
    assertThat(list("nothing/here/")).isEmpty();
  }

  @Test
  default void aDelimiterRollsUp() throws Exception {
    putAll(List.of("a", "b/1", "b/2", "b/c/3", "b-1", "c-1-2", "d/e/f", "e"));
    ListOptions level = ListOptions.ONE_LEVEL;
    assertThat(list("", level)).containsExactly("a", "b-1", "b/", "c-1-2", "d/", "e");
    assertThat(list("b", level)).containsExactly("b-1", "b/");
    assertThat(list("b/", level)).containsExactly("b/1", "b/2", "b/c/");
    assertThat(list("d/", level)).containsExactly("d/e/");
    assertThat(list("d/e", level)).containsExactly("d/e/");
    ListOptions other = ListOptions.ALL.withDelimiter("-");
    if (!facts().has(Fact.OTHER_DELIMITERS)) {
      assertThat(failure(() -> list("", other)).kind()).isEqualTo(Kind.INVALID);
      return;
    }
    assertThat(list("", other))
        .containsExactly("a", "b-", "b/1", "b/2", "b/c/3", "c-", "d/e/f", "e");
    assertThat(list("c-", other)).containsExactly("c-1-");
    assertThat(list("", ListOptions.ALL.withDelimiter("/c")))
        .containsExactly("a", "b-1", "b/1", "b/2", "b/c", "c-1-2", "d/e/f", "e");
  }

  @Test
  default void startsAfterAKey() throws Exception {
    List<String> names = List.of("a", "b", "b/1", "b0", "c", "\u00e9");
    putAll(names.stream().filter(n -> !n.equals("b/1")).toList());
    assertThat(listAfter("")).containsExactly("a", "b", "b0", "c", "\u00e9");
    assertThat(listAfter("a")).containsExactly("b", "b0", "c", "\u00e9");
    assertThat(listAfter("b/")).containsExactly("b0", "c", "\u00e9");
    assertThat(listAfter("b ")).containsExactly("b0", "c", "\u00e9");
    assertThat(listAfter("c")).containsExactly("\u00e9");
    assertThat(listAfter("zzz")).containsExactly("\u00e9");
    assertThat(listAfter("\u00e9")).isEmpty();
    assertThat(listAfter("\ud83d\ude00")).isEmpty();
    ListOptions beforeAll = ListOptions.ALL.withStartAfter("!");
    assertThat(list("", here().key().isEmpty() ? ListOptions.ALL : beforeAll)).hasSize(5);
    assertThat(list("b", ListOptions.ALL.withStartAfter(here().key() + "a")))
        .containsExactly("b", "b0");
    assertThat(list("b", ListOptions.ALL.withStartAfter(here().key() + "c"))).isEmpty();
  }

  private List<String> listAfter(String name) {
    return list("", ListOptions.ALL.withStartAfter(here().key() + name));
  }

  @Test
  default void startsAfterAKeyOrPrefixOfOneLevel() throws Exception {
    putAll(List.of("a", "b/1", "b/2", "c/1", "c/2", "d"));
    assertThat(levelAfter("a")).containsExactly("b/", "c/", "d");
    assertThat(levelAfter("b")).containsExactly("b/", "c/", "d");
    // What comes after "b/" and is rolled up into it does not bring it back.
    assertThat(levelAfter("b/")).containsExactly("c/", "d");
    assertThat(levelAfter("b/1")).containsExactly("c/", "d");
    assertThat(levelAfter("b/9")).containsExactly("c/", "d");
    assertThat(levelAfter("c/1")).containsExactly("d");
    assertThat(levelAfter("d")).isEmpty();
  }

  private List<String> levelAfter(String name) {
    return list("", ListOptions.ONE_LEVEL.withStartAfter(here().key() + name));
  }

  @Test
  default void aLimitCountsEntries() throws Exception {
    putAll(List.of("a", "b/1", "b/2", "c/1", "d"));
    assertThat(list("", ListOptions.ALL.withLimit(1))).containsExactly("a");
    assertThat(list("", ListOptions.ALL.withLimit(3))).containsExactly("a", "b/1", "b/2");
    assertThat(list("", ListOptions.ALL.withLimit(5))).hasSize(5);
    assertThat(list("", ListOptions.ALL.withLimit(6))).hasSize(5);
    assertThat(list("", ListOptions.ONE_LEVEL.withLimit(3))).containsExactly("a", "b/", "c/");
    ListOptions rest = ListOptions.ONE_LEVEL.withStartAfter(here().key() + "b/").withLimit(1);
    assertThat(list("", rest)).containsExactly("c/");
  }

  @Test
  default void aLevelOfSeveralPagesIsInOrder() throws Exception {
    List<String> names =
        new ArrayList<>(IntStream.range(0, MANY).mapToObj(i -> String.format("n%05d", i)).toList());
    List<String> below = List.of("a/1", "n00005a/1", "n00005a/2", "n01050a/1", "z/1");
    putAll(names);
    putAll(below);
    below.forEach(key -> names.add(key.substring(0, key.indexOf('/') + 1)));
    assertThat(list("", ListOptions.ONE_LEVEL))
        .isEqualTo(names.stream().distinct().sorted().toList());
  }

  @Test
  default void listsMoreThanAPageLazily() throws Exception {
    List<String> names = IntStream.range(0, MANY).mapToObj(i -> String.format("n%05d", i)).toList();
    putAll(names);
    assertThat(list("")).isEqualTo(names);
    assertThat(list("", ListOptions.ALL.withLimit(1050))).isEqualTo(names.subList(0, 1050));
    assertThat(listAfter("n00049")).isEqualTo(names.subList(50, MANY));

    AtomicInteger requests = new AtomicInteger();
    ObjectStore watched =
        another(
            c -> c,
            event -> {
              if (event.operation().equals("list")) {
                requests.incrementAndGet();
              }
            });
    try (Stream<ObjectMeta> entries = watched.list(here())) {
      Iterator<ObjectMeta> iterator = entries.iterator();
      assertThat(requests).as("requests before the first entry is asked for").hasValue(0);
      assertThat(iterator.next().uri()).isEqualTo(uri("n00000"));
      assertThat(requests).as("requests for the first entry").hasValue(1);
    }
    assertThat(requests).as("requests after an early close").hasValue(1);

    // Deleting what is listed disturbs the listing in no way.
    List<String> seen = new ArrayList<>();
    try (Stream<ObjectMeta> entries = store().list(here())) {
      List<ObjectUri> page = new ArrayList<>();
      for (Iterator<ObjectMeta> it = entries.iterator(); it.hasNext(); ) {
        ObjectUri next = it.next().uri();
        seen.add(next.key().substring(here().key().length()));
        page.add(next);
        if (page.size() == 100) {
          store().deleteAll(page);
          page.clear();
        }
      }
    }
    assertThat(seen).isEqualTo(names);
    assertThat(list("")).isEmpty();
  }

  @Test
  default void keysBelowKeys() throws Exception {
    put("a", bytes(1, 1));
    switch (facts().nestedKeys()) {
      case REFUSED ->
          assertThat(failure(() -> put("a/b", bytes(2, 1))).kind()).isEqualTo(Kind.INVALID);
      case MISTREATED -> assertThat(failure(() -> put("a/b", bytes(2, 1)))).isNotNull();
      case HIDDEN, LISTED -> {
        put("a/b", bytes(2, 1));
        put("a/b/c", bytes(3, 1));
        assertThat(get("a/b")).hasSize(2);
        assertThat(list(""))
            .isEqualTo(
                facts().nestedKeys() == NestedKeys.LISTED
                    ? List.of("a", "a/b", "a/b/c")
                    : List.of("a"));
        assertThat(store().deletePrefix(uri("a"))).as("hidden keys are deleted too").isEqualTo(3);
      }
    }
    store().deletePrefix(here());
    assertThat(list("")).isEmpty();
    assertThat(store().exists(uri("a/b"))).isFalse();
  }

  @Test
  default void listingsFailAsStreamsDo() {
    Thread.currentThread().interrupt();
    try (Stream<ListEntry> entries = store().list(here(), ListOptions.ALL)) {
      ObjectStoreException e = failure(entries::findFirst);
      assertThat(e.kind()).isEqualTo(Kind.CANCELLED);
      assertThat(e.uri()).contains(here());
    } finally {
      assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    }
  }
}
