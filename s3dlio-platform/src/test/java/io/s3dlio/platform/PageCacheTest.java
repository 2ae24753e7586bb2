package io.s3dlio.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.platform.PageCache.Advice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"})
class PageCacheTest {

  private static final int SIZE = 1 << 20;

  private Path file;

  /** In the build directory, since /tmp may be nothing but page cache. */
  @BeforeEach
  void create() throws IOException {
    file = Files.createTempFile(Path.of("target"), "page-cache", ".dat");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(SIZE));
      channel.force(true);
    }
  }

  @AfterEach
  void delete() throws IOException {
    Files.delete(file);
  }

  @Test
  void whatIsNotNeededLeavesTheCache() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      assertThat(channel.map(MapMode.READ_ONLY, 0, SIZE).isLoaded()).isTrue();
      assertThat(PageCache.advise(file, 0, 0, Advice.DONT_NEED)).isEqualTo(1);
      assertThat(channel.map(MapMode.READ_ONLY, 0, SIZE).isLoaded()).isFalse();
    }
  }

  @Test
  void everyDescriptorOfTheFileAndNoOtherIsTold() throws IOException {
    assertThat(PageCache.isAvailable()).isTrue();
    assertThat(PageCache.advise(file, 0, SIZE, Advice.SEQUENTIAL)).isZero();
    try (FileChannel one = FileChannel.open(file, StandardOpenOption.READ);
        FileChannel other = FileChannel.open(file, StandardOpenOption.READ)) {
      assertThat(one.isOpen() && other.isOpen()).isTrue();
      assertThat(PageCache.advise(file, 0, SIZE, Advice.SEQUENTIAL)).isEqualTo(2);
      assertThat(PageCache.advise(file, 0, SIZE, Advice.RANDOM)).isEqualTo(2);
      assertThat(PageCache.advise(file, -1, -1, Advice.RANDOM)).as("refused").isZero();
    }
    assertThat(PageCache.advise(file.resolveSibling("none"), 0, 0, Advice.RANDOM)).isZero();
  }

  @Test
  void withoutJnaAHintDoesNothing() throws Exception {
    String said = OtherProcess.withoutJna(WithoutJna.class, file.toString()).run();
    assertThat(said).isEqualTo("false 0");
  }

  /** Runs where there is nothing but this module. */
  static final class WithoutJna {
    public static void main(String[] arguments) throws IOException {
      Path file = Path.of(arguments[0]);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        int taken = PageCache.advise(file, 0, channel.size(), Advice.DONT_NEED);
        System.out.print(PageCache.isAvailable() + " " + taken);
      }
    }
  }
}
