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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed, or told of an error, at each system call by which it looks for, reads or
 * changes files of a history; then this one reads what it has left. A point counts only if strace
 * has struck a call that is about such a file.
 */
class SyscallGridTest {

  /** How many points are taken of each scheme where not all are. */
  private static final int SAMPLE = 6;

  private static final String CALLS =
      "openat,mkdir,write,pwrite64,writev,pwritev,ftruncate,fallocate,fsetxattr,setxattr,"
          + "utimensat,fsync,fdatasync,link,linkat,rename,renameat,renameat2,unlink,unlinkat,rmdir,"
          + "read,readv,pread64,preadv,getdents64,newfstatat,statx,fstat,fgetxattr,getxattr";

  private static final Pattern CALL = Pattern.compile("([0-9]+) +([a-z0-9]+)\\((.*)");

  @TempDir private Path directory;
  private final Tally tally = new Tally();
  private int left;
  private Stage next;

  /** What strace does at a call. */
  private enum Strike {
    KILL("signal=SIGKILL"),
    EIO("error=EIO"),
    ENOSPC("error=ENOSPC", "(openat.*O_CREAT|mkdir|p?write|fallocate|f?setxattr|link).*"),
    EDQUOT("error=EDQUOT", ENOSPC.calls),
    EMFILE("error=EMFILE", "openat.*"),
    EINTR("error=EINTR", "(openat|p?read|p?write|fsync|fdatasync).*");

    private final String option;
    private final String calls;

    Strike(String option) {
      this(option, ".*");
    }

    Strike(String option, String calls) {
      this.option = option;
      this.calls = calls;
    }

    /** Whether the system may say that of such a call, by its name and its arguments. */
    boolean fits(String call) {
      return call.matches(calls);
    }
  }

  /** The n-th call of a kind on some thread. */
  private record Place(String call, int n) {}

  @BeforeAll
  static void require() throws Exception {
    Strace.require();
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void killedOrToldOfAnErrorAtEachCall() throws Exception {
    for (Action action : Campaign.actions(Action.SAVE, Action.LOAD)) {
      for (String scheme : List.of("file", "direct")) {
        grid(scheme, action);
      }
    }
    assertThat(tally.broken()).isEmpty();
    assertThat(tally.points()).isGreaterThan(Campaign.least(2_000, 3 * SAMPLE));
  }

  private void grid(String scheme, Action action) throws Exception {
    List<String> calls = run(scheme, action, List.of("-y"), true).calls;
    record Point(Place place, Strike strike) {}
    List<Point> points = new ArrayList<>();
    places(calls)
        .forEach(
            (place, call) ->
                Arrays.stream(Strike.values())
                    .filter(strike -> strike.fits(call))
                    .forEach(strike -> points.add(new Point(place, strike))));
    int step = Campaign.ALL ? 1 : Math.max(1, points.size() / SAMPLE);
    for (int i = 0; i < points.size(); i += step) {
      strike(scheme, action, points.get(i).place, points.get(i).strike);
      tally.write("processes", "\nTemporary files left behind: " + left + "\n");
    }
  }

  /** The calls that are about files of the history, with their arguments. */
  private static Map<Place, String> places(List<String> lines) {
    Map<String, Integer> counts = new HashMap<>();
    Map<Place, String> places =
        new TreeMap<>(Comparator.comparing(Place::call).thenComparingInt(Place::n));
    for (String line : lines) {
      Matcher call = CALL.matcher(line);
      if (call.lookingAt()) {
        int n = counts.merge(call.group(1) + call.group(2), 1, Integer::sum);
        if (call.group(3).contains("/run")) {
          places.put(new Place(call.group(2), n), call.group(2) + "(" + call.group(3));
        }
      }
    }
    return places;
  }

  private void strike(String scheme, Action action, Place place, Strike strike) throws Exception {
    String option = "inject=" + place.call + ":" + strike.option + ":when=" + place.n;
    String row = scheme + ", " + action + ", " + strike;
    try {
      Ran ran = run(scheme, action, List.of("-y", "-e", option), false);
      if (ran.struck && places(ran.calls).containsKey(place)) {
        tally.add(row, ran.done ? Result.DONE : Result.ERROR);
      }
    } catch (ObjectStoreException | RuntimeException | AssertionError e) {
      tally.broken(row, scheme + ", " + action + ", " + option, e);
    }
  }

  /** What is said to be done must survive the power: no reading makes up for it. */
  @Test
  void aRecordThatCannotBeFlushedIsNotDone() throws Exception {
    Map<Place, String> places = places(run("file", Action.ROLLBACK, List.of("-y"), true).calls);
    places.values().removeIf(call -> !call.matches("fsync\\([0-9]+<.*/log>\\).*"));
    assertThat(places).isNotEmpty();
    for (Place place : places.keySet()) {
      String option = "inject=fsync:error=EIO:when=" + place.n;
      Ran ran = run("file", Action.ROLLBACK, List.of("-y", "-e", option), false);
      assertThat(ran.struck).isTrue();
      assertThat(ran.done).isFalse();
    }
  }

  private record Ran(List<String> calls, boolean struck, boolean done) {}

  private Ran run(String scheme, Action action, List<String> options, boolean mustBeDone)
      throws Exception {
    StoreConfig config = StoreConfig.defaults().with("file.fsync", "false");
    try (Stage stage = stage(scheme, action);
        ObjectStore store = ObjectStores.open(stage.base, config, RequestListener.NONE)) {
      History history = new History(store, stage.base.resolve("run/"));
      history.begin(action);
      stage.process.awaitLine(StruckProcess.READY::equals);
      List<String> calls;
      int status;
      Path log = stage.root.resolve("trace");
      try (Strace strace = Strace.attach(stage.process.handle().pid(), CALLS, log, options)) {
        stage.process.send("go");
        status = stage.process.awaitEnd();
        calls = strace.end();
      }
      boolean done = stage.process.output().contains(StruckProcess.DONE + "\n");
      assertThat(done || !mustBeDone).as(stage.process.output()).isTrue();
      boolean struck =
          status == 137 || calls.stream().anyMatch(line -> line.contains("(INJECTED)"));
      history.check(action, done);
      left += temporaryFiles(stage.root);
      return new Ran(calls, struck, done);
    }
  }

  /** A directory, and a process that gets ready for an action there. */
  private record Stage(String scheme, Action action, Path root, ObjectUri base, JavaProcess process)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      process.close();
      try (Stream<Path> all = Files.walk(root)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /** One that was begun before, while the next gets ready. */
  private Stage stage(String scheme, Action action) throws IOException {
    Stage now = next;
    if (now == null || !now.scheme.equals(scheme) || now.action != action) {
      close();
      now = begin(scheme, action);
    }
    next = begin(scheme, action);
    return now;
  }

  private Stage begin(String scheme, Action action) throws IOException {
    Path root = Files.createTempDirectory(directory, "point");
    ObjectUri base = ObjectUri.parse(scheme + "://" + root + "/");
    JavaProcess process =
        JavaCommand.of(StruckProcess.class, base.toString(), action.name(), "true")
            .options("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
            .options("-XX:-UsePerfData")
            .start();
    return new Stage(scheme, action, root, base, process);
  }

  @AfterEach
  void close() throws IOException {
    if (next != null) {
      next.close();
      next = null;
    }
  }

  private static int temporaryFiles(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return (int)
          all.filter(path -> path.getFileName().toString().startsWith(".s3dlio-tmp")).count();
    }
  }
}
