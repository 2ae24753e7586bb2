package io.s3dlio.file.fault;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.testkit.fault.BackendCall;
import io.s3dlio.testkit.fault.BackendFault;
import io.s3dlio.testkit.fault.FaultRig;
import io.s3dlio.testkit.fault.FaultyBackend;
import io.s3dlio.testkit.fault.GridOperation;
import io.s3dlio.testkit.fault.OpenFiles;
import io.s3dlio.testkit.fault.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A directory, and a store on it whose requests fail. */
final class FileRig implements FaultRig<BackendFault>, AutoCloseable {

  private static final StoreConfig CONFIG =
      StoreConfig.defaults()
          .with("part-size", "64KiB")
          .with("multipart-threshold", "64KiB")
          .with("file.fsync", "false");

  private final Path root;
  private final String scheme;
  private final ObjectUri base;
  private final ObjectStore direct;
  private FaultyBackend faulty;

  FileRig(String scheme, Path root) throws ObjectStoreException {
    this.root = root;
    this.scheme = scheme;
    this.base = ObjectUri.parse(scheme + "://" + root + "/");
    this.direct = ObjectStores.open(base, CONFIG, RequestListener.NONE);
  }

  @Override
  public List<BackendFault> faults() {
    // No system call is carried out twice.
    return List.copyOf(EnumSet.complementOf(EnumSet.of(BackendFault.TWICE)));
  }

  /** A file system has no if-match. */
  @Override
  public boolean can(GridOperation operation) {
    return !operation.replaces();
  }

  @Override
  public ObjectStore direct() {
    return direct;
  }

  @Override
  public ObjectUri uri(String key) {
    return base.withKey(base.key() + key);
  }

  @Override
  public int largeWrite() {
    return largeRead();
  }

  @Override
  public int largeRead() {
    return 10 * (64 << 10) + 1234;
  }

  @Override
  public void prepare(BackendFault fault) {}

  @Override
  public ObjectStore open() throws ObjectStoreException {
    faulty = new FaultyBackend(ObjectStores.backend(base, CONFIG, RequestListener.NONE));
    return ObjectStore.over(faulty, Set.of(scheme), CONFIG, BufferPool.ofLimit(16 << 20));
  }

  @Override
  public int chances(BackendFault fault) {
    return (int) faulty.calls().stream().filter(call -> call.fits(fault)).count();
  }

  @Override
  public void arm(BackendFault fault, GridOperation operation, int first, int times, long seed) {
    Thread caller = Thread.currentThread();
    faulty.onFault(
        call -> {
          if (fault == BackendFault.HANG) {
            caller.interrupt(); // who calls gives up, as the deadline would after seconds
          }
        });
    faulty.inject(fault, Schedule.<BackendCall>always().from(first).times(times).seeded(seed));
  }

  @Override
  public int fired() {
    return faulty.fired().size();
  }

  @Override
  public Expectation expect(BackendFault fault, GridOperation operation) {
    Set<Kind> kinds =
        switch (fault) {
          case FAIL, FAIL_AFTER -> EnumSet.of(Kind.UNAVAILABLE);
          case HANG, CANCEL -> EnumSet.of(Kind.CANCELLED);
          case SHORTEN -> EnumSet.of(Kind.UNAVAILABLE);
          case TWICE, DELAY, FLIP -> EnumSet.noneOf(Kind.class);
        };
    // Files have no checksum.
    return new Expectation(kinds, fault == BackendFault.FLIP ? Harm.SILENT : Harm.NONE);
  }

  /** An upload whose every abort failed leaves its temporary file, and nobody else's. */
  @Override
  public List<String> leftovers() throws IOException {
    List<String> left = new ArrayList<>();
    OpenFiles.list().stream().filter(file -> file.startsWith(root.toString())).forEach(left::add);
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.toList()) {
        if (path.getFileName().toString().startsWith(".s3dlio-tmp-")) {
          if (!abortFailed()) {
            left.add(path.toString());
          }
          Files.delete(path);
        }
      }
    }
    return left;
  }

  private boolean abortFailed() {
    List<BackendCall> aborts =
        faulty.calls().stream().filter(call -> call.method().equals("abort")).toList();
    return !aborts.isEmpty() && aborts.stream().allMatch(call -> call.fault().isPresent());
  }

  @Override
  public int lost() {
    return abortFailed() ? 1 : 0;
  }

  @Override
  public void clear() {
    if (faulty != null) {
      faulty.reset();
    }
  }

  @Override
  public void close() throws ObjectStoreException {
    direct.close();
  }
}
