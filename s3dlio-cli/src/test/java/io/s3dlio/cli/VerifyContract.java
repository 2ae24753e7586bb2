package io.s3dlio.cli;

import static io.s3dlio.cli.Ran.s3dlio;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import io.s3dlio.ByteSources;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.datagen.GeneratedObject;
import io.s3dlio.datagen.GeneratorSpec;
import io.s3dlio.formats.FileFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What put writes, get proves; whatever is wrong, get finds. On each kind of store. */
abstract class VerifyContract {

  private static final int SIZE = 100_000;

  @TempDir Path directory;
  Place place;

  /** Opens a new place, whose URI ends with a {@code /}. */
  abstract Place open(String name) throws IOException;

  /** Options that the command needs to reach it. */
  List<String> options() {
    return List.of();
  }

  @BeforeEach
  void openPlace() throws IOException {
    place = open("cli-" + UUID.randomUUID() + "/");
  }

  @AfterEach
  void closePlace() throws IOException {
    place.close();
  }

  Ran run(String... args) {
    String[] all = Arrays.copyOf(args, args.length + options().size());
    for (int i = 0; i < options().size(); i++) {
      all[args.length + i] = options().get(i);
    }
    return s3dlio(all);
  }

  private Ran put(String... more) {
    String[] args = {"put", place.uri(), "-n", "12", "-s", "" + SIZE, "--seed", "7"};
    String[] all = Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return run(all).done();
  }

  private static String name(int number) {
    return String.format("object_%02d_of_12.dat", number);
  }

  private Ran verify(String... more) {
    String[] args = {"get", "-r", "--verify", "--json", place.uri()};
    String[] all = Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return run(all);
  }

  private void assertOneIsWrong(Ran ran, String key, String... says) {
    ran.ends(ExitStatus.WRONG_DATA);
    assertThat(ran.summary().get("failed").asInt()).isEqualTo(1);
    assertThat(ran.summary().get("objects").asInt()).isEqualTo(11);
    assertThat(ran.errors()).hasSize(1);
    assertThat(ran.err()).contains(place.uri(key)).contains(says);
  }

  @Test
  void provesWhatWasPut() {
    JsonNode put = put("--json").summary();
    assertThat(put.get("operation").asText()).isEqualTo("put");
    assertThat(put.get("objects").asInt()).isEqualTo(12);
    assertThat(put.get("bytes").asLong()).isEqualTo(12L * SIZE);
    assertThat(put.get("failed").asInt()).isZero();
    assertThat(put.get("threads").asInt()).isEqualTo(16);
    assertThat(place.keys()).hasSize(12).startsWith(name(0), name(1)).endsWith(name(11));

    Ran verified = verify().done();
    assertThat(verified.err()).isEmpty();
    assertThat(verified.summary().get("objects").asInt()).isEqualTo(12);
    assertThat(verified.summary().get("bytes").asLong()).isEqualTo(12L * SIZE);
  }

