package io.s3dlio.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.safetensors.DType;
import io.s3dlio.testkit.process.JavaCommand;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the parsers of this package do with texts that somebody has made up: either they are what
 * would be written, or there is an {@link IOException}, soon, and in little memory.
 */
class HostileTextTest {

  private static final UUID ID = new UUID(1, 2);
  private static final String SHA256 = "ab".repeat(32);
  private static final SaveAttempt ATTEMPT = new SaveAttempt(ID, 5, 2, 3);

  /** The parsers, each with a sound text. */
  enum Text {
    RECORD(RecordText.LIMIT) {
      @Override
      byte[] sound() {
        Summary summary = new Summary(Instant.EPOCH, 1, 1, 8);
        Change.Commit commit = new Change.Commit(ID, 5, SHA256, List.of(new UUID(3, 4)), summary);
        Ledger ledger = new Ledger(List.of(new Ledger.Live(commit, 7)));
        return RecordText.encode(new LogRecord(7, commit, SHA256, ledger));
      }

      @Override
      byte[] again(byte[] text) throws IOException {
        return RecordText.encode(RecordText.decode(text));
      }

      // Made up by somebody who can compute its hash.
      @Override
      byte[] finished(byte[] json) {
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        byte[] hash = (Sha256.of(line) + "\n").getBytes(UTF_8);
        byte[] text = Arrays.copyOf(line, line.length + hash.length);
        System.arraycopy(hash, 0, text, line.length, hash.length);
        return text;
      }

      @Override
      byte[] json() {
        byte[] sound = sound();
        return Arrays.copyOf(sound, sound.length - 66);
      }
    },
    MANIFEST(ManifestText.LIMIT) {
      @Override
      byte[] sound() {
        Manifest.Shard shard = new Manifest.Shard(100, 10, SHA256);
        return ManifestText.encode(new Manifest(ATTEMPT, List.of(shard, shard)));
      }

      @Override
      byte[] again(byte[] text) throws IOException {
        return ManifestText.encode(ManifestText.decode(text));
      }
    },
    DESCRIPTION(DescriptionText.LIMIT) {
      @Override
      byte[] sound() {
        Extent head = new Extent(ID, 1, 0, 100, new int[] {7}, SHA256);
        Extent body = new Extent(ID, 1, 100, 24, new int[] {8}, SHA256);
        TensorSlice slice = new TensorSlice(List.of(1L, 0L), List.of(2L, 3L));
        TensorPart part = new TensorPart("t", DType.F32, List.of(4L, 3L), slice, body);
        ShardDescription shard =
            new ShardDescription(
                ATTEMPT, 1, ShardFormat.SAFETENSORS, head, List.of(part), Map.of("a", "b"));
        return shard.toJson().getBytes(UTF_8);
      }

      @Override
      byte[] again(byte[] text) throws IOException {
        return DescriptionText.encode(DescriptionText.decode(text)).getBytes(UTF_8);
      }
    };

    private final int limit;

    Text(int limit) {
      this.limit = limit;
    }

    abstract byte[] sound();

    /** Reads it and writes what was read. */
    abstract byte[] again(byte[] text) throws IOException;

    byte[] finished(byte[] json) {
      return json;
    }

    byte[] json() {
      return sound();
    }
  }

  /** What is put into a text in place of some of it. */
  private static final List<String> MORSELS =
      List.of(
          "",
          "0",
          "-1",
          "9223372036854775807",
          "9223372036854775808",
          "18446744073709551615",
          "1e5",
          "1.0",
          "1e400",
          "NaN",
          "null",
          "true",
          "\"\"",
          "\"x\"",
          "{}",
          "[]",
          "[[[[[[[[[[",
          "{\"a\":",
          "}",
          "]",
          ",",
          ":",
          "\"",
          "\\",
          "\\u0000",
          "\\ud800",
          "\u0000",
          "\ufeff",
          "é",
          "/",
          "../",
          "../../etc/passwd",
          "s3://other/",
          "file:///etc/passwd",
          "00000000-0000-0001-0000-000000000002",
          "2147483647",
          "4294967296",
          "\n",
          " ");

