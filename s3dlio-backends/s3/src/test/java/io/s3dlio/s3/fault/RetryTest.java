package io.s3dlio.s3.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.s3dlio.ByteSources;
import io.s3dlio.BytesView;
import io.s3dlio.ObjectAlreadyExistsException;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.datagen.GeneratorSpec;
import io.s3dlio.testkit.fault.Exchange;
import io.s3dlio.testkit.fault.Fault;
import io.s3dlio.testkit.fault.Fault.Moment;
import io.s3dlio.testkit.fault.FaultProxy;
import io.s3dlio.testkit.fault.S3Action;
import io.s3dlio.testkit.fault.Schedule;
import io.s3dlio.testkit.fault.WireFault;
import io.s3dlio.testkit.server.TestServers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is repeated, how often and when: counted at the proxy. */
class RetryTest {

  private static final PutOptions CREATE = PutOptions.DEFAULT.withMode(PutMode.CREATE);

  private static S3Rig rig;
  private static FaultProxy proxy;
  private static ObjectUri uri;

  @BeforeAll
  static void start() throws Exception {
    rig = new S3Rig(TestServers.minio());
    proxy = rig.proxy();
    uri = rig.uri("object");
  }

  @AfterAll
  static void stop() throws Exception {
    if (rig != null) {
      rig.close();
    }
  }

  @BeforeEach
  void clear() throws Exception {
    rig.direct().put(uri, bytes(1));
    rig.clear();
  }

  private static ByteBuffer bytes(int value) {
    return ByteBuffer.allocate(100).put(0, (byte) value);
  }

  private static Fault.Reply reply(int status) {
    return new Fault.Reply(Moment.REQUEST, status, Optional.empty());
  }

  private static ObjectStoreException failure(Call call) {
    return catchThrowableOfType(ObjectStoreException.class, call::run);
  }

  private interface Call {
    void run() throws ObjectStoreException;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void triesAsOftenAsItMay(int attempts) throws Exception {
    proxy.inject(reply(503), Schedule.always());
    try (ObjectStore store = rig.open("retry.max-attempts", "" + attempts)) {
      assertThat(failure(() -> store.delete(uri)).kind()).isEqualTo(Kind.THROTTLED);
    }
    assertThat(proxy.exchanges()).hasSize(attempts);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 405, 409, 412, 416, 501})
  void doesNotRepeatWhatWillNotGetBetter(int status) throws Exception {
    proxy.inject(reply(status), Schedule.always());
    try (ObjectStore store = rig.open()) {
      assertThat(failure(() -> store.put(uri, bytes(2)))).isNotNull();
    }
    assertThat(proxy.exchanges()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, 504})
  void repeatsWhatMayGetBetter(int status) throws Exception {
    proxy.inject(reply(status), Schedule.<Exchange>once().times(2));
    try (ObjectStore store = rig.open()) {
      store.put(uri, bytes(2));
    }
    assertThat(proxy.exchanges()).hasSize(3);
    assertThat(proxy.exchanges().get(2).status()).isEqualTo(200);
  }

  /** Against a store that is down as a whole, retries end before they multiply its load. */
  @Test
  void repeatsLessAndLessAgainstAStoreThatFails() throws Exception {
    proxy.inject(reply(500), Schedule.always());
    int requests = 200;
    int attempts = 10;
    try (ObjectStore store =
        rig.open("retry.max-attempts", "" + attempts, "retry.base-delay", "1ms")) {
      for (int i = 0; i < requests; i++) {
        assertThat(failure(() -> store.head(uri)).kind()).isEqualTo(Kind.UNAVAILABLE);
      }
      // 500 tokens, 5 a retry: some hundred retries in all, then one attempt a request.
      assertThat(proxy.exchanges().size()).isBetween(requests + 90, requests + 110);
      proxy.reset();
      failure(() -> store.head(uri));
      assertThat(proxy.exchanges()).hasSizeLessThanOrEqualTo(1);
      proxy.reset();
      for (int i = 0; i < 20; i++) {
        store.head(uri); // success fills the bucket again
      }
      proxy.reset();
      proxy.inject(reply(500), Schedule.once());
      store.head(uri);
      assertThat(proxy.exchanges()).hasSize(2);
    }
  }