  @Test
  void allObjectsDiffer() throws IOException {
    put();
    assertThat(place.read(name(0))).hasSize(SIZE).isNotEqualTo(place.read(name(1)));
    byte[] first = place.read(name(0));
    put();
    assertThat(place.read(name(0))).as("the same seed").isEqualTo(first);
    run("put", place.uri(), "-n", "12", "-s", "" + SIZE, "--seed", "8").done();
    assertThat(place.read(name(0))).as("another seed").isNotEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b", "a%2Fb", "a%20b", "a+b", "a#b", "a?b=c&d", "[x]{y}", "😀/日本/é", "'\"`$!", "~;=,@:"
      })
  void provesAnyKey(String key) {
    run("put", place.uri(), "-n", "2", "-s", "5KiB", "-t", key + "{}").done();
    assertThat(place.keys()).containsExactly(key + "0", key + "1");
    assertThat(verify().done().summary().get("objects").asInt()).isEqualTo(2);
    run("get", "--verify", place.uri(key + "1")).done();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4095, 4096, 100_000, 20_000_000})
  void provesAnySize(int size) {
    run("put", place.uri(), "-n", "2", "-s", "" + size).done();
    assertThat(verify().done().summary().get("bytes").asLong()).isEqualTo(2L * size);
    Ran one = run("get", "--verify", "--json", place.uri("object_1_of_2.dat")).done();
    assertThat(one.summary().get("bytes").asLong()).isEqualTo(size);
  }

  @Test
  void findsOneFlippedBit() throws IOException {
    put();
    place.tamper(
        name(5),
        bytes -> {
          bytes[54_321] ^= 4;
          return bytes;
        });
    assertOneIsWrong(
        verify(), name(5), "is damaged", "1 of 100,000 bytes are wrong", "offset 54,321");
    run("get", "--verify", place.uri(name(5))).ends(ExitStatus.WRONG_DATA);
    run("get", "--verify", place.uri(name(4))).done();
  }

  @Test
  void findsATruncatedObject() throws IOException {
    put();
    place.tamper(name(3), bytes -> Arrays.copyOf(bytes, 60_000));
    assertOneIsWrong(verify(), name(3), "is truncated: 60,000 of 100,000 bytes");
  }

  @Test
  void findsAnEmptiedObject() throws IOException {
    put();
    place.tamper(name(3), bytes -> new byte[0]);
    assertOneIsWrong(verify(), name(3), "is truncated: 0 of 100,000 bytes");
  }

  @Test
  void findsAnExtendedObject() throws IOException {
    put();
    place.tamper(name(3), bytes -> Arrays.copyOf(bytes, SIZE + 1));
    assertOneIsWrong(verify(), name(3), "is extended: 100,001 bytes instead of 100,000");
  }

  @Test
  void findsARenamedCopy() throws IOException {
    put();
    place.store().copy(uri(name(1)), uri(name(2)));
    assertOneIsWrong(verify(), name(2), "is a renamed copy of '" + place.key(name(1)) + "'");
  }

  @Test
  void findsTheContentOfAnotherObject() throws IOException {
    put();
    byte[] other = place.read(name(1));
    place.tamper(name(2), bytes -> other);
    assertOneIsWrong(verify(), name(2), "is damaged", "the first at offset 0");
  }

  @Test
  void cannotCheckWhatPutDidNotWrite() throws IOException {
    place.put("plain", "no metadata");
    Ran ran = run("get", "--verify", place.uri("plain")).ends(ExitStatus.FAILED);
    assertThat(ran.errors()).hasSize(1);
    assertThat(ran.err()).contains("cannot be checked", "no metadata s3dlio-gen");
  }

  @Test
  void checksRanges() throws IOException {
    put();
    place.tamper(
        name(5),
        bytes -> {
          bytes[54_321] ^= 4;
          return bytes;
        });
    Ran before = verify("--range", "50000:4321").done();
    assertThat(before.summary().get("bytes").asLong()).isEqualTo(12 * 4321);
    assertOneIsWrong(verify("--range", "50000:4322"), name(5), "offset 54,321");
    assertOneIsWrong(verify("--range", "54321:"), name(5), "offset 54,321");

    String damaged = place.uri(name(5));
    run("get", "--verify", "--range", "50000:4321", damaged).done();
    Ran single = run("get", "--verify", "--range", "50000:4322", damaged);
    assertThat(single.ends(ExitStatus.WRONG_DATA).err()).contains("1 of 4,322", "offset 54,321");
  }

  @Test
  void theManifestFindsWhatIsMissing() throws IOException {
    Path manifest = directory.resolve("m.jsonl");
    put("--manifest", manifest.toString());
    assertThat(Files.readAllLines(manifest)).hasSize(12);
    Ran whole = run("get", "--verify", "--json", "--manifest", manifest.toString(), place.uri());
    assertThat(whole.done().summary().get("objects").asInt()).isEqualTo(12);

    place.store().delete(uri(name(9)));
    verify().done();
    assertOneIsWrong(
        run("get", "--verify", "--json", "--manifest", manifest.toString(), place.uri()),
        name(9),
        "is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"npz", "hdf5", "tfrecord:9999", "parquet:5x123"})
  void provesFilesOfAnyFormat(String format) throws IOException {
    Path manifest = directory.resolve("m.jsonl");
    put("--format", format, "--manifest", manifest.toString());
    assertThat(place.read(name(0)).length).isGreaterThan(SIZE).isEqualTo(fileSize(format));
    assertThat(verify().done().summary().get("bytes").asLong()).isEqualTo(12L * fileSize(format));
    verify("--range", "50000:4321").done();
    run("get", "--verify", "--manifest", manifest.toString(), place.uri()).done();
    String text = place.store().head(uri(name(1))).userMetadata().get("s3dlio-gen");
    assertThat(text).startsWith("v=1;seed=7;").contains(";format=" + format + ";crc=");
    verify("--gen", text).done();

    // In what is put around the data, which the end of a file always is.
    place.tamper(
        name(5),
        bytes -> {
          bytes[bytes.length - 1] ^= 4;
          return bytes;
        });
    String wrong = "the first at offset %,d".formatted(fileSize(format) - 1);
    assertOneIsWrong(verify(), name(5), "is damaged: 1 of", wrong);
    assertOneIsWrong(verify("--gen", text), name(5), "is damaged: 1 of", wrong);
  }

  @Test
  void comparesNothingWhereAFileHasAnotherSize() throws IOException {
    put("--format", "npz");
    place.tamper(name(3), bytes -> Arrays.copyOf(bytes, 60_000));
    assertOneIsWrong(verify(), name(3), "is truncated: 60,000 of ");

    // Of which the first bytes would take years.
    GeneratedObject huge = GeneratorSpec.of(7).object(place.key(name(3)), 1L << 61);
    String text = new SyntheticFile(huge, FileFormat.parse("npz")).toText();
    place
        .store()
        .put(
            uri(name(3)),
            ByteSources.of(ByteBuffer.allocate(10)),
            PutOptions.DEFAULT.withUserMetadata(Map.of("s3dlio-gen", text)));
    assertOneIsWrong(verify(), name(3), "is truncated: 10 of ");

    String damaged = text.replace(";format=npz", ";format=hdf5");
    place
        .store()
        .put(
            uri(name(3)),
            ByteSources.of(ByteBuffer.allocate(10)),
            PutOptions.DEFAULT.withUserMetadata(Map.of("s3dlio-gen", damaged)));
    assertThat(verify().ends(ExitStatus.FAILED).err())
        .contains("cannot be checked by its metadata s3dlio-gen", "damaged: ;format=hdf5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"npz", "hdf5", "tfrecord:3000000", "parquet:3x200001"})
  void provesFilesInManyParts(String format) throws IOException {
    String[] args = {
      "put", place.uri(), "-n", "2", "-s", "17999988", "--format", format, "--set", "part-size=5MiB"
    };
    run(args).done();
    assertThat(verify("--set", "part-size=1MiB").done().summary().get("objects").asInt())
        .isEqualTo(2);
    place.tamper(
        "object_1_of_2.dat",
        bytes -> {
          bytes[bytes.length - 1_000_000] ^= 4;
          return bytes;
        });
    assertThat(verify("--set", "part-size=1MiB").ends(ExitStatus.WRONG_DATA).errors())
        .singleElement(STRING)
        .contains("object_1_of_2.dat is damaged: 1 of ");
  }

  private static int fileSize(String format) {
    GeneratedObject data = GeneratorSpec.of(7).object("", SIZE);
    return (int) FileFormat.parse(format).around(data).size();
  }

  @Test
  void theManifestFindsWhatIsStale() throws IOException {
    put();
    byte[] old = place.read(name(4));
    var oldMetadata = place.store().head(uri(name(4))).userMetadata();
    Path manifest = directory.resolve("m.jsonl");
    run(
            "put",
            place.uri(),
            "-n",
            "12",
            "-s",
            "" + SIZE,
            "--seed",
            "8",
            "--manifest",
            manifest.toString())
        .done();
    place
        .store()
        .put(
            uri(name(4)),
            ByteSources.of(ByteBuffer.wrap(old)),
            PutOptions.DEFAULT.withUserMetadata(oldMetadata));
    verify().done();
    assertOneIsWrong(
        run("get", "--verify", "--json", "--manifest", manifest.toString(), place.uri()),
        name(4),
        "is stale",
        "seed=8",
        "seed=7");
  }

  @Test
  void ifAbsentOverwritesNothing() throws IOException {
    put();
    byte[] before = place.read(name(0));
    place.store().delete(uri(name(6)));
    Ran ran =
        run("put", place.uri(), "-n", "12", "-s", "" + SIZE, "--seed", "9", "--if-absent", "--json")
            .ends(ExitStatus.FAILED);
    assertThat(ran.summary().get("objects").asInt()).isEqualTo(1);
    assertThat(ran.summary().get("failed").asInt()).isEqualTo(11);
    assertThat(place.read(name(0))).isEqualTo(before);
    verify().done();
  }

  @Test
  void copiesKeepWhatProvesThem() throws IOException {
    put();
    run("cp", place.uri(name(0)), place.uri("elsewhere/copy")).done();
    assertThat(place.read("elsewhere/copy")).isEqualTo(place.read(name(0)));
    run("rm", place.uri(name(0))).done();
    run("cp", place.uri("elsewhere/copy"), place.uri(name(0))).done();
    run("get", "--verify", place.uri(name(0))).done();
  }

  ObjectUri uri(String key) {
    return ObjectUri.parse(place.uri(key));
  }
}
