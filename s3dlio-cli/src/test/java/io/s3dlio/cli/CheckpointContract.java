package io.s3dlio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.ObjectUri;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.checkpoint.CheckpointOptions;
import io.s3dlio.checkpoint.CheckpointStore;
import io.s3dlio.safetensors.DType;
import io.s3dlio.safetensors.SafetensorsSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ckpt} does, in any store. */
abstract class CheckpointContract {

  @TempDir Path temporary;
  private Path directory;
  private Place place;
  private String base;

  /** A new place, which ends with a slash. */
  abstract Place newPlace() throws IOException;

  /** What the command needs to reach it. */
  List<String> options() {
    return List.of();
  }

  @BeforeEach
  void open() throws IOException {
    directory = temporary.toRealPath();
    place = newPlace();
    base = place.uri("run/");
  }

  @AfterEach
  void close() throws IOException {
    assertThat(BufferPool.shared().used()).as("memory that nobody gave back").isZero();
    place.close();
  }

  private Ran ckpt(String command, String... args) {
    List<String> all = new ArrayList<>(List.of("ckpt", command));
    all.addAll(List.of(args));
    all.addAll(options());
    return Ran.s3dlio(all.toArray(new String[0]));
  }

  private Ran saveSynthetic(long step, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("--synthetic", "llama3-8b", "--scale", "0.0001", "--world", "3", base));
    args.addAll(0, List.of("--step", "" + step));
    args.addAll(List.of(more));
    return ckpt("save", args.toArray(new String[0]));
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  private Ran saveFiles(long step, Path... files) {
    List<String> args = new ArrayList<>(List.of("--step", "" + step, base));
    Stream.of(files).map(Path::toString).forEach(args::add);
    return ckpt("save", args.toArray(new String[0]));
  }

  private List<Long> steps(String... options) {
    List<String> args = new ArrayList<>(List.of("--json", base));
    args.addAll(List.of(options));
    return ckpt("ls", args.toArray(new String[0])).done().json().stream()
        .map(line -> line.get("step").asLong())
        .toList();
  }

  @Test
  void aSyntheticCheckpointIsSavedListedAndVerified() {
    JsonNode saved = saveSynthetic(100, "--json").done().summary();
    assertThat(saved.get("operation").asText()).isEqualTo("ckpt save");
    assertThat(saved.get("objects").asInt()).isEqualTo(3);
    assertThat(saved.get("step").asLong()).isEqualTo(100);

    JsonNode listed = ckpt("ls", "--json", base).done().summary();
    assertThat(listed.fieldNames())
        .toIterable()
        .containsExactly("step", "committed", "bytes", "tensors", "worldSize", "retired");
    assertThat(listed.get("bytes").asLong()).isEqualTo(saved.get("bytes").asLong());
    assertThat(listed.get("bytes").asDouble()).isBetween(10.5e6, 12e6);
    assertThat(listed.get("worldSize").asInt()).isEqualTo(3);
    assertThat(Instant.parse(listed.get("committed").asText())).isNotNull();
    assertThat(ckpt("ls", base).done().lines().get(1)).matches("100 .* 11\\.[0-9] MB .* 3");

    JsonNode shown = ckpt("show", "--json", base).done().summary();
    assertThat(shown.get("shards")).hasSize(3);
    assertThat(shown.get("notes").get("s3dlio-synthetic").asText())
        .isEqualTo("v=1;model=llama3-8b;scale=1.0E-4;world=3;seed=100");
    JsonNode verified = ckpt("verify", "--json", base).done().summary();
    assertThat(verified.get("bytes").asLong()).isEqualTo(saved.get("bytes").asLong());
  }

