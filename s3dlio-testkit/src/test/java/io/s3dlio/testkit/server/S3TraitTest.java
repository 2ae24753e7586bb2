package io.s3dlio.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Tries every trait on every server: the server's word is not taken for it. */
class S3TraitTest {

  /** Tells if a server has a trait. */
  private interface Probe {
    boolean shows(S3 s3) throws Exception;
  }

  private static final String CRC32C_OF_ABC = "Nks/tw==";

  @TestFactory
  List<DynamicTest> s3proxy() {
    return each(TestServers.s3proxy());
  }

  @TestFactory
  List<DynamicTest> minio() {
    return each(TestServers.minio());
  }

  private static List<DynamicTest> each(S3Server server) {
    List<DynamicTest> tests = new ArrayList<>();
    for (S3Trait trait : S3Trait.values()) {
      if (trait == S3Trait.SWAPS_ATOMICALLY && !server.traits().contains(trait)) {
        continue; // that a race is lost now and then is no test
      }
      tests.add(DynamicTest.dynamicTest(trait.name(), () -> check(server, trait)));
    }
    return tests;
  }

  private static void check(S3Server server, S3Trait trait) throws Exception {
    try (S3 s3 = new S3(server)) {
      assertThat(probe(trait).shows(s3))
          .as("%s on %s", trait, server)
          .isEqualTo(server.traits().contains(trait));
    }
  }

  private static Probe probe(S3Trait trait) {
    return switch (trait) {
      case RETURNS_CHECKSUMS -> S3TraitTest::returnsChecksums;
      case LISTS_IN_UTF8_ORDER -> S3TraitTest::listsInUtf8Order;
      case SWAPS_ATOMICALLY -> S3TraitTest::swapsAtomically;
      case DELETES_CONDITIONALLY -> S3TraitTest::deletesConditionally;
      case FINDS_UPLOADS_BY_PREFIX -> S3TraitTest::findsUploadsByPrefix;
      case REFUSES_EMPTY_SEGMENTS -> s3 -> refusesOrAliases(s3, "a//b", "a/b");
      case REFUSES_LEADING_SLASH -> s3 -> refusesOrAliases(s3, "/a", "a");
      case REFUSES_DOT_SEGMENTS -> s3 -> refusesOrAliases(s3, "a/./b", "a/b");
      case REFUSES_LONG_SEGMENTS -> s3 -> refuses(s3, "x".repeat(256)) && !refuses(s3, "x/y");
      case TELLS_TRAILING_SLASH_APART -> S3TraitTest::tellsTrailingSlashApart;
      case STORES_BELOW_AN_OBJECT -> S3TraitTest::storesBelowAnObject;
    };
  }

  private static boolean returnsChecksums(S3 s3) {
    s3.put("key", "abc", request -> request.checksumCRC32C(CRC32C_OF_ABC));
    assertThat(S3.status(() -> s3.put("key", "abd", r -> r.checksumCRC32C(CRC32C_OF_ABC))))
        .isEqualTo(400);
    return CRC32C_OF_ABC.equals(s3.get("key").response().checksumCRC32C());
  }

  /** The first key is before the second in UTF-8, and after it in UTF-16. */
  private static boolean listsInUtf8Order(S3 s3) {
    String wide = "\uff5e";
    String emoji = "\ud83d\ude00";
    s3.put(wide, "");
    s3.put(emoji, "");
    assertThat(s3.list()).containsExactlyInAnyOrder(wide, emoji);
    return s3.list().equals(List.of(wide, emoji));
  }

  private static boolean swapsAtomically(S3 s3) throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(8);
    try {
      String eTag = s3.put("key", "before");
      for (int round = 0; round < 10; round++) {
        List<String> won = race(writers, s3, eTag);
        if (won.size() != 1) {
          return false;
        }
        eTag = won.get(0);
      }
      return true;
    } finally {
      writers.shutdownNow();
    }
  }

  /** The ETags of the writers that got through. */
  private static List<String> race(ExecutorService writers, S3 s3, String eTag) throws Exception {
    Queue<String> won = new ConcurrentLinkedQueue<>();
    List<Callable<Integer>> attempts = new ArrayList<>();
    for (int writer = 0; writer < 8; writer++) {
      String content = eTag + writer;
      attempts.add(
          () -> S3.status(() -> won.add(s3.put("key", content, put -> put.ifMatch(eTag)))));
    }
    for (Future<Integer> status : writers.invokeAll(attempts, 60, TimeUnit.SECONDS)) {
      assertThat(status.get()).isIn(200, 409, 412);
    }
    return List.copyOf(won);
  }

  private static boolean deletesConditionally(S3 s3) {
    String old = s3.put("key", "old");
    s3.put("key", "new");
    int status = S3.status(() -> s3.delete("key", delete -> delete.ifMatch(old)));
    assertThat(s3.list()).isEqualTo(status == 412 ? List.of("key") : List.of());
    return status == 412;
  }

  private static boolean findsUploadsByPrefix(S3 s3) {
    s3.startUpload("dir/key");
    assertThat(s3.uploads("dir/key")).containsExactly("dir/key");
    return !s3.uploads("dir/").isEmpty();
  }

  private static boolean refuses(S3 s3, String key) {
    int status = S3.status(() -> s3.put(key, "content"));
    assertThat(status).isIn(200, 400);
    return status == 400;
  }

  private static boolean refusesOrAliases(S3 s3, String key, String alias) {
    boolean refused = refuses(s3, key);
    assertThat(s3.list()).isEqualTo(refused ? List.of() : List.of(alias));
    return refused;
  }

  private static boolean tellsTrailingSlashApart(S3 s3) {
    s3.put("a", "object");
    s3.put("a/", "marker");
    return s3.content("a").equals("object") && s3.content("a/").equals("marker");
  }

  private static boolean storesBelowAnObject(S3 s3) {
    s3.put("a", "above");
    int status = S3.status(() -> s3.put("a/b", "below"));
    if (status == 500) {
      return false;
    }
    assertThat(s3.content("a/b")).isEqualTo("below");
    assertThat(s3.list()).containsExactly("a");
    s3.delete("a", delete -> {});
    assertThat(s3.list()).containsExactly("a/b");
    return status == 200;
  }
}
