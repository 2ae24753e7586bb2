import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.s3dlio.datagen.GeneratedObject;
import io.s3dlio.datagen.GeneratorOptions;
import io.s3dlio.datagen.GeneratorPool;
import io.s3dlio.datagen.GeneratorSpec;
import io.s3dlio.platform.NumaNode;
import io.s3dlio.platform.SystemInfo;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Run by dev/numa-in-qemu. Fills buffers with pools of all kinds and shows on which nodes the kernel has their pages. */
public final class ShowPages {

  private static final int SIZE = 64 << 20;
  private static final int PAGE = 4096;
  private static final long MOVE_PAGES = 279; // asm/unistd_64.h

  static {
    Native.register(ShowPages.class, "c");
  }

  static native long syscall(
      long number, long process, long count, long[] pages, Pointer nodes, int[] status, long flags);

  public static void main(String[] arguments) throws Exception {
    SystemInfo info = SystemInfo.current();
    System.out.println(info.deployment() + ", usable CPUs " + info.usableCpus());
    for (NumaNode node : info.numa().nodes()) {
      System.out.println(node);
    }
    GeneratorOptions all = GeneratorOptions.DEFAULTS.withMaxCpuFraction(1);
    boolean right = show("auto", all, true, 0, 1);
    for (NumaNode node : info.numa().nodes()) {
      right &= show("node " + node.id(), all.withNumaNode(node.id()), true, node.id(), node.id());
    }
    // For comparison: these come from the node of the thread that calls.
    show("auto, allocateDirect", all, false, 0, 1);
    try (GeneratorPool pool = new GeneratorPool(all.withNumaNode(99))) {
      System.out.println("node 99: " + pool.placement());
    } catch (IllegalArgumentException e) {
      System.out.println("node 99: " + e.getMessage());
    }
    System.out.println(right ? "PASSED" : "FAILED: a page is on another node than its filler");
  }

  /** Whether the halves of a buffer are each on a node. */
  private static boolean show(
      String title, GeneratorOptions options, boolean ofPool, int firstNode, int secondNode)
      throws Exception {
    try (GeneratorPool pool = new GeneratorPool(options)) {
      ByteBuffer buffer = ofPool ? pool.allocate(SIZE) : ByteBuffer.allocateDirect(SIZE);
      GeneratedObject object = GeneratorSpec.of(1).object(title, SIZE);
      pool.fill(object, 0, buffer);
      System.out.println("== " + title + ": " + pool.placement());
      Map<Integer, Integer> first = pages(buffer, 0);
      Map<Integer, Integer> second = pages(buffer, SIZE / 2);
      System.out.println("pages by node: first half " + first + ", second half " + second);
      System.out.println("numa_maps: " + mapping(buffer));
      return first.keySet().equals(Set.of(firstNode)) && second.keySet().equals(Set.of(secondNode));
    }
  }

  /** Pages of half a buffer by the node that has them. */
  private static Map<Integer, Integer> pages(ByteBuffer buffer, int from) {
    long begin = Pointer.nativeValue(Native.getDirectBufferPointer(buffer)) + from;
    long first = (begin + PAGE - 1) / PAGE * PAGE;
    long[] pages = new long[SIZE / 2 / PAGE - 1];
    Arrays.setAll(pages, i -> first + (long) i * PAGE);
    int[] status = new int[pages.length];
    if (syscall(MOVE_PAGES, 0, pages.length, pages, null, status, 0) != 0) {
      throw new IllegalStateException("move_pages failed: " + Native.getLastError());
    }
    Map<Integer, Integer> count = new TreeMap<>();
    Arrays.stream(status).forEach(node -> count.merge(node, 1, Integer::sum));
    return count;
  }

  private static String mapping(ByteBuffer buffer) throws Exception {
    long address = Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
    String last = "";
    for (String line : Files.readAllLines(Path.of("/proc/self/numa_maps"))) {
      if (Long.parseUnsignedLong(line.substring(0, line.indexOf(' ')), 16) > address) {
        break;
      }
      last = line;
    }
    return last;
  }
}
