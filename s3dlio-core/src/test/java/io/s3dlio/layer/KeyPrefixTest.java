package io.s3dlio.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.s3dlio.BytesView;
import io.s3dlio.GetOptions;
import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectNotFoundException;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.spi.ForwardingBackend;
import io.s3dlio.spi.StoreBackend;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever holds the layer knows nothing of the prefix, and what is beside it is not seen. */
class KeyPrefixTest {

  private static final ObjectUri BUCKET = ObjectUri.parse("memory://key-prefix/");

  private ObjectStore below;
  private ObjectStore store;

  @BeforeEach
  void open() throws Exception {
    StoreConfig config = StoreConfig.defaults();
    below = ObjectStores.open(BUCKET, config, RequestListener.NONE);
    store =
        ObjectStores.open(BUCKET, config, RequestListener.NONE, List.of(new KeyPrefix("team/a/")));
  }

  @AfterEach
  void close() throws Exception {
    below.deletePrefix(BUCKET);
    below.close();
    store.close();
  }

  private static List<String> keys(ObjectStore store, String prefix, ListOptions options) {
    try (Stream<ListEntry> entries = store.list(BUCKET.withKey(prefix), options)) {
      return entries.map(entry -> entry.uri().key()).toList();
    }
  }

  @Test
  void everyKeyGetsThePrefix() throws Exception {
    store.put(BUCKET.withKey("x"), ByteBuffer.wrap(new byte[] {1}));
    store.put(BUCKET.withKey("../b/x"), ByteBuffer.wrap(new byte[] {2}));
    store.put(BUCKET.withKey("team/a/x"), ByteBuffer.wrap(new byte[] {3}));
    below.put(BUCKET.withKey("beside"), ByteBuffer.wrap(new byte[] {4}));
    below.put(BUCKET.withKey("team/ab"), ByteBuffer.wrap(new byte[] {5}));
    assertThat(keys(below, "", ListOptions.ALL))
        .containsExactly("beside", "team/a/../b/x", "team/a/team/a/x", "team/a/x", "team/ab");
    assertThat(keys(store, "", ListOptions.ALL)).containsExactly("../b/x", "team/a/x", "x");
    assertThat(keys(store, "", ListOptions.ONE_LEVEL)).containsExactly("../", "team/", "x");
    assertThat(keys(store, "", ListOptions.ALL.withStartAfter("../b/x")))
        .containsExactly("team/a/x", "x");
    try (BytesView bytes = store.get(BUCKET.withKey("team/a/x"))) {
      assertThat(bytes.toByteArray()).containsExactly(3);
    }
    store.copy(BUCKET.withKey("x"), BUCKET.withKey("y"));
    assertThat(below.exists(BUCKET.withKey("team/a/y"))).isTrue();
    assertThat(store.deletePrefix(BUCKET)).isEqualTo(4);
    assertThat(keys(below, "", ListOptions.ALL)).containsExactly("beside", "team/ab");
  }

  @Test
  void errorsNameWhatTheCallerKnowsAndTheirCauseWhatWasAsked() {
    ObjectUri missing = BUCKET.withKey("missing");
    ObjectStoreException e =
        catchThrowableOfType(ObjectStoreException.class, () -> store.head(missing));
    assertThat(e)
        .isExactlyInstanceOf(ObjectNotFoundException.class)
        .hasMessageStartingWith("head memory://key-prefix/missing: ")
        .hasCauseExactlyInstanceOf(ObjectNotFoundException.class);
    assertThat(e.getMessage()).doesNotContain("memory://key-prefix/team");
    assertThat(((ObjectStoreException) e.getCause()).uri())
        .contains(BUCKET.withKey("team/a/missing"));
  }

  /** What a sink throws is the caller's, also if its URI looks like one from below. */
  @Test
  void whatASinkThrowsStaysAsItIs() throws Exception {
    store.put(BUCKET.withKey("x"), ByteBuffer.wrap(new byte[] {1}));
    ObjectStoreException own =
        new ObjectStoreException(
            ObjectStoreException.Kind.INVALID, "put", BUCKET.withKey("team/a/q"), "why", null);
    assertThatThrownBy(
            () ->
                store.get(
                    BUCKET.withKey("x"),
                    (offset, src) -> {
                      throw own;
                    },
                    GetOptions.DEFAULT))
        .isSameAs(own);
  }

  @Test
  void whatCouldNotBeDeletedIsNamedAsTheCallerKnowsIt() throws Exception {
    StoreBackend refusing =
        new ForwardingBackend(
            ObjectStores.backend(BUCKET, StoreConfig.defaults(), RequestListener.NONE)) {
          @Override
          public CompletableFuture<Map<ObjectUri, ObjectStoreException>> deleteAll(
              List<ObjectUri> uris) {
            ObjectUri last = uris.get(uris.size() - 1);
            return CompletableFuture.completedFuture(
                Map.of(
                    last,
                    new ObjectStoreException(
                        ObjectStoreException.Kind.PERMISSION_DENIED, "delete", last, "no", null)));
          }
        };
    ObjectUri b = BUCKET.withKey("b");
    Map<ObjectUri, ObjectStoreException> failures =
        new KeyPrefix("team/a/")
            .over(refusing)
            .deleteAll(List.of(BUCKET.withKey("a"), b))
            .get(60, TimeUnit.SECONDS);
    assertThat(failures).containsOnlyKeys(b);
    assertThat(failures.get(b)).hasMessage("delete memory://key-prefix/b: no");
    assertThat(failures.get(b).uri()).contains(b);
  }

  /** On files a bucket is a directory, and below the prefix; elsewhere it has no key. */
  @Test
  void bucketsArePassedOnUnlessTheyAreDirectories() throws Exception {
    List<ObjectUri> asked = new ArrayList<>();
    StoreBackend listening =
        new ForwardingBackend(
            ObjectStores.backend(BUCKET, StoreConfig.defaults(), RequestListener.NONE)) {
          @Override
          public CompletableFuture<Void> createBucket(ObjectUri uri) {
            asked.add(uri);
            return CompletableFuture.completedFuture(null);
          }
        };
    StoreBackend layered = new KeyPrefix("team/a/").over(listening);
    layered.createBucket(BUCKET);
    layered.createBucket(ObjectUri.parse("file:///dir/"));
    assertThat(asked).containsExactly(BUCKET, ObjectUri.parse("file:///team/a/dir/"));
  }

  @Test
  void aPrefixIsNotEmpty() {
    assertThatThrownBy(() -> new KeyPrefix("")).isInstanceOf(IllegalArgumentException.class);
  }
}
