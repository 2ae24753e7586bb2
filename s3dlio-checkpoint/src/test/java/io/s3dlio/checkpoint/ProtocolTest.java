package io.s3dlio.checkpoint;

import static io.s3dlio.checkpoint.ProtocolModel.Actor.cleaner;
import static io.s3dlio.checkpoint.ProtocolModel.Actor.reader;
import static io.s3dlio.checkpoint.ProtocolModel.Actor.roller;
import static io.s3dlio.checkpoint.ProtocolModel.Actor.writer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.checkpoint.ProtocolModel.Actor;
import io.s3dlio.checkpoint.ProtocolModel.Flaw;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Explores the {@link ProtocolModel}, and shows that each rule of the protocol is needed. */
class ProtocolTest {

  private static final UUID A = new UUID(0, 1);
  private static final UUID B = new UUID(0, 2);
  private static final UUID C = new UUID(0, 3);

  private static final Actor[] SWEPT = {
    writer(A, 1), writer(B, 2), cleaner(new Change.Abort(A)), cleaner(new Change.Abort(B))
  };
  private static final Actor[] BASE = {
    writer(A, 1), writer(B, 2, A), cleaner(new Change.Retire(A)), cleaner(new Change.Abort(B))
  };
  private static final Actor[] RETAINED = {
    writer(A, 1), writer(B, 2), writer(C, 2), cleaner(new Change.Retire(A))
  };
  private static final Actor[] READ = {
    reader(), writer(A, 1), writer(B, 2, A), roller(A), cleaner(new Change.Abort(B))
  };
  private static final Actor[] ROLLED_BACK = {
    writer(A, 1), writer(B, 2), roller(A), cleaner(new Change.Abort(B)), writer(C, 2)
  };

  private static int explore(Actor... actors) {
    return new ProtocolModel(Flaw.NONE).explore(actors);
  }

  @Test
  void twoWritersAndASweeperOfEach() {
    assertThat(explore(SWEPT)).isGreaterThan(10_000);
  }

  @Test
  void aBaseIsNotRetiredWhileItIsNeeded() {
    assertThat(explore(BASE)).isGreaterThan(10_000);
  }

  @Test
  void threeWritersAndRetention() {
    assertThat(explore(RETAINED)).isGreaterThan(10_000);
  }

  @Test
  void whoReadsGetsAllOrHearsThatItIsGone() {
    assertThat(explore(READ)).isGreaterThan(10_000);
  }

  @Test
  void whatIsRolledBackIsSweptAndItsStepIsCommittedAnew() {
    assertThat(explore(ROLLED_BACK)).isGreaterThan(10_000);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aRuleThatIsMissingIsNoticed(Flaw flaw) {
    assertThatThrownBy(
            () -> {
              for (Actor[] actors : List.of(BASE, SWEPT, RETAINED)) {
                new ProtocolModel(flaw).explore(actors);
              }
            })
        .isInstanceOf(AssertionError.class);
  }
}