  @Test
  void filesComeBackAsTheyWere() throws IOException {
    saveFiles(7, file("a", "first"), file("b.dat", "second")).done();
    Path out = directory.resolve("new/out");
    ckpt("load", base, "-o", out.toString()).done();
    assertThat(out.resolve("rank-00000.bin")).hasContent("first");
    assertThat(out.resolve("rank-00001.bin")).hasContent("second");
    assertThat(out.toFile().list()).hasSize(2);
    saveFiles(8, file("c", "third")).done();
    ckpt("load", "--step", "7", base, "-o", out.toString()).done();
    assertThat(out.resolve("rank-00000.bin")).hasContent("first");
  }

  @Test
  void safetensorsFilesAreSavedAsTheirTensors() throws IOException {
    saveSynthetic(1).done();
    Path out = directory.resolve("out");
    ckpt("load", base, "-o", out.toString()).done();
    List<Path> files =
        Stream.of(0, 1, 2).map(rank -> out.resolve("rank-0000" + rank + ".safetensors")).toList();
    saveFiles(2, files.toArray(new Path[0])).done();
    List<JsonNode> listed = ckpt("ls", "--json", base).done().json();
    assertThat(listed.get(1).get("tensors")).isEqualTo(listed.get(0).get("tensors"));
    Path again = directory.resolve("again");
    ckpt("load", "--step", "2", base, "-o", again.toString()).done();
    for (Path file : files) {
      assertThat(again.resolve(file.getFileName())).hasSameBinaryContentAs(file);
    }
  }

  @Test
  void wrongBytesEndItWithStatusThree() throws IOException {
    saveSynthetic(100).done();
    String shard =
        place.keys().stream()
            .filter(key -> key.endsWith("rank-00001.safetensors"))
            .findFirst()
            .get();
    place.tamper(
        shard,
        bytes -> {
          bytes[bytes.length - 9] ^= 4;
          return bytes;
        });
    for (String command : List.of("verify", "load")) {
      Ran ran = ckpt(command, "--json", base).ends(ExitStatus.WRONG_DATA);
      assertThat(ran.errors()).hasSize(1);
      assertThat(ran.err()).contains("step 100", "rank 1", "tensor '");
      assertThat(ran.summary().get("failed").asInt()).isEqualTo(1);
    }
    ckpt("copy", base, place.uri("copy/")).ends(ExitStatus.WRONG_DATA);
    assertThat(ckpt("ls", place.uri("copy/")).done().text()).isEmpty();
    Path out = directory.resolve("out");
    ckpt("load", base, "-o", out.toString()).ends(ExitStatus.WRONG_DATA);
    assertThat(out.toFile().list())
        .containsExactlyInAnyOrder("rank-00000.safetensors", "rank-00002.safetensors");
    ckpt("verify", "--all", base).ends(ExitStatus.WRONG_DATA);
  }

