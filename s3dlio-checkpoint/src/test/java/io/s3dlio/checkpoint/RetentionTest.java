package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSources;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.safetensors.DType;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept by what rank 0 has noted. */
class RetentionTest extends InMemory {

  private CheckpointWriter writer(long step) throws ObjectStoreException {
    return checkpoints
        .writer(step, 0, 1)
        .put("t", DType.U8, List.of(1L), ByteSources.of(ByteBuffer.wrap(new byte[] {1})));
  }

  private List<Long> steps() throws ObjectStoreException {
    return checkpoints.reader().list().stream().map(CheckpointInfo::step).toList();
  }

  @Test
  void aNoteThatNoneHasKeepsNothingAndGivesNothingUp() throws Exception {
    assertThat(checkpoints.retain(Retention.NEWEST.orLeast(3, "loss"))).isEmpty();
    for (long step = 1; step <= 4; step++) {
      writer(step).note("loss", "1").note("lr", "2").commit();
    }
    for (Retention typo :
        List.of(Retention.NEWEST.orLeast(3, "los"), Retention.NEWEST.orLast(1).orMost(3, "los"))) {
      assertThatThrownBy(() -> checkpoints.retain(typo))
          .hasMessageContaining("no checkpoint has a note 'los'; there are [loss, lr]")
          .extracting("kind")
          .isEqualTo(Kind.INVALID);
    }
    assertThat(steps()).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void whatHasNoNoteIsTheWorstAndIsKeptIfThereIsNoneBetter() throws Exception {
    for (long step = 1; step <= 6; step++) {
      CheckpointWriter writer = writer(step);
      if (step == 1 || step == 3) {
        writer.note("loss", "0." + step);
      } else if (step == 4) {
        writer.note("loss", "NaN");
      }
      writer.commit();
    }
    assertThat(checkpoints.expendable(Retention.NEWEST.orLeast(5, "loss")))
        .extracting(CheckpointInfo::step)
        .containsExactly(2L);
    checkpoints.retain(Retention.NEWEST.orMost(4, "loss"));
    assertThat(steps()).containsExactly(1L, 3L, 5L, 6L);
    checkpoints.retain(Retention.NEWEST.orLeast(1, "loss"));
    assertThat(steps()).containsExactly(1L, 6L);
  }

  @Test
  void ofEqualNotesTheLastAreKept() throws Exception {
    for (long step = 1; step <= 5; step++) {
      writer(step).note("loss", "1").commit();
    }
    checkpoints.retain(Retention.NEWEST.orLeast(3, "loss"));
    assertThat(steps()).containsExactly(3L, 4L, 5L);
  }

  @Test
  void nothingToKeepIsNoRule() {
    assertThatThrownBy(() -> Retention.NEWEST.orLeast(0, "loss"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Retention.NEWEST.orMost(0, "loss"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
