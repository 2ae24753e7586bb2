package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ChunkCrcsProperties {

  /** In any order, by parts, again and with other bytes: what counts is what is there at last. */
  @Property(tries = 3000)
  void theyAreThoseOfWhatIsThere(@ForAll Random random) {
    int size = 1 + random.nextInt(200);
    int cut = random.nextInt(size + 1);
    ByteBuffer all = ByteBuffer.allocate(size);
    Memory memory = new Memory(List.of(all.slice(0, cut), all.slice(cut, size - cut)));
    long[] ends = ends(size, random);
    ChunkCrcs crcs = new ChunkCrcs(memory, ends);
    for (int piece : pieces(size, random)) {
      land(crcs, piece, random.nextInt(Math.min(40, size - piece) + 1), random);
    }
    long begin = 0;
    for (long end : ends) {
      CRC32C crc = new CRC32C();
      crc.update(all.slice((int) begin, (int) (end - begin)));
      assertThat(crcs.at(begin)).as("%d to %d", begin, end).isEqualTo((int) crc.getValue());
      begin = end;
    }
  }

  private static long[] ends(int size, Random random) {
    List<Long> ends = new ArrayList<>();
    for (long end = 1L + random.nextInt(50); end < size; end += 1L + random.nextInt(50)) {
      ends.add(end);
    }
    ends.add((long) size);
    return ends.stream().mapToLong(Long::longValue).toArray();
  }

  /** Where pieces begin that land, most of them behind one another. */
  private static List<Integer> pieces(int size, Random random) {
    List<Integer> pieces = new ArrayList<>();
    int at = 0;
    for (int n = random.nextInt(20); n >= 0; n--) {
      pieces.add(at);
      int jump = random.nextInt(8);
      at = jump == 0 ? 0 : jump == 1 ? random.nextInt(size) : Math.min(size - 1, at + 20);
    }
    return pieces;
  }

  private static void land(ChunkCrcs crcs, int offset, int length, Random random) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    ByteBuffer target = random.nextBoolean() ? crcs.target(offset, length) : null;
    if (target == null) {
      crcs.write(offset, ByteBuffer.wrap(bytes));
    } else {
      target.put(bytes);
      crcs.filled(offset, length);
    }
  }
}