  @Property(tries = 3000)
  void aTextIsWhatWouldBeWrittenOrAnError(
      @ForAll Text text,
      @ForAll @IntRange(max = 100_000) int from,
      @ForAll @IntRange(max = 12) int length,
      @ForAll @IntRange(max = 1000) int morsel,
      @ForAll @IntRange(max = 5) int what)
      throws IOException {
    byte[] json = text.json();
    int at = from % json.length;
    int end = Math.min(json.length, at + length);
    String all = new String(json, ISO_8859_1);
    String changed =
        switch (what) {
          case 0 ->
              all.substring(0, at) + MORSELS.get(morsel % MORSELS.size()) + all.substring(end);
          case 1 -> all.substring(0, at); // cut off
          case 2 -> all.substring(0, end) + all.substring(at); // twice
          case 3 -> all.substring(0, at) + (char) (morsel % 256) + all.substring(at + 1);
          case 4 -> new StringBuilder(all).reverse().substring(at); // nothing sensible
          default -> number(all, at, MORSELS.get(1 + morsel % 5));
        };
    byte[] made = text.finished(changed.getBytes(ISO_8859_1));
    byte[] again;
    try {
      again = text.again(made);
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotEmpty();
      return;
    }
    assertThat(text.again(again)).isEqualTo(again);
    assertThat(text != Text.RECORD || Arrays.equals(again, made)).isTrue();
  }

  /** Another number in place of the first one from somewhere on. */
  private static String number(String all, int from, String number) {
    return all.substring(0, from) + all.substring(from).replaceFirst("(?<=:)[0-9]+", number);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsSoundIsRead(Text text) throws IOException {
    assertThat(text.again(text.sound())).isEqualTo(text.sound());
    assertThat(text.finished(text.json())).isEqualTo(text.sound());
  }

  @ParameterizedTest
  @EnumSource
  void namesThatComeTwiceAndWhatIsBehindAreRefused(Text text) {
    String all = new String(text.json(), UTF_8);
    List<String> bad =
        List.of(
            all.replaceFirst("\"version\":1", "\"version\":1,\"version\":1"),
            all.replaceFirst("\"version\":1", "\"version\":2"),
            all.replaceFirst("\"version\":1", "\"more\":1,\"version\":1"),
            all + "{}",
            "\ufeff" + all,
            all.replaceFirst("1", "\u0661"));
    for (String one : bad) {
      assertThatThrownBy(() -> text.again(text.finished(one.getBytes(UTF_8))))
          .as(one)
          .isInstanceOf(IOException.class);
    }
  }

  /** As large as they may be, in a JVM of 256 MB. */
  @Test
  void whatIsHugeIsRefusedInLittleMemory() throws Exception {
    String output =
        JavaCommand.of(Huge.class).options("-Xmx256m").limit(Duration.ofMinutes(2)).run();
    assertThat(output.lines().filter(line -> line.contains("refused"))).hasSize(3 * Huge.KINDS);
  }

  /** Reads texts of the greatest size. */
  static final class Huge {
    static final int KINDS = 6;

    public static void main(String... arguments) {
      for (Text text : Text.values()) {
        String sound = new String(text.json(), ISO_8859_1);
        String array =
            text == Text.DESCRIPTION
                ? "\"parts\":["
                : text == Text.RECORD ? "\"live\":[" : "\"shards\":[";
        int in = sound.indexOf(array) + array.length();
        String first = sound.substring(in, sound.lastIndexOf(']')).split("(?<=\\}),(?=\\{)")[0];
        Stream.<Function<byte[], byte[]>>of(
                all -> fill(all, 0, " "),
                all -> fill(all, 0, "["),
                all -> fill(all, in, first + ","),
                all -> fill(all, in, "{},"),
                all -> fill(all, sound.indexOf(":\"") + 2, "x"),
                all -> fill(all, sound.indexOf(":\"") + 2, "\u00ff"))
            .forEach(kind -> refuse(text, kind));
      }
    }

    private static void refuse(Text text, Function<byte[], byte[]> kind) {
      byte[] json = Arrays.copyOf(text.json(), text.limit - 66);
      byte[] made = text.finished(kind.apply(json));
      long begin = System.nanoTime();
      try {
        text.again(made);
        throw new AssertionError(text + " takes it");
      } catch (IOException e) {
        long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
        System.out.println(text + " refused after " + millis + " ms: " + cut(e.getMessage()));
      }
    }

    private static String cut(String message) {
      return message.substring(0, Math.min(100, message.length()));
    }

    /** All of it from a place on, with the same again and again. */
    private static byte[] fill(byte[] all, int from, String with) {
      byte[] morsel = with.getBytes(ISO_8859_1);
      for (int i = from; i < all.length; i++) {
        all[i] = morsel[(i - from) % morsel.length];
      }
      return all;
    }
  }
}
