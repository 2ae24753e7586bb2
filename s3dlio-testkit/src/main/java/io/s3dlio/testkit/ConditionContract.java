package io.s3dlio.testkit;

import static io.s3dlio.testkit.Fixture.assertFails;
import static io.s3dlio.testkit.Fixture.await;
import static io.s3dlio.testkit.Fixture.bytes;
import static io.s3dlio.testkit.Fixture.failure;
import static io.s3dlio.testkit.Fixture.source;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.testkit.StoreFacts.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Create-if-absent and if-match, in one request and in parts. */
interface ConditionContract extends Fixture {

  /** Who race with each other. */
  int RACERS = 8;

  PutOptions CREATE = PutOptions.DEFAULT.withMode(PutMode.CREATE);

  @ParameterizedTest
  @ValueSource(ints = {0, 10, LARGE})
  default void createNeverReplaces(int size) throws Exception {
    if (!can().createIfAbsent()) {
      assertUnsupported(CREATE, size);
      return;
    }
    put("o", bytes(size, 1), CREATE);
    assertFails(Kind.ALREADY_EXISTS, uri("o"), () -> put("o", bytes(size + 1, 2), CREATE));
    assertThat(get("o")).isEqualTo(bytes(size, 1));
    store().delete(uri("o"));
    put("o", bytes(size, 3), CREATE);
    assertThat(get("o")).isEqualTo(bytes(size, 3));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, LARGE})
  default void oneOfManyCreatesWins(int size) throws Exception {
    if (!can().createIfAbsent()) {
      return; // createNeverReplaces asserts that it is refused
    }
    for (int round = 0; round < 5; round++) {
      List<Integer> winners = race("o" + round, size, CREATE, Kind.ALREADY_EXISTS);
      if (size <= THRESHOLD || facts().has(Fact.ATOMIC_UPLOADS)) {
        assertThat(winners).hasSize(1);
      } else {
        assertThat(winners).isNotEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, LARGE})
  default void ifMatchReplacesOnlyThatContent(int size) throws Exception {
    String first = put("o", bytes(size + 5, 1)).etag().orElseThrow();
    if (!can().ifMatch()) {
      assertFails(Kind.UNSUPPORTED, uri("o"), () -> put("o", bytes(size, 2), ifMatch(first)));
      assertThat(get("o")).isEqualTo(bytes(size + 5, 1));
      return;
    }
    String second = put("o", bytes(size, 2), ifMatch(first)).etag().orElseThrow();
    assertThat(get("o")).isEqualTo(bytes(size, 2));
    assertFails(Kind.PRECONDITION_FAILED, uri("o"), () -> put("o", bytes(9, 3), ifMatch(first)));
    assertThat(get("o")).isEqualTo(bytes(size, 2));
    store().delete(uri("o"));
    assertFails(
        Kind.PRECONDITION_FAILED, uri("o"), () -> put("o", bytes(size, 4), ifMatch(second)));
    assertThat(store().exists(uri("o"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {10, LARGE})
  default void oneOfManyIfMatchesWins(int size) throws Exception {
    if (!can().ifMatch()) {
      return; // ifMatchReplacesOnlyThatContent asserts that it is refused
    }
    for (int round = 0; round < 5; round++) {
      String etag = put("o" + round, bytes(5, 99)).etag().orElseThrow();
      List<Integer> winners = race("o" + round, size, ifMatch(etag), Kind.PRECONDITION_FAILED);
      if (facts().has(Fact.ATOMIC_PUTS)
          && (size <= THRESHOLD || facts().has(Fact.ATOMIC_UPLOADS))) {
        assertThat(winners).hasSize(1);
      } else {
        assertThat(winners).isNotEmpty();
      }
    }
  }

  private static PutOptions ifMatch(String etag) {
    return PutOptions.DEFAULT.withMode(PutMode.ifMatch(etag));
  }

  private void assertUnsupported(PutOptions options, int size) throws Exception {
    assertFails(Kind.UNSUPPORTED, uri("o"), () -> put("o", bytes(size, 1), options));
    assertThat(store().exists(uri("o"))).isFalse();
  }

  /** Lets all put at once; gives the winners, of which one is what is then there. */
  private List<Integer> race(String name, int size, PutOptions options, Kind lost)
      throws Exception {
    List<CompletableFuture<PutResult>> puts = new ArrayList<>();
    for (int i = 0; i < RACERS; i++) {
      puts.add(store().async().put(uri(name), source(bytes(size, i)), options));
    }
    List<Integer> winners = new ArrayList<>();
    for (int i = 0; i < RACERS; i++) {
      CompletableFuture<PutResult> put = puts.get(i);
      if (put.handle((result, e) -> e == null)
          .get(LIMIT_SECONDS, java.util.concurrent.TimeUnit.SECONDS)) {
        winners.add(i);
      } else {
        assertThat(failure(() -> await(put)).kind()).isEqualTo(lost);
      }
    }
    byte[] there = get(name);
    assertThat(winners).anyMatch(i -> java.util.Arrays.equals(there, bytes(size, i)));
    return winners;
  }
}
