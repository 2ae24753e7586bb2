package io.s3dlio.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * What every store does. A backend's test class extends this and says where its objects are, how to
 * connect and, by {@link #facts}, where it differs from {@code memory://}; what it declares with
 * {@link io.s3dlio.Capabilities} is held against it. Nothing is skipped: a difference is asserted.
 *
 * <p>Each test opens a store with a memory pool of its own. After it nothing of the pool is taken
 * and no upload is left unfinished.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ObjectStoreContract
    implements ReadContract,
        GetManyContract,
        ManyContract,
        RangesContract,
        SourceAndSinkContract,
        StreamContract,
        WriteContract,
        TagContract,
        VersionContract,
        ConditionContract,
        MultipartContract,
        UnfinishedContract,
        ListContract,
        DeleteContract,
        BucketContract,
        KeyContract,
        ConcurrencyContract {

  private final List<ObjectStore> stores = new ArrayList<>();
  private ObjectStore store;
  private ObjectUri here;

  /** For subclasses. */
  protected ObjectStoreContract() {}

  /**
   * A place for the objects of one test: a prefix that no other test uses, or a bucket. Where
   * buckets have to be made, this one is there.
   *
   * @return a URI whose key ends with a slash or is empty; another at every call
   * @throws Exception if it cannot be had
   */
  protected abstract ObjectUri base() throws Exception;

  /**
   * A bucket that is not there, for the tests of buckets.
   *
   * @return its URI, as {@code listBuckets} will give it; another at every call
   */
  @Override
  public abstract ObjectUri newBucket();

  /**
   * A bucket of its own that keeps versions, for stores that declare them.
   *
   * @return its URI, without a key; another at every call
   * @throws Exception if it cannot be had
   */
  @Override
  public ObjectUri versioned() throws Exception {
    throw new AssertionError("a store that declares versions says here where it keeps some");
  }

  /**
   * Where {@link #newBucket} will be listed.
   *
   * @return what {@code listBuckets} takes; unless overridden, the URI that is the scheme alone
   */
  @Override
  public ObjectUri buckets() {
    return ObjectUri.parse(here.scheme() + "://");
  }

  /**
   * Where this store differs from {@code memory://}.
   *
   * @return the facts, the same at every call
   */
  @Override
  public StoreFacts facts() {
    return StoreFacts.REFERENCE;
  }

  /**
   * Adds what it takes to reach the store, such as endpoint and credentials.
   *
   * @param config settings of the test
   * @return them, and the backend's
   */
  protected StoreConfig connect(StoreConfig config) {
    return config;
  }

  /**
   * Opens the store; decorators override it.
   *
   * @param config settings, those of {@link #connect} included
   * @param listener hears of every request
   * @return the store, which the contract closes
   * @throws ObjectStoreException if it cannot be opened
   */
  protected ObjectStore open(StoreConfig config, RequestListener listener)
      throws ObjectStoreException {
    return ObjectStores.open(here, config, listener);
  }

  /**
   * What uploads have left behind that no listing shows: multipart uploads, temporary files.
   *
   * @param prefix the objects of the test
   * @return a line for each, none if there is nothing
   * @throws Exception if that cannot be found out
   */
  protected List<String> leftovers(ObjectUri prefix) throws Exception {
    return List.of();
  }

  /**
   * Part of a name that nobody else uses.
   *
   * @return lower-case letters, digits and hyphens
   */
  protected static String unique() {
    return "s3dlio-" + UUID.randomUUID().toString().substring(0, 18);
  }

  @BeforeEach
  void openStore() throws Exception {
    here = base();
    store = another(config -> config, RequestListener.NONE);
  }

  @AfterEach
  void closeStores() throws Exception {
    try {
      for (ObjectStore opened : stores) {
        assertThat(opened.pool().used()).as("memory still taken: %s", opened.pool()).isZero();
      }
      assertThat(leftovers(here)).as("what uploads have left behind").isEmpty();
    } finally {
      try {
        store.deletePrefix(here);
      } finally {
        for (ObjectStore opened : stores) {
          opened.close();
        }
      }
    }
  }

  private StoreConfig config() {
    return connect(
        StoreConfig.defaults()
            .with(StoreConfig.PART_SIZE, PART + "")
            .with(StoreConfig.MULTIPART_THRESHOLD, THRESHOLD + "")
            .with(StoreConfig.MEMORY_LIMIT, "96MiB")
            .with(StoreConfig.MEMORY_TIMEOUT, "30s")
            .with(StoreConfig.REQUEST_TIMEOUT, "60s"));
  }

  @Override
  public final ObjectStore store() {
    return store;
  }

  @Override
  public final ObjectUri here() {
    return here;
  }

  @Override
  public final List<String> leftNow() throws Exception {
    return leftovers(here);
  }

  @Override
  public final ObjectStore another(UnaryOperator<StoreConfig> change, RequestListener listener)
      throws ObjectStoreException {
    ObjectStore opened = open(change.apply(config()), listener);
    stores.add(opened);
    return opened;
  }
}
