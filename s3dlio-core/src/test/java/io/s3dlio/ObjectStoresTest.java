package io.s3dlio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ObjectStoreException.Kind;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectStoresTest {

  private static ObjectStoreException openFails(String uri, StoreConfig config) {
    ObjectStoreException[] failure = new ObjectStoreException[1];
    assertThatThrownBy(() -> ObjectStores.open(uri, config).close())
        .isInstanceOfSatisfying(ObjectStoreException.class, e -> failure[0] = e);
    assertThat(failure[0].operation()).isEqualTo("open");
    return failure[0];
  }

  @ParameterizedTest
  @CsvSource({
    "s3://bucket/key, no backend for s3:// is there; add the artifact io.s3dlio:s3dlio-backend-s3",
    "gs://bucket/key, no backend for gs:// is there; add the artifact io.s3dlio:s3dlio-backend-gcs",
    "gcs://bucket/key, no backend for gcs:// is there; add the artifact io.s3dlio:s3dlio-backend-gcs",
    "file:///tmp, no backend for file:// is there; add the artifact io.s3dlio:s3dlio-backend-file",
    "ftp://host/x, unknown scheme 'ftp'; there are [memory]",
  })
  void aSchemeThatIsNotThere(String uri, String advice) {
    ObjectStoreException e = openFails(uri, StoreConfig.defaults());
    assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThat(e.uri()).contains(ObjectUri.parse(uri));
    assertThat(e).hasMessageEndingWith(advice);
  }

  @Test
  void whatIsNoUri() {
    ObjectStoreException e = openFails("bucket/key", StoreConfig.defaults());
    assertThat(e.kind()).isEqualTo(Kind.INVALID);
    assertThat(e).hasMessageContaining("has no scheme");
  }

  @ParameterizedTest
  @CsvSource({
    "part-sise, 8MiB, nearest known one is 'part-size'",
    "part-size, eight, part-size=eight is not a size",
    "memory-limit, 4KiB, memory-limit=4KiB is not a size",
    "memory-limit, 100TiB, MaxDirectMemorySize",
  })
  void settingsThatAreWrong(String name, String value, String advice) {
    ObjectStoreException e = openFails("memory://x", StoreConfig.defaults().with(name, value));
    assertThat(e.kind()).isEqualTo(Kind.INVALID);
    assertThat(e).hasMessageContaining(advice);
  }

  @Test
  void aStoreOfItsOwnMemoryOrTheShared() throws Exception {
    try (ObjectStore shared = ObjectStores.open("memory://a", StoreConfig.defaults());
        ObjectStore also = ObjectStores.open("memory://b", StoreConfig.defaults());
        ObjectStore own =
            ObjectStores.open(
                "memory://c", StoreConfig.defaults().with(StoreConfig.MEMORY_LIMIT, "1MiB"))) {
      assertThat(shared.pool()).isSameAs(also.pool());
      assertThat(own.pool()).isNotSameAs(shared.pool());
      assertThat(own.pool().limit()).isEqualTo(1 << 20);
      assertThat(shared.async()).isSameAs(shared.async());
      shared.put(ObjectUri.parse("memory://ostest/k"), ByteBuffer.allocate(1));
      assertThat(own.exists(ObjectUri.parse("memory://ostest/k"))).as("named stores").isTrue();
      own.deletePrefix(ObjectUri.parse("memory://ostest/"));
      own.deleteBucket(ObjectUri.parse("memory://ostest"));
    }
    assertThat(ObjectStores.schemes()).containsExactly("memory");
  }

  @Test
  void exceptionsSayWhatWhereAndWhy() {
    ObjectUri uri = ObjectUri.parse("s3://b/k");
    for (Kind kind : Kind.values()) {
      ObjectStoreException e = ObjectStoreException.of(kind, "get", uri, "why", null);
      assertThat(e.kind()).isEqualTo(kind);
      assertThat(e).hasMessage("get s3://b/k: why").hasNoCause();
      assertThat(e.isRetryable())
          .isEqualTo(List.of(Kind.THROTTLED, Kind.TIMEOUT, Kind.UNAVAILABLE).contains(kind));
    }
    assertThat(ObjectStoreException.of(Kind.NOT_FOUND, "x", null, "y", null))
        .isInstanceOf(ObjectNotFoundException.class)
        .hasMessage("x: y");
  }

  @Test
  void aBulkDeleteNamesThreeAndKeepsAll() {
    Map<ObjectUri, ObjectStoreException> failures = new HashMap<>();
    for (int i = 0; i < 5; i++) {
      ObjectUri uri = ObjectUri.parse("s3://b/" + i);
      failures.put(uri, ObjectStoreException.of(Kind.PERMISSION_DENIED, "x", uri, "no", null));
    }
    BulkDeleteException e = new BulkDeleteException(failures, 9);
    assertThat(e.failures()).isEqualTo(new TreeMap<>(failures));
    assertThat(e)
        .hasMessage(
            "deleteAll s3://b/0: 5 of 9 objects could not be deleted: s3://b/0"
                + " (PERMISSION_DENIED), s3://b/1 (PERMISSION_DENIED), s3://b/2"
                + " (PERMISSION_DENIED), …")
        .hasCause(failures.get(ObjectUri.parse("s3://b/0")));
    e.failures().clear();
    assertThat(e.failures()).hasSize(5);
  }

  @Test
  void optionsAreCheckedAndCopied() {
    assertThatThrownBy(() -> ListOptions.ALL.withLimit(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ListOptions.ALL.withDelimiter(""))
        .isInstanceOf(IllegalArgumentException.class);
    ListOptions all = ListOptions.ONE_LEVEL.withStartAfter("k").withLimit(5).withDelimiter("-");
    assertThat(all)
        .isEqualTo(new ListOptions(java.util.Optional.of("-"), java.util.Optional.of("k"), 5));
    Map<String, String> mine = new HashMap<>(Map.of("Name", "Value"));
    PutOptions put = PutOptions.DEFAULT.withUserMetadata(mine).withContentType("a/b");
    mine.clear();
    assertThat(put.userMetadata()).isEqualTo(Map.of("name", "Value"));
    assertThat(put.withMode(PutMode.CREATE).contentType()).contains("a/b");
    assertThat(put.withProgress(n -> {}).userMetadata()).isEqualTo(put.userMetadata());
    assertThat(
            ObjectMeta.listed(
                    ObjectUri.parse("s3://b/k"),
                    1,
                    java.time.Instant.EPOCH,
                    java.util.Optional.empty())
                .userMetadata())
        .isEqualTo(Collections.emptyMap());
  }
}
