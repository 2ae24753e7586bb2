package io.s3dlio.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.s3dlio.checkpoint.TensorSlice;
import io.s3dlio.safetensors.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SyntheticModelTest {

  private static final double GIB = 1L << 30;

  private static SyntheticModel model(Model model, double scale, int world) {
    return new SyntheticModel(model, scale, world, 1);
  }

  /** What MLPerf Storage says of them, in GiB, which it calls GB. */
  @ParameterizedTest
  @CsvSource({"LLAMA3_8B, 105", "LLAMA3_70B, 912", "LLAMA3_405B, 5290", "LLAMA3_1T, 18000"})
  void hasTheBytesOfTheWorkload(Model model, double gib) {
    assertThat(model(model, 1, model.ranks()).bytes() / GIB)
        .isCloseTo(gib, Percentage.withPercentage(4.5));
  }

  @Test
  void hasTheTensorsOfTheModel() {
    SyntheticModel all = model(Model.LLAMA3_8B, 1, 8);
    Map<String, SyntheticTensor> tensors = all.byName();
    assertThat(tensors).hasSize(4 * (32 * 9 + 3));
    SyntheticTensor down = tensors.get("model.layers.31.mlp.down_proj.weight");
    assertThat(down.shape()).containsExactly(4096L, 14336L);
    assertThat(down.dtype()).isEqualTo(DType.BF16);
    SyntheticTensor moment = tensors.get("optimizer.state.exp_avg.model.embed_tokens.weight");
    assertThat(moment.shape()).containsExactly(128256L, 4096L);
    assertThat(moment.dtype()).isEqualTo(DType.F32);
  }

  @ParameterizedTest
  @EnumSource(Model.class)
  void scalesItsBytes(Model model) {
    double whole = model(model, 1, 8).bytes();
    for (double scale : new double[] {0.5, 0.1, 0.03, 0.01, 0.001, 0.0003, 0.0001}) {
      assertThat(model(model, scale, 8).bytes() / whole / scale)
          .as("%s times %s", model, scale)
          .isCloseTo(1, within(0.03));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "LLAMA3_8B, 0.001, 8",
    "LLAMA3_8B, 0.001, 3",
    "LLAMA3_8B, 0.00001, 64",
    "LLAMA3_70B, 0.001, 64",
    "LLAMA3_70B, 0.001, 12",
    "LLAMA3_405B, 0.0001, 512",
    "LLAMA3_405B, 0.0001, 7",
    "LLAMA3_1T, 0.0001, 1024"
  })
  void ranksHaveEachElementOnce(Model model, double scale, int world) {
    SyntheticModel all = model(model, scale, world);
    Map<String, List<TensorSlice>> held = new HashMap<>();
    for (int rank = 0; rank < world; rank++) {
      for (SyntheticPart part : all.parts(rank)) {
        held.computeIfAbsent(part.tensor().name(), name -> new ArrayList<>()).add(part.slice());
      }
    }
    for (SyntheticTensor tensor : all.tensors()) {
      assertThat(TensorSlice.whole(tensor.shape()).isTiledBy(held.get(tensor.name())))
          .as("%s of %s", tensor.name(), all)
          .isTrue();
    }
  }

  /** The share of a rank is that of the workload: nobody has much more than others. */
  @ParameterizedTest
  @CsvSource({"LLAMA3_8B, 1.001", "LLAMA3_70B, 1.01"})
  void ranksHaveEquallyMuch(Model model, double most) {
    SyntheticModel all = model(model, 1, model.ranks());
    double mean = (double) all.bytes() / all.world();
    for (int rank = 0; rank < all.world(); rank++) {
      long own = all.parts(rank).stream().mapToLong(SyntheticPart::size).sum();
      assertThat(own / mean).as("rank %d", rank).isBetween(0.99, most);
    }
  }

  @Test
  void isMadeAgainOfItsText() {
    SyntheticModel one = new SyntheticModel(Model.LLAMA3_70B, 0.001, 16, -5);
    SyntheticModel again = SyntheticModel.parse(one.toText());
    assertThat(again.toText()).isEqualTo(one.toText());
    assertThat(again.tensors()).isEqualTo(one.tensors());
    for (String wrong :
        List.of(
            "",
            "v=2;model=llama3-8b;scale=1;world=8;seed=1",
            "v=1;model=gpt;scale=1;world=8;seed=1",
            "v=1;model=llama3-8b;scale=x;world=8;seed=1",
            "v=1;model=llama3-8b;scale=2;world=8;seed=1",
            "v=1;model=llama3-8b;scale=NaN;world=8;seed=1",
            "v=1;model=llama3-8b;scale=1;world=0;seed=1",
            "v=1;model=llama3-8b;scale=1;world=8;seed=9999999999999999999")) {
      assertThatThrownBy(() -> SyntheticModel.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
