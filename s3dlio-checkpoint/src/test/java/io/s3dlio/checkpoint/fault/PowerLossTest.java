package io.s3dlio.checkpoint.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.checkpoint.fault.Tally.Result;
import io.s3dlio.testkit.process.JavaCommand;
import io.s3dlio.testkit.process.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power fails after each step of an action on {@code file://}: every tree that the {@link Disk}
 * may hold then is made, and read.
 *
 * <p>{@code -Ds3dlio.checkpoint.faults=all} takes several actions; else it is a save.
 */
class PowerLossTest {

  /** So many changes of directories are lost at most, or kept at most. */
  private static final int LOST = 3;

  private static final String CALLS =
      "openat,mkdir,write,pwrite64,writev,pwritev,ftruncate,fallocate,fsync,fdatasync,link,rename,"
          + "unlink";

  private static final StoreConfig HASTY = StoreConfig.defaults().with("file.fsync", "false");

  @TempDir private Path directory;
  private final Tally tally = new Tally();

  @BeforeAll
  static void require() throws Exception {
    Strace.require();
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void whateverIsNotFlushedIsLost() throws Exception {
    for (Action action :
        Campaign.ALL
            ? List.of(Action.SAVE, Action.SAVE_BY_TWO, Action.RETAIN, Action.ABORT, Action.ROLLBACK)
            : List.of(Action.SAVE)) {
      grid(action, record(action, true, false), false);
      tally.write("power-loss", "");
    }
    assertThat(tally.broken()).isEmpty();
    assertThat(tally.points()).isGreaterThan(Campaign.ALL ? 200 : 50);
  }

  /** That the model can tell: what acknowledged without flushing is lost. */
  @Test
  void whoDoesNotFlushIsFoundOut() throws Exception {
    grid(Action.ROLLBACK, record(Action.ROLLBACK, false, false), true);
    assertThat(tally.broken()).isNotEmpty();
  }

  /** One that was killed before it had flushed what can be seen already. */
  @Test
  void whoDoesAgainWhatAnotherProcessHasNotFlushedFlushesIt() throws Exception {
    grid(Action.ROLLBACK, record(Action.ROLLBACK, true, true), true);
    assertThat(tally.broken()).isEmpty();
    assertThat(tally.points()).isPositive();
  }

  private void grid(Action action, Disk disk, boolean onlyAtTheEnd) throws Exception {
    assertThat(disk.steps()).isPositive();
    Set<Map<Path, Disk.Content>> seen = new HashSet<>();
    for (int count = onlyAtTheEnd ? disk.steps() : 0; count <= disk.steps(); count++) {
      boolean acknowledged = count == disk.steps();
      for (Map<Path, Disk.Content> tree : disk.after(count, LOST)) {
        boolean isNew = seen.add(tree) || acknowledged;
        if (isNew) {
          look(action, disk, tree, acknowledged, count);
        }
      }
    }
  }

  /**
   * What an action did.
   *
   * @param flushed whether files are flushed
   * @param again whether it was done before by another process, which did not come to that
   */
  private Disk record(Action action, boolean flushed, boolean again) throws Exception {
    Path root = Files.createTempDirectory(directory, "recorded");
    ObjectUri base = ObjectUri.parse("file://" + root + "/");
    try (ObjectStore store = ObjectStores.open(base, HASTY, RequestListener.NONE);
        JavaProcess process =
            JavaCommand.of(StruckProcess.class, base.toString(), action.name(), "" + flushed)
                .start()) {
      History history = new History(store, base.resolve("run/"));
      history.begin(action);
      List<Path> onDisk = Disk.files(root.resolve("run"));
      if (again) {
        action.run(history, store);
      }
      process.awaitLine(StruckProcess.READY::equals);
      Disk disk = new Disk(root.resolve("run"), onDisk);
      Path log = directory.resolve("trace");
      try (Strace strace =
          Strace.attach(process.handle().pid(), CALLS, log, List.of("-y", "-s", "0"))) {
        process.send("go");
        process.awaitEnd();
        assertThat(process.output()).contains(StruckProcess.DONE);
        disk.done(strace.end());
      }
      return disk;
    }
  }

  private void look(
      Action action, Disk disk, Map<Path, Disk.Content> tree, boolean acknowledged, int count)
      throws IOException {
    String row = action.toString();
    Path root = Files.createTempDirectory(directory, "tree");
    ObjectUri base = ObjectUri.parse("file://" + root + "/");
    try (ObjectStore store = ObjectStores.open(base, HASTY, RequestListener.NONE)) {
      disk.write(tree, root.resolve("run"));
      new History(store, base.resolve("run/")).check(action, acknowledged);
      tally.add(row, acknowledged ? Result.DONE : Result.ERROR);
    } catch (ObjectStoreException | RuntimeException | AssertionError e) {
      tally.broken(row, row + ", step " + count + " of " + disk.steps() + ", " + tree, e);
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
