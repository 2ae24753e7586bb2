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
import java.nio.ByteBuffer;
import java.util.List;
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
  void aPrefixIsNotEmpty() {
    assertThatThrownBy(() -> new KeyPrefix("")).isInstanceOf(IllegalArgumentException.class);
  }
}