  /** Full jitter: anything from nothing to the bound; so only the bound's sum can be asserted. */
  @Test
  void doublesThePauseUpToItsBound() throws Exception {
    proxy.inject(reply(503), Schedule.always());
    List<Long> pauses = new ArrayList<>();
    try (ObjectStore store =
        rig.open(
            "retry.max-attempts", "8", "retry.base-delay", "20ms", "retry.max-delay", "200ms")) {
      for (int i = 0; i < 4; i++) {
        failure(() -> store.head(uri));
      }
    }
    List<Exchange> all = proxy.exchanges();
    assertThat(all).hasSize(32);
    for (int i = 0; i < all.size(); i++) {
      if (i % 8 > 0) {
        pauses.add(all.get(i).arrivedNanos() - all.get(i - 1).arrivedNanos());
      }
    }
    // 28 pauses of 0 to 200 ms at random: that all are below 10 ms has odds of one to many.
    assertThat(pauses).anyMatch(p -> p > Duration.ofMillis(10).toNanos());
    assertThat(pauses.stream().distinct().count()).isGreaterThan(20);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void waitsAsLongAsTheStoreAsks(int status) throws Exception {
    proxy.inject(
        new Fault.Reply(Moment.REQUEST, status, Optional.of(Duration.ofSeconds(1))),
        Schedule.once());
    try (ObjectStore store = rig.open("retry.max-delay", "20s")) {
      store.head(uri);
    }
    List<Exchange> all = proxy.exchanges();
    assertThat(all).hasSize(2);
    assertThat(Duration.ofNanos(all.get(1).arrivedNanos() - all.get(0).arrivedNanos()))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void waitsNoLongerThanItIsSet() throws Exception {
    proxy.inject(
        new Fault.Reply(Moment.REQUEST, 503, Optional.of(Duration.ofHours(1))), Schedule.once());
    try (ObjectStore store = rig.open()) {
      store.head(uri);
    }
    assertThat(proxy.exchanges()).hasSize(2);
  }

  /** The deadline is that of all tries: a store that asks to wait longer than that is not asked. */
  @Test
  void endsWithTheRequestsOwnDeadline() throws Exception {
    proxy.inject(
        new Fault.Reply(Moment.REQUEST, 503, Optional.of(Duration.ofSeconds(2))),
        Schedule.always());
    try (ObjectStore store =
        rig.open("retry.max-attempts", "100", "request-timeout", "1s", "retry.max-delay", "20s")) {
      assertThat(failure(() -> store.head(uri)).kind()).isEqualTo(Kind.TIMEOUT);
    }
    assertThat(proxy.exchanges()).hasSize(1);
  }

  /** Reported twice by the SDK's client, the second time when the next try has begun. */
  @ParameterizedTest
  @ValueSource(strings = {"netty", "sdk"})
  void takesALateReportOfAFailureForNoOther(String transport) throws Exception {
    int times = 300;
    proxy.inject(
        new Fault.Cut(Moment.REQUEST, true), Schedule.<Exchange>always().matching(new Every(2)));
    for (int i = 0; i < 10; i++) {
      try (ObjectStore store =
          rig.open(
              "s3.transport", transport, "retry.base-delay", "1ms", "retry.max-delay", "1ms")) {
        for (int j = 0; j < times / 10; j++) {
          store.get(uri).close();
        }
      }
    }
    assertThat(proxy.exchanges()).hasSize(2 * times);
    assertThat(proxy.fired()).hasSize(times);
  }

  /** Every n-th event. */
  private static final class Every implements java.util.function.Predicate<Exchange> {
    private final int n;
    private int count;

    Every(int n) {
      this.n = n;
    }

    @Override
    public synchronized boolean test(Exchange exchange) {
      return count++ % n == 0;
    }
  }

  /** Written, but the answer was lost: the second try is refused because of the first. */
  @ParameterizedTest
  @EnumSource(
      value = WireFault.class,
      names = {"CUT_BEFORE_ANSWER", "RESET_BEFORE_ANSWER", "ANSWER_500_ALL_THE_SAME"})
  void knowsItsOwnObjectWhenTheAnswerWasLost(WireFault lost) throws Exception {
    String etag = rig.direct().head(uri).etag().orElseThrow();
    List<PutMode> modes = List.of(PutMode.CREATE, PutMode.ifMatch(etag));
    for (PutMode mode : modes) {
      for (int size : new int[] {100, rig.largeWrite()}) {
        if (mode == PutMode.CREATE) {
          rig.direct().delete(uri);
        } else {
          rig.direct().put(uri, bytes(1));
        }
        rig.clear();
        S3Action write = size == 100 ? S3Action.PUT_OBJECT : S3Action.COMPLETE_MULTIPART_UPLOAD;
        proxy.inject(lost.on(null), Schedule.<Exchange>once().matching(e -> e.action() == write));
        try (ObjectStore store = rig.open()) {
          Optional<String> answered =
              store
                  .put(
                      uri,
                      GeneratorSpec.of(size).object("k", size),
                      PutOptions.DEFAULT.withMode(mode))
                  .etag();
          assertThat(answered).isEqualTo(rig.direct().head(uri).etag());
        }
        assertThat(proxy.exchanges(write)).hasSize(2);
        assertThat(proxy.exchanges(S3Action.HEAD_OBJECT)).hasSize(1);
        assertThat(rig.leftovers()).isEmpty();
      }
    }
  }

  /** Somebody else was first: that the first answer was lost does not make it ours. */
  @Test
  void doesNotTakeTheObjectOfAnotherForItsOwn() throws Exception {
    proxy.inject(
        new Fault.Cut(Moment.REQUEST, false),
        Schedule.<Exchange>once().matching(e -> e.action() == S3Action.PUT_OBJECT));
    try (ObjectStore store = rig.open()) {
      assertThat(failure(() -> store.put(uri, ByteSources.of(bytes(2)), CREATE)))
          .isInstanceOf(ObjectAlreadyExistsException.class);
      try (BytesView now = rig.direct().get(uri)) {
        assertThat(now.asByteBuffer().get(0)).isEqualTo((byte) 1);
      }
    }
  }

  /** It cannot be found out whose the object is: then it must not be said to be another's. */
  @Test
  void saysThatItDoesNotKnowWhenItCannotLook() throws Exception {
    rig.direct().delete(uri);
    rig.clear();
    proxy.inject(
        new Fault.Cut(Moment.ANSWER, false),
        Schedule.<Exchange>once().matching(e -> e.action() == S3Action.PUT_OBJECT));
    proxy.inject(
        reply(500), Schedule.<Exchange>always().matching(e -> e.action() == S3Action.HEAD_OBJECT));
    try (ObjectStore store = rig.open()) {
      assertThat(failure(() -> store.put(uri, ByteSources.of(bytes(2)), CREATE)))
          .hasMessageContaining("not known")
          .extracting(ObjectStoreException::kind)
          .isEqualTo(Kind.UNAVAILABLE);
    }
    assertThat(proxy.exchanges(S3Action.HEAD_OBJECT)).hasSize(3);
  }

  @Test
  void abortsAgainWhenTheAnswerToTheAbortIsLost() throws Exception {
    proxy.inject(
        reply(400), Schedule.<Exchange>always().matching(e -> e.action() == S3Action.UPLOAD_PART));
    proxy.inject(
        new Fault.Cut(Moment.REQUEST, true),
        Schedule.<Exchange>once().matching(e -> e.action() == S3Action.ABORT_MULTIPART_UPLOAD));
    try (ObjectStore store = rig.open()) {
      int size = rig.largeWrite();
      assertThat(
              failure(
                  () -> store.put(uri, GeneratorSpec.of(1).object("k", size), PutOptions.DEFAULT)))
          .isNotNull();
    }
    assertThat(proxy.exchanges(S3Action.ABORT_MULTIPART_UPLOAD)).hasSize(2);
    assertThat(rig.leftovers()).isEmpty();
    assertThat(rig.lost()).isZero();
  }
}
