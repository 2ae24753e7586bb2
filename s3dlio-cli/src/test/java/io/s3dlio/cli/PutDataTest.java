package io.s3dlio.cli;

import static io.s3dlio.cli.Ran.s3dlio;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What put writes is as compressible and as duplicated as it was asked to be, and can be checked.
 */
class PutDataTest {

  private static final int SIZE = 1 << 20;

  @TempDir Path temporary;
  private Path directory;
  private String uri;

  @BeforeEach
  void name() throws IOException {
    directory = temporary.toRealPath().resolve("d");
    uri = "file://" + directory + "/";
  }

  private void put(String... options) {
    List<String> args = new ArrayList<>(List.of("put", uri, "-n", "4", "-s", "1MiB"));
    args.addAll(List.of(options));
    s3dlio(args.toArray(new String[0])).done();
    Ran verified = s3dlio("get", "-r", "--verify", "--json", uri).done();
    assertThat(verified.summary().get("objects").asInt()).isEqualTo(4);
  }

  private List<byte[]> objects() throws IOException {
    List<byte[]> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        all.add(Files.readAllBytes(file));
      }
    }
    return all;
  }

  private static int different(List<byte[]> objects, int block) {
    HashSet<ByteBuffer> all = new HashSet<>();
    for (byte[] object : objects) {
      for (int at = 0; at < object.length; at += block) {
        all.add(ByteBuffer.wrap(object, at, block));
      }
    }
    return all.size();
  }

  private static double gzipped(byte[] object) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(object);
    }
    return (double) object.length / out.size();
  }

  @Test
  void isIncompressibleAndNeverTheSameUnlessAskedFor() throws IOException {
    put("--seed", "1");
    assertThat(different(objects(), 512)).isEqualTo(4 * SIZE / 512);
    for (byte[] object : objects()) {
      assertThat(gzipped(object)).isLessThan(1.001);
    }
  }

  @Test
  void compressesAsAskedFor() throws IOException {
    put("-x", "3", "--seed", "1");
    for (byte[] object : objects()) {
      assertThat(gzipped(object)).isCloseTo(3, within(0.15));
    }
    assertThat(different(objects(), 4096)).isEqualTo(4 * SIZE / 4096);
  }

  @Test
  void repeatsBlocksWithinAnObject() throws IOException {
    put("-d", "2", "--dedup-block", "8KiB", "--seed", "1");
    for (byte[] object : objects()) {
      assertThat(different(List.of(object), 8192)).isEqualTo(SIZE / 8192 / 2);
    }
    assertThat(different(objects(), 8192)).isEqualTo(4 * SIZE / 8192 / 2);
  }

  @Test
  void repeatsBlocksAcrossTheDataSet() throws IOException {
    put("-d", "2", "--dedup-scope", "dataset", "--seed", "1");
    for (byte[] object : objects()) {
      assertThat(different(List.of(object), 4096)).isEqualTo(SIZE / 4096);
    }
    assertThat(different(objects(), 4096)).isEqualTo(4 * SIZE / 4096 / 2);
  }

  @Test
  void oneTextDoesNotServeObjectsThatShareBlocks() throws IOException {
    Path manifest = temporary.resolve("manifest");
    put("-d", "2", "--dedup-scope", "dataset", "--manifest", manifest.toString());
    String text =
        new ObjectMapper().readTree(Files.readAllLines(manifest).get(0)).get("gen").asText();
    Ran ran = s3dlio("get", "-r", "--verify", "--gen", text, uri).ends(ExitStatus.FAILED);
    assertThat(ran.errors()).isNotEmpty().allMatch(line -> line.contains("--manifest can"));
    s3dlio("get", "--verify", "--manifest", manifest.toString(), uri).done();
  }

  @Test
  void tellsWhetherTheGeneratorWasTheLimit() {
    Ran ran = s3dlio("put", uri, "-n", "20", "-s", "64KiB", "--threads", "2", "-v").done();
    assertThat(ran.lines()).hasSize(2);
    assertThat(ran.lines().get(1))
        .matches(
            "generator: 2 threads, [0-9.]+ CPU-s/GB, idle [0-9]+ %; uploads waited for it"
                + " [0-9]+ times?, [0-9.]+ s added up: .* the limit.*");
  }

  @Test
  void tellsProgramsWhatTheGeneratorDid() {
    Ran ran = s3dlio("put", uri, "-n", "20", "-s", "64KiB", "--threads", "1", "-v", "--json");
    assertThat(ran.done().json()).hasSize(1);
    JsonNode generator = ran.summary().get("generator");
    assertThat(generator.get("threads").asInt()).isEqualTo(1);
    assertThat(generator.get("bytes").asLong()).isEqualTo(20 * 65536);
    assertThat(generator.get("idle").asDouble()).isBetween(0.0, 1.0);
    assertThat(generator.get("cpuSecondsPerGB").asDouble()).isPositive();
    assertThat(generator.get("waits").asLong()).isNotNegative();
    assertThat(generator.get("waitSeconds").asDouble()).isNotNegative();
  }
}
