package io.s3dlio.cli;

import static io.s3dlio.cli.Ran.s3dlio;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.s3dlio.datagen.GeneratedObject;
import io.s3dlio.datagen.GeneratorSpec;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenTest {

  private static final int SIZE = 9_000_001; // more than one step

  @TempDir Path temporary;
  private String file;

  @BeforeEach
  void name() throws IOException {
    file = temporary.toRealPath().resolve("file").toString();
  }

  private static byte[] bytes(GeneratedObject object, long offset) {
    byte[] bytes = new byte[(int) (object.size() - offset)];
    object.read(offset, ByteBuffer.wrap(bytes));
    return bytes;
  }

  @Test
  void writesTheBytesOfTheSeed() throws IOException {
    Ran ran = s3dlio("gen", "-o", file, "-s", String.valueOf(SIZE), "--seed", "7").done();
    assertThat(ran.text()).startsWith("gen: 1 object, 9.00 MB in ");
    assertThat(ran.err()).isEmpty();
    GeneratedObject expected = GeneratorSpec.of(7).object("", SIZE);
    assertThat(Path.of(file)).hasBinaryContent(bytes(expected, 0));
    s3dlio("gen", "-o", file, "-s", "3", "--seed", "7").done();
    assertThat(Path.of(file)).hasBinaryContent(Arrays.copyOf(bytes(expected, 0), 3));
  }

  @Test
  void writesToStandardOutputAndNothingElseThere() {
    String size = String.valueOf(SIZE);
    Ran ran = s3dlio("gen", "-o", "-", "-s", size, "--seed", "7", "--threads", "2").done();
    assertThat(ran.out()).isEqualTo(bytes(GeneratorSpec.of(7).object("", SIZE), 0));
    assertThat(s3dlio("gen", "-o-", "-s", "0", "--seed", "7").done().out()).isEmpty();
  }

  @Test
  void writesARange() {
    Ran ran = s3dlio("gen", "-o-", "-s", "5000", "--offset", "1MB", "--seed", "7", "-d2").done();
    GeneratedObject expected = GeneratorSpec.of(7).withDedup(2).object("", 1_005_000);
    assertThat(ran.out()).isEqualTo(bytes(expected, 1_000_000));
  }

  @Test
  void writesWhatPutWrites() throws IOException {
    Path directory = temporary.toRealPath().resolve("d");
    String uri = "file://" + directory + "/";
    s3dlio("put", uri, "-n1", "-s5MiB", "-x3", "-d2", "--seed", "1", "-t", "{}.bin").done();
    String key = directory.resolve("0.bin").toString().substring(1);
    s3dlio("gen", "-o", file, "-s5MiB", "-x3", "-d2", "--seed", "1", "--key", key).done();
    assertThat(Path.of(file)).hasSameBinaryContentAs(directory.resolve("0.bin"));
  }

  @Test
  void saysWhichSeedWasTakenAtRandom() {
    Ran first = s3dlio("gen", "-o", file, "-s", "1000").done();
    assertThat(first.err()).matches("s3dlio: seed [0-9]+ \\(random; .*\\)\n");
    String seed = first.err().split(" ")[2];
    s3dlio("gen", "--check", file, "--seed", seed).done();
    assertThat(s3dlio("gen", "-o", file, "-s", "1000").done().err()).isNotEqualTo(first.err());
  }

  @Test
  void checksWhatItWrote() {
    s3dlio("gen", "-o", file, "-s", String.valueOf(SIZE), "--seed", "7", "-x2").done();
    Ran ran = s3dlio("gen", "--check", file, "--seed", "7", "-x2", "--json").done();
    assertThat(ran.summary().get("operation").asText()).isEqualTo("check");
    assertThat(ran.summary().get("bytes").asLong()).isEqualTo(SIZE);
    s3dlio("gen", "--check", file, "--seed", "7").ends(ExitStatus.WRONG_DATA);
    s3dlio("gen", "--check", file, "--seed", "8", "-x2").ends(ExitStatus.WRONG_DATA);
  }

  @Test
  void findsAFlippedByte() throws IOException {
    s3dlio("gen", "-o", file, "-s", "1MiB", "--offset", "77", "--seed", "7").done();
    byte[] bytes = Files.readAllBytes(Path.of(file));
    bytes[123_456] ^= 1;
    Files.write(Path.of(file), bytes);
    Ran ran =
        s3dlio("gen", "--check", file, "--offset", "77", "--seed", "7").ends(ExitStatus.WRONG_DATA);
    assertThat(ran.errors())
        .containsExactly(
            "s3dlio: "
                + file
                + " is damaged: 1 of 1,048,576 bytes are wrong, the first at offset 123,533");
  }

  @Test
  void findsThatBytesAreMissing() {
    s3dlio("gen", "-o", file, "-s", "1000", "--seed", "7").done();
    Ran ran =
        s3dlio("gen", "--check", file, "-s", "1001", "--seed", "7").ends(ExitStatus.WRONG_DATA);
    assertThat(ran.errors())
        .containsExactly("s3dlio: " + file + " is truncated: 1,000 of 1,001 bytes");
  }

  @Test
  void findsThatBytesAreTooMany() {
    s3dlio("gen", "-o", file, "-s", "1000", "--seed", "7").done();
    for (String size : List.of("999", "0")) {
      Ran ran =
          s3dlio("gen", "--check", file, "-s", size, "--seed", "7").ends(ExitStatus.WRONG_DATA);
      assertThat(ran.errors())
          .containsExactly(
              "s3dlio: " + file + " is extended: it goes on behind " + size + " bytes");
    }
  }

  /** Of which the system tells no size: without one, nothing would be read, and all be right. */
  @Test
  void checksNoPipeWithoutASize() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", file).start().waitFor()).isZero();
    try (RandomAccessFile pipe = new RandomAccessFile(file, "rw")) {
      pipe.write(new byte[4096]);
      Ran ran = s3dlio("gen", "--check", file, "--seed", "7").ends(ExitStatus.USAGE);
      assertThat(ran.err()).contains(file, "give -s SIZE");
      s3dlio("gen", "--check", file, "--seed", "7", "-s", "4096").ends(ExitStatus.WRONG_DATA);
    }
  }

  @Test
  void checksNoEmptyFileWithoutASize() throws IOException {
    Files.createFile(Path.of(file));
    Ran ran = s3dlio("gen", "--check", file, "--seed", "7").ends(ExitStatus.USAGE);
    assertThat(ran.err()).contains(file, "is empty", "-s SIZE");
    s3dlio("gen", "--check", file, "--seed", "7", "-s", "0").done();
    s3dlio("gen", "--check", file, "--seed", "7", "-s", "1").ends(ExitStatus.WRONG_DATA);
  }

  /** Their bytes depend on how many objects there are, also where no block is shared. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void leavesObjectsOfADataSetToGet(int dedup) throws IOException {
    Path directory = temporary.toRealPath().resolve("d");
    String uri = "file://" + directory + "/";
    String scope = "--dedup-scope=dataset";
    s3dlio("put", uri, "-n3", "-s64KiB", "-d" + dedup, scope, "--seed=1", "-t", "{}").done();
    String object = directory.resolve("1").toString();
    String key = "--key=" + object.substring(1);
    Ran check = s3dlio("gen", "--check", object, key, "-d" + dedup, scope, "--seed=1");
    assertThat(check.ends(ExitStatus.USAGE).err()).contains("get --verify");
    Ran made = s3dlio("gen", "-o-", "-s64KiB", key, "-d" + dedup, scope, "--seed=1");
    assertThat(made.ends(ExitStatus.USAGE).err()).contains("put");
    s3dlio("get", "-r", "--verify", uri).done();
  }

  @Test
  void saysWhatIsWrongWithAFile() {
    String nowhere = file + "/x/y";
    assertThat(s3dlio("gen", "-o", nowhere, "-s1").ends(ExitStatus.FAILED).err()).contains(nowhere);
    assertThat(s3dlio("gen", "--check", nowhere, "--seed=1").ends(ExitStatus.FAILED).err())
        .contains("no such file");
  }

  @Test
  void measuresEachNumberOfThreads() {
    Ran ran = s3dlio("gen", "--bench", "--json", "--seconds=1", "--threads=3", "--buffer=64KiB");
    List<JsonNode> lines = ran.done().json();
    assertThat(lines).extracting(line -> line.get("threads").asInt()).containsExactly(1, 2, 3);
    for (JsonNode line : lines) {
      assertRates(line);
      assertThat(line.get("bufferBytes").asInt()).isEqualTo(65_536);
    }
  }

  private static void assertRates(JsonNode line) {
    assertThat(line.fieldNames())
        .toIterable()
        .containsExactly(
            "threads",
            "kernel",
            "bufferBytes",
            "generateBytesPerSecond",
            "checkBytesPerSecond",
            "memsetBytesPerSecond",
            "memcpyBytesPerSecond");
    assertThat(line.get("kernel").asText()).isIn("scalar", "vector");
    for (String rate : List.of("generate", "check", "memcpy")) {
      assertThat(line.get(rate + "BytesPerSecond").asLong()).as(rate).isPositive();
    }
  }

  @Test
  void showsATable() {
    Ran ran =
        s3dlio(
            "gen",
            "--bench",
            "--seconds=1",
            "--threads=1",
            "--buffer=64KiB",
            "-x2",
            "-d2",
            "--dedup-scope=dataset");
    List<String> lines = ran.done().lines();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).matches("GB/s, (scalar|vector) kernel, 65\\.5 kB a thread");
    assertThat(lines.get(1)).matches("threads +generate +check +memset +memcpy");
    assertThat(lines.get(2)).matches("1 +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.]+");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void measuresInAJvmForEachNode(boolean json) {
    String[] args = {
      "gen", "--bench", "--per-node", "--seconds=1", "--threads=1", "--buffer=64KiB"
    };
    if (json) {
      String[] withJson = Arrays.copyOf(args, args.length + 1);
      withJson[args.length] = "--json";
      List<JsonNode> lines = s3dlio(withJson).done().json();
      assertThat(lines).hasSize(1);
      assertRates(lines.get(0));
    } else {
      assertThat(s3dlio(args).done().lines().get(1)).startsWith("node ");
    }
  }
}