  @Test
  void aSampleFindsAShardThatIsAllWrong() throws IOException {
    saveSynthetic(1).done();
    ckpt("verify", "--sample", base).done();
    String shard =
        place.keys().stream().filter(key -> key.endsWith("00000.safetensors")).findFirst().get();
    place.tamper(
        shard,
        bytes -> {
          for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= 1;
          }
          return bytes;
        });
    assertThat(ckpt("verify", "--sample", base).ends(ExitStatus.WRONG_DATA).err())
        .contains("step 1", "rank 0");
  }

  /** The checksums are right, the content is not: it is compared with what was generated. */
  @Test
  void whatWasNotGeneratedIsFound() throws IOException {
    saveSynthetic(1).done();
    Path out = directory.resolve("out");
    ckpt("load", base, "-o", out.toString()).done();
    List<String> args = new ArrayList<>(List.of("--step", "2", "--note"));
    args.add("s3dlio-synthetic=v=1;model=llama3-8b;scale=1.0E-4;world=3;seed=2");
    args.add(base);
    Stream.of(0, 1, 2).forEach(rank -> args.add(out + "/rank-0000" + rank + ".safetensors"));
    ckpt("save", args.toArray(new String[0])).done();
    ckpt("verify", base).done();
    Ran ran = ckpt("load", "--rank", "2", base).ends(ExitStatus.WRONG_DATA);
    assertThat(ran.err()).contains("step 2", "tensor '", "is not what was generated");
    ckpt("load", "--step", "1", base).done();
  }

  @Test
  void anotherWorldLoadsTheSameTensors() throws IOException {
    saveSynthetic(1).done();
    Path out = directory.resolve("out");
    ckpt("load", "--world", "2", base, "-o", out.toString()).done();
    List<Path> files =
        Stream.of(0, 1).map(rank -> out.resolve("rank-0000" + rank + ".safetensors")).toList();
    saveFiles(2, files.toArray(new Path[0])).done();
    JsonNode two = ckpt("show", "--json", base).done().summary();
    assertThat(two.get("worldSize").asInt()).isEqualTo(2);
    JsonNode same = ckpt("diff", "--step", "1", base, "--json").done().summary();
    assertThat(same.get("same").asBoolean()).isTrue();
    assertThat(same.get("differences")).isEmpty();

    Path one = directory.resolve("one");
    ckpt("load", "--world", "2", "--rank", "1", "--step", "1", base, "-o", one.toString()).done();
    assertThat(one.toFile().list()).containsExactly("rank-00001.safetensors");
    assertThat(one.resolve("rank-00001.safetensors")).hasSameBinaryContentAs(files.get(1));
  }

  @Test
  void whatTrainersAloneUnderstandIsNotSharedAnew() throws IOException {
    saveFiles(1, file("a", "x")).done();
    assertThat(ckpt("load", "--world", "2", base).ends(ExitStatus.FAILED).err())
        .contains("rank 0", "leave --world out");
    ckpt("load", "--rank", "0", base).done();
  }

  @Test
  void differencesAreNamed() throws IOException {
    saveSynthetic(1).done();
    saveSynthetic(2).done();
    Ran ran = ckpt("diff", "--other-step", "1", base, "--json").ends(ExitStatus.FAILED);
    assertThat(ran.summary().get("same").asBoolean()).isFalse();
    assertThat(ran.summary().get("differences"))
        .extracting(JsonNode::asText)
        .contains("model.norm.weight", "optimizer.state.exp_avg.lm_head.weight");
    saveFiles(3, file("a", "x")).done();
    saveFiles(4, file("a", "y")).done();
    assertThat(ckpt("diff", "--step", "3", base).ends(ExitStatus.FAILED).lines())
        .containsExactly("rank 0");
  }

  @Test
  void aHistoryIsCopied() throws IOException {
    saveFiles(1, file("a", "one")).done();
    saveSynthetic(2).done();
    String copy = place.uri("copy/");
    ckpt("copy", "--step", "1", base, copy).done();
    JsonNode copied = ckpt("copy", "--all", base, copy, "--json").done().summary();
    assertThat(copied.get("objects").asInt()).isEqualTo(2);
    assertThat(ckpt("ls", "--json", copy).done().json())
        .extracting(line -> line.get("step").asInt())
        .containsExactly(1, 2);
    ckpt("diff", base, copy).done();
    ckpt("verify", "--all", copy).done();
    String late = place.uri("late/");
    ckpt("copy", base, late).done();
    Ran refused = ckpt("copy", "--all", base, late, "--json").ends(ExitStatus.FAILED);
    assertThat(refused.summary().get("failed").asInt()).isEqualTo(1);
    assertThat(refused.summary().get("objects").asInt()).isZero();
  }

  @Test
  void aCopyWithARetentionOfItsOwnIsFollowedUp() throws IOException {
    String copy = place.uri("copy/");
    for (int step = 1; step <= 3; step++) {
      saveFiles(step, file("f", "s" + step)).done();
    }
    ckpt("copy", "--all", base, copy).done();
    ckpt("retain", "--keep-last", "1", copy).done();
    saveFiles(4, file("f", "s4")).done();
    Ran followed = ckpt("copy", "--all", base, copy, "--json").done();
    assertThat(followed.summary().get("objects").asInt()).isEqualTo(2);
    assertThat(followed.errors()).hasSize(2);
    assertThat(followed.err()).contains("step 1: it was given up", "step 2: it was given up");
    assertThat(ckpt("ls", "--json", copy).done().json())
        .extracting(line -> line.get("step").asInt())
        .containsExactly(3, 4);
    assertThat(ckpt("copy", "--step", "1", base, copy).ends(ExitStatus.FAILED).err())
        .contains("was given up; copy it to another place");
  }

  @Test
  void stepsAscend() throws IOException {
    Path file = file("a", "x");
    saveFiles(5, file).done();
    Ran again = saveFiles(5, file).ends(ExitStatus.FAILED);
    assertThat(again.errors()).hasSize(1);
    assertThat(again.err()).contains("5");
    assertThat(steps()).containsExactly(5L);
  }

  @Test
  void whatFailsIsNotLeft() throws IOException {
    Path good = file("a", "x");
    saveFiles(1, good).done();
    List<String> before = place.keys();
    Ran ran = saveFiles(2, good, directory.resolve("none")).ends(ExitStatus.FAILED);
    assertThat(ran.err()).contains("none", "no such file");
    assertThat(steps()).containsExactly(1L);
    Path broken = file("b.safetensors", "this is none");
    assertThat(saveFiles(2, good, broken).ends(ExitStatus.FAILED).err())
        .contains("no safetensors file");
    assertThat(place.keys()).isEqualTo(before);
  }

  private Path tensor(String name, DType dtype, List<Long> shape) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) dtype.bytes(shape));
    ByteSource source =
        SafetensorsSource.builder().tensor("t", dtype, shape, ByteSources.of(bytes)).build();
    ByteBuffer content = ByteBuffer.allocate((int) source.size());
    source.read(0, content);
    return Files.write(directory.resolve(name + ".safetensors"), content.array());
  }

  @Test
  void whatDoesNotFitTogetherIsNotLeft() throws IOException {
    saveFiles(1, file("a", "x")).done();
    List<String> before = data();
    Path one = tensor("one", DType.F32, List.of(2L));
    Ran types = saveFiles(2, one, tensor("two", DType.F16, List.of(2L))).ends(ExitStatus.FAILED);
    assertThat(types.err()).contains("'t'");
    assertThat(data()).isEqualTo(before);
    Ran dimensions =
        saveFiles(2, one, tensor("three", DType.F32, List.of(2L, 1L))).ends(ExitStatus.FAILED);
    assertThat(dimensions.err()).contains("three.safetensors: 't' has [2, 1]");
    assertThat(data()).isEqualTo(before);
    assertThat(steps()).containsExactly(1L);
    saveFiles(2, one).done();
  }

  private List<String> data() {
    return place.keys().stream().filter(key -> key.contains("data/")).toList();
  }

  @Test
  void retentionKeepsWhatItIsTold() throws IOException {
    for (int step = 1; step <= 6; step++) {
      ckpt(
              "save",
              "--step",
              "" + step,
              "--note",
              "loss=" + Math.abs(step - 2),
              base,
              file("f", "s" + step).toString())
          .done();
    }
    String[] rules = {"--keep-last=1", "--keep-every=4", "--keep-best=1:loss", base, "--json"};
    String[] dryRun =
        Stream.concat(Stream.of(rules), Stream.of("--dry-run")).toArray(String[]::new);
    for (String[] arguments : List.of(dryRun, dryRun, rules)) { // twice the same: nothing is gone
      assertThat(ckpt("retain", arguments).done().json())
          .extracting(line -> line.get("step").asInt())
          .containsExactly(5, 3, 1);
    }
    assertThat(steps()).containsExactly(2L, 4L, 6L);
    assertThat(steps("--all")).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    ckpt("retain", "--newer-than", "1h", base).done();
    assertThat(steps()).containsExactly(2L, 4L, 6L);
    ckpt("retain", "--newer-than", "2999-01-01T00:00:00Z", base).done();
    assertThat(steps()).containsExactly(6L);
    ckpt("verify", "--all", base).done();
  }

  @Test
  void aNoteThatThereIsNotIsNoReasonToGiveUpAll() throws IOException {
    for (int step = 1; step <= 3; step++) {
      saveFiles(step, file("f", "s" + step)).done();
    }
    for (String dryRun : List.of("--dry-run", "--json")) {
      Ran ran = ckpt("retain", "--keep-best=5:los", dryRun, base).ends(ExitStatus.FAILED);
      assertThat(ran.err()).contains("no checkpoint has a note 'los'");
    }
    assertThat(steps()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aRollbackMakesAnEarlierOneTheNewest() throws IOException {
    for (int step = 1; step <= 3; step++) {
      saveFiles(step, file("f", "s" + step)).done();
    }
    JsonNode newest = ckpt("rollback", "--step", "1", base, "--json").done().summary();
    assertThat(newest.get("step").asInt()).isEqualTo(1);
    assertThat(steps()).containsExactly(1L);
    JsonNode swept = ckpt("gc", "--json", base).done().summary();
    assertThat(swept.get("deleted")).hasSize(2);
    assertThat(swept.get("unfinished")).isEmpty();
    saveFiles(2, file("f", "again")).done();
    Path out = directory.resolve("out");
    ckpt("load", base, "-o", out.toString()).done();
    assertThat(out.resolve("rank-00000.bin")).hasContent("again");
  }

  @Test
  void whereThereIsNoneItSaysSo() {
    assertThat(ckpt("ls", base).done().text()).isEmpty();
    for (String command : List.of("show", "load", "verify")) {
      Ran ran = ckpt(command, base).ends(ExitStatus.FAILED);
      assertThat(ran.err()).contains("there is no checkpoint below " + base, "ckpt save");
    }
    assertThat(ckpt("show", "--step", "4", base).ends(ExitStatus.FAILED).err())
        .contains("no checkpoint of step 4");
    ckpt("rollback", "--step", "4", base).ends(ExitStatus.FAILED);
  }

  @Test
  void whatNobodyFinishesIsListedAndGivenUp() throws IOException {
    saveFiles(1, file("a", "x")).done();
    List<String> before = place.keys();
    UUID attempt;
    try (CheckpointStore history =
        CheckpointStore.over(place.store(), ObjectUri.parse(base), CheckpointOptions.DEFAULT)) {
      attempt = history.begin(2, 4).id();
    }
    Ran listed = ckpt("gc", base).done();
    assertThat(listed.text())
        .contains("unfinished: step 2 of 4 ranks", "ckpt gc --abort " + attempt + " " + base);
    assertThat(ckpt("gc", "--json", base).done().summary().get("unfinished")).hasSize(1);
    ckpt("gc", "--abort", "" + attempt, base).done();
    assertThat(ckpt("gc", "--abort", "" + attempt, base).ends(ExitStatus.FAILED).err())
        .contains("no unfinished attempt");
    assertThat(place.keys().stream().filter(key -> key.contains("data/")))
        .containsExactlyElementsOf(before.stream().filter(key -> key.contains("data/")).toList());
  }

  @Test
  void watchTellsOfTheNextOne() throws Exception {
    saveFiles(1, file("a", "x")).done();
    assertThat(ckpt("watch", "--timeout", "1", base).ends(ExitStatus.FAILED).err())
        .contains("no other checkpoint");
    CompletableFuture<Ran> watch =
        CompletableFuture.supplyAsync(
            () -> ckpt("watch", "--count", "1", "--timeout", "60", "--json", base));
    for (int step = 2; !watch.isDone() && step < 10_000; step++) {
      saveFiles(step, file("a", "x" + step)).done();
    }
    assertThat(watch.get().done().summary().get("step").asInt()).isGreaterThan(1);
  }
}
