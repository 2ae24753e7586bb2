package io.s3dlio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.GetItem;
import io.s3dlio.GetResult;
import io.s3dlio.ManyOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.StoreConfig;
import io.s3dlio.Verification;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What two threads do at the worst of moments, one step after the other. */
class ReadAheadTest extends EngineFixture {

  private Engine engine;
  private ReadAhead ahead;
  private Slot head;
  private Slot other;

  @BeforeEach
  void beginTwo() throws Exception {
    engine = new Engine(memory, StoreConfig.defaults(), pool, "test");
    List<GetItem> items = List.of(GetItem.of(uri), GetItem.of(bucket.withKey("p")));
    ahead =
        new ReadAhead(engine, items, new KnownSizes(pool, items), ManyOptions.DEFAULT, () -> {});
    head = ahead.head();
    assertThat(ahead.claimOrSleep(head)).isSameAs(head);
    other = ahead.claimOrSleep(head);
    assertThat(other.index).isEqualTo(1);
  }

  @AfterEach
  void closeEngine() throws Exception {
    engine.giveTurnBack(); // that of the other item, for which no request was made
    engine.close();
  }

  @Test
  void whatGetsItsMemoryWhileRoomIsMadeIsNotOverlooked() throws Exception {
    ahead.makingRoom(true);
    assertThat(ahead.takeLast()).as("the other one is not there yet").isNull();
    ahead.done(other, result());
    assertThat(ahead.awaitOthers()).as("now it is").isTrue();
    ahead.takeLast().giveBack();
    assertThat(ahead.takeLast()).isNull();
    assertThat(ahead.awaitOthers()).as("nobody but the head is under way").isFalse();
  }

  @Test
  void theEndWaitsForMemoryThatNobodyWants() throws Exception {
    ahead.end();
    GetResult unwanted = result();
    assertThat(ahead.done(other, unwanted)).isFalse();
    ahead.failed(head, null);
    Thread closing = new Thread(ahead::awaitAll);
    closing.start();
    try {
      closing.join(100);
      assertThat(closing.isAlive()).as("it has not been given back").isTrue();
      unwanted.close();
    } finally {
      ahead.givenBack(other);
      closing.join(10_000);
    }
    assertThat(closing.isAlive()).isFalse();
  }

  private GetResult result() throws ObjectStoreException {
    ObjectMeta meta = ObjectMeta.listed(other.uri(), PART, Instant.EPOCH, Optional.empty());
    return new GetResult(
        meta, 0, pool.tryAcquire(PART, "a test").orElseThrow().freeze(), Verification.UNVERIFIED);
  }
}
