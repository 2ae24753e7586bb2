package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Both kernels make the same bytes, wherever they put them. The build's JVM has the vector module.
 */
class KernelTest {

  private static final StreamKey KEY = new StreamKey(1, -2, 3, -4);

  private final Kernel scalar = GeneratorKernel.create("scalar");
  private final Kernel vector = GeneratorKernel.create("vector");

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 31, 32, 33, 255, 256})
  void both_make_the_same_rows(int rows) {
    int size = rows * Kernel.ROW;
    for (int at = 0; at < 70; at += 7) {
      byte[] expected = new byte[size + 100];
      scalar.seed(KEY, at);
      scalar.make(rows, expected, at);
      byte[] array = new byte[size + 100];
      vector.seed(KEY, at);
      vector.make(rows, array, at);
      assertThat(array).isEqualTo(expected);
      assertThat(vector.state).isEqualTo(scalar.state);
      for (Kernel kernel : new Kernel[] {scalar, vector}) {
        ByteBuffer direct = ByteBuffer.allocateDirect(size + 100);
        kernel.seed(KEY, at);
        kernel.make(rows, direct, at);
        assertThat(direct).isEqualTo(ByteBuffer.wrap(expected));
        assertThat(kernel.state).isEqualTo(scalar.state);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 33, 256})
  void both_notice_any_bit(int rows) {
    int size = rows * Kernel.ROW;
    ByteBuffer direct = ByteBuffer.allocateDirect(size + 3);
    scalar.seed(KEY, 9);
    scalar.make(rows, direct, 3);
    for (Kernel kernel : new Kernel[] {scalar, vector}) {
      assertThat(matches(kernel, rows, direct)).isTrue();
      for (int at = 3; at < size + 3; at += 61) {
        direct.put(at, (byte) (direct.get(at) ^ 0x80));
        assertThat(matches(kernel, rows, direct)).as("%s, %d", kernel.kernelName(), at).isFalse();
        direct.put(at, (byte) (direct.get(at) ^ 0x80));
      }
      assertThat(matches(kernel, rows, direct.asReadOnlyBuffer())).isTrue();
    }
  }

  private static boolean matches(Kernel kernel, int rows, ByteBuffer direct) {
    kernel.seed(KEY, 9);
    return kernel.matches(rows, direct, 3);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {8, 9, 63, 64, 65, 127, 128, 129, 191, 192, 193, 200, 255, 256, 257, 320, 321, 1000})
  void both_fill_with_a_tail_and_notice_any_other_byte(int length) {
    long word = 0x0201060504030201L;
    for (int from = 0; from < 70; from += 7) {
      byte[] expected = new byte[length + 150];
      for (int i = 0; i < length; i++) {
        expected[from + i] = (byte) (i % 6 + 1);
      }
      for (Kernel kernel : new Kernel[] {scalar, vector}) {
        ByteBuffer direct = ByteBuffer.allocateDirect(length + 150);
        kernel.fill(word, direct, from, from + length);
        assertThat(direct).isEqualTo(ByteBuffer.wrap(expected));
        for (int at = 0; at < direct.capacity(); at++) {
          boolean outside = at < from || at >= from + length;
          direct.put(at, (byte) (direct.get(at) ^ 0x80));
          assertThat(kernel.isFilled(word, direct, from, from + length)).isEqualTo(outside);
          direct.put(at, (byte) (direct.get(at) ^ 0x80));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 4096", "1.2, 4096", "2, 4096", "10, 4096", "1, 512", "3, 512", "20, 512"})
  void a_wrong_byte_is_found_where_it_is(double compression, int block) {
    GeneratedObject object =
        GeneratorSpec.of(1)
            .withCompression(compression)
            .withDedup(1.5)
            .withDedupBlock(block)
            .object("wrong", 9000);
    for (Kernel kernel : new Kernel[] {scalar, vector}) {
      Pages pages = new Pages(kernel);
      ByteBuffer direct = ByteBuffer.allocateDirect(9000);
      pages.read(object, 0, direct);
      direct.clear();
      assertThat(pages.mismatch(object, 0, direct)).isNegative();
      for (int at = 0; at < 9000; at++) {
        direct.put(at, (byte) (direct.get(at) ^ 1));
        assertThat(pages.mismatch(object, 0, direct)).isEqualTo(at);
        direct.put(at, (byte) (direct.get(at) ^ 1));
      }
    }
  }

  @Test
  void a_mapped_file_is_filled(@TempDir Path directory) throws IOException {
    GeneratedObject object = GeneratorSpec.of(1).withCompression(2).object("mapped", 200_000);
    Path file = directory.resolve("file");
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer mapped = channel.map(MapMode.READ_WRITE, 0, 200_000);
      new Pages(vector).read(object, 0, mapped);
      assertThat(mapped.flip())
          .isEqualTo(ByteBuffer.wrap(Reference.bytes(object.spec(), "mapped", 200_000, 0)));
      assertThat(new Pages(vector).mismatch(object, 0, mapped)).isNegative();
    }
  }

  @Test
  void seeding_a_unit_changes_half_of_the_bits_of_its_neighbours() {
    long[] before = new long[4 * Kernel.LANES];
    for (int bit = 0; bit < 54; bit++) {
      scalar.seed(KEY, 0);
      System.arraycopy(scalar.state, 0, before, 0, before.length);
      scalar.seed(KEY, 1L << bit);
      int changed = 0;
      for (int i = 0; i < before.length; i++) {
        changed += Long.bitCount(before[i] ^ scalar.state[i]);
      }
      // 4,096 bits: five standard deviations around a half.
      assertThat(changed).as("bit %d", bit).isBetween(2048 - 160, 2048 + 160);
    }
  }

  @Test
  void the_property_chooses_and_what_cannot_be_had_names_the_option() {
    assertThat(scalar.kernelName()).isEqualTo("scalar");
    assertThat(vector.kernelName()).isEqualTo("vector");
    assertThat(GeneratorKernel.name()).isEqualTo("vector");
    GeneratorKernel.Found nothing = GeneratorKernel.Found.nothing("because");
    assertThat(GeneratorKernel.create("auto", nothing).kernelName()).isEqualTo("scalar");
    assertThatThrownBy(() -> GeneratorKernel.create("vector", nothing))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("s3dlio.kernel=vector", "because");
    assertThatThrownBy(() -> GeneratorKernel.create("fast"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("s3dlio.kernel=fast: must be auto, scalar or vector");
  }

  /** Else two threads of one process could have different ones. */
  @Test
  void one_is_chosen_for_all_threads() throws InterruptedException, ExecutionException {
    String chosen = GeneratorKernel.name();
    String before = System.getProperty(GeneratorKernel.PROPERTY);
    System.setProperty(GeneratorKernel.PROPERTY, "scalar");
    try {
      FutureTask<String> later = new FutureTask<>(GeneratorKernel::name);
      Thread thread = new Thread(later);
      thread.start();
      assertThat(later.get()).isEqualTo(chosen).isEqualTo("vector");
    } finally {
      if (before == null) {
        System.clearProperty(GeneratorKernel.PROPERTY);
      } else {
        System.setProperty(GeneratorKernel.PROPERTY, before);
      }
    }
  }

  @Test
  void what_is_missing_is_said_as_it_is() throws Exception {
    assertThat(saidIn()).contains("s3dlio.kernel=vector", "--add-modules jdk.incubator.vector");
    String module = "--add-modules=jdk.incubator.vector";
    assertThat(saidIn(module, "-XX:MaxVectorSize=8"))
        .contains("s3dlio.kernel=vector", "vectors of one lane")
        .doesNotContain("--add-modules");
    assertThat(saidIn(module)).endsWith("vector");
  }

  /** What comes of asking for vectors in a JVM with these options. */
  private static String saidIn(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.add("-D" + GeneratorKernel.PROPERTY + "=vector");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(SaysKernel.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return said.strip();
    } finally {
      process.destroyForcibly();
    }
  }

  /** Runs in a JVM of its own. */
  static final class SaysKernel {
    public static void main(String[] arguments) {
      try {
        System.out.println(GeneratorKernel.name());
      } catch (IllegalStateException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
