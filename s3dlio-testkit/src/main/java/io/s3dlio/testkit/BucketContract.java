package io.s3dlio.testkit;

import static io.s3dlio.testkit.Fixture.assertFails;
import static io.s3dlio.testkit.Fixture.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.BucketInfo;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.testkit.StoreFacts.Fact;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Buckets; on files they are directories. */
interface BucketContract extends Fixture {

  private List<ObjectUri> listed() throws Exception {
    return store().listBuckets(buckets()).stream().map(BucketInfo::uri).toList();
  }

  private static ObjectUri in(ObjectUri bucket, String name) {
    return bucket.withKey(bucket.key() + name);
  }

  @Test
  default void bucketsAreMadeListedAndDeleted() throws Exception {
    ObjectUri bucket = newBucket();
    assertThat(listed()).doesNotContain(bucket);
    store().createBucket(bucket);
    assertThat(listed()).contains(bucket).isSorted();
    assertFails(Kind.ALREADY_EXISTS, bucket, () -> store().createBucket(bucket));
    assertThat(store().list(bucket)).isEmpty();
    store().deleteBucket(bucket);
    assertThat(listed()).doesNotContain(bucket);
    assertFails(Kind.NOT_FOUND, bucket, () -> store().deleteBucket(bucket));
  }

  @Test
  default void aBucketWithObjectsStays() throws Exception {
    ObjectUri bucket = newBucket();
    store().createBucket(bucket);
    ObjectUri object = in(bucket, "some/key");
    store().put(object, ByteBuffer.allocate(1));
    assertFails(Kind.INVALID, bucket, () -> store().deleteBucket(bucket));
    assertThat(store().exists(object)).isTrue();
    store().deletePrefix(bucket);
    store().deleteBucket(bucket);
    assertThat(listed()).doesNotContain(bucket);
  }

  @Test
  default void bucketsThatAreNotThere() throws Exception {
    ObjectUri bucket = newBucket();
    ObjectUri object = in(bucket, "some/key");
    assertFails(Kind.NOT_FOUND, object, () -> store().get(object).close());
    assertFails(Kind.NOT_FOUND, object, () -> store().head(object));
    assertFails(Kind.NOT_FOUND, object, () -> store().copy(object, uri("o")));
    if (facts().has(Fact.IMPLIED_BUCKETS)) {
      assertThat(store().list(bucket)).isEmpty();
      assertThat(store().deletePrefix(bucket)).isZero();
      store().delete(object);
      store().put(object, ByteBuffer.allocate(1));
      assertThat(listed()).contains(bucket);
      store().deletePrefix(bucket);
      if (listed().contains(bucket)) {
        store().deleteBucket(bucket);
      }
      return;
    }
    assertFails(Kind.NOT_FOUND, object, () -> store().put(object, ByteBuffer.allocate(1)));
    assertFails(Kind.NOT_FOUND, object, () -> store().put(object, ByteBuffer.allocate(LARGE)));
    assertFails(Kind.NOT_FOUND, object, () -> store().delete(object));
    assertThat(failure(() -> store().deleteAll(List.of(object))).kind()).isEqualTo(Kind.NOT_FOUND);
    assertFails(Kind.NOT_FOUND, bucket, () -> store().list(bucket).findFirst());
    assertFails(Kind.NOT_FOUND, bucket, () -> store().deletePrefix(bucket));
  }

  @Test
  default void objectsAreCopiedBetweenBuckets() throws Exception {
    ObjectUri bucket = newBucket();
    store().createBucket(bucket);
    ObjectUri to = in(bucket, "copy");
    store().put(uri("o"), ByteBuffer.wrap(new byte[] {1, 2, 3}));
    store().copy(uri("o"), to);
    assertThat(store().head(to).size()).isEqualTo(3);
    store().deleteAll(List.of(uri("o"), to));
    assertThat(store().exists(to)).isFalse();
    assertThat(store().exists(uri("o"))).isFalse();
    store().deleteBucket(bucket);
  }

  @Test
  default void aBucketHasNoKey() throws Exception {
    ObjectUri bucket = newBucket();
    if (bucket.bucket().isEmpty()) {
      return; // a store without buckets: directories, which are keys
    }
    store().createBucket(bucket);
    ObjectUri object = bucket.withKey("some/key");
    assertFails(Kind.INVALID, object, () -> store().createBucket(object));
    assertFails(Kind.INVALID, object, () -> store().deleteBucket(object));
    assertThat(listed()).contains(bucket);
    store().deleteBucket(bucket);
    ObjectUri nameless = new ObjectUri(bucket.scheme(), "", "key");
    assertFails(Kind.INVALID, nameless, () -> store().put(nameless, ByteBuffer.allocate(1)));
    assertFails(Kind.INVALID, nameless, () -> store().list(nameless).findFirst());
    assertFails(Kind.INVALID, nameless, () -> store().createBucket(nameless));
  }
}
