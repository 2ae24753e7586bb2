package io.s3dlio.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.s3dlio.ByteSources;
import io.s3dlio.ManyOptions;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.ObjectWriter;
import io.s3dlio.PutItem;
import io.s3dlio.PutOptions;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import java.nio.ByteBuffer;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Every way to change something is refused, and nothing below hears of it. */
class ReadOnlyTest {

  private static final ObjectUri HERE = ObjectUri.parse("memory://read-only/");
  private static final ObjectUri OBJECT = HERE.withKey("o");
  private static final StoreConfig CONFIG =
      StoreConfig.defaults()
          .with(StoreConfig.PART_SIZE, "64KiB")
          .with(StoreConfig.MULTIPART_THRESHOLD, "64KiB");

  @Test
  void nothingIsChanged() throws Exception {
    Recording below = new Recording(100);
    try (ObjectStore writable = ObjectStores.open(HERE, CONFIG, RequestListener.NONE);
        ObjectStore store =
            ObjectStores.open(HERE, CONFIG, RequestListener.NONE, List.of(new ReadOnly(), below))) {
      writable.put(OBJECT, ByteBuffer.wrap(new byte[] {1, 2, 3}));
      ObjectUri other = HERE.withKey("other");
      ByteBuffer large = ByteBuffer.allocate(300_000);

      assertRefused(OBJECT, () -> store.put(OBJECT, ByteBuffer.allocate(1)));
      assertRefused(OBJECT, () -> store.put(OBJECT, large.duplicate()));
      assertRefused(OBJECT, () -> store.multipart(OBJECT, 65536, PutOptions.DEFAULT).close());
      assertRefused(OBJECT, () -> store.delete(OBJECT));
      assertRefused(OBJECT, () -> store.deleteAll(List.of(OBJECT)));
      assertRefused(other, () -> store.copy(OBJECT, other));
      assertRefused(HERE, () -> store.createBucket(HERE));
      assertRefused(HERE, () -> store.deleteBucket(HERE));
      assertRefused(
          OBJECT,
          () ->
              store
                  .putMany(
                      List.of(PutItem.of(OBJECT, ByteSources.of(ByteBuffer.allocate(1)))),
                      ManyOptions.DEFAULT)
                  .get(0)
                  .get());
      assertRefused(
          OBJECT,
          () -> {
            try (ObjectWriter writer = store.writer(OBJECT)) {
              writer.write(large.duplicate());
              writer.finish();
            }
          });
      assertThat(below.calls()).as("what the backend was asked").isEmpty();

      assertRefused(OBJECT, () -> store.deletePrefix(HERE));
      assertThat(below.calls())
          .extracting(recorded -> recorded.call().operation())
          .containsOnly(Operation.LIST);
      assertThat(store.head(OBJECT)).isEqualTo(writable.head(OBJECT));
      assertThat(store.capabilities().createIfAbsent()).isFalse();
      assertThat(store.capabilities().ifMatch()).isFalse();
      writable.deletePrefix(HERE);
    }
  }

  private static void assertRefused(ObjectUri uri, ThrowingCallable call) {
    ObjectStoreException e = catchThrowableOfType(ObjectStoreException.class, call);
    assertThat(e).as("the refusal").isNotNull().hasStackTraceContaining("opened read-only");
    assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThat(e.uri()).contains(uri);
  }
}
