package io.s3dlio.file;

import io.s3dlio.BucketInfo;
import io.s3dlio.Capabilities;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.file.Requests.Meter;
import io.s3dlio.spi.ListCursor;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Payload;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import io.s3dlio.spi.StoreBackend;
import io.s3dlio.spi.UnfinishedWrite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The store on files. Works on the calling thread; holds nothing open between requests. */
final class FileBackend implements StoreBackend {

  private final Capabilities capabilities;
  private final boolean fsync;
  private final Requests requests;
  private final FileIo io;
  private final FileReader reader;

  FileBackend(Capabilities capabilities, boolean fsync, FileIo io, Requests requests) {
    this.capabilities = capabilities;
    this.fsync = fsync;
    this.io = io;
    this.reader = new FileReader(io);
    this.requests = requests;
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public boolean isLocal() {
    return true;
  }

  @Override
  public CompletableFuture<ObjectMeta> head(ObjectUri uri) {
    return requests.run("head", uri, meter -> FileState.meta(Place.object("head", uri)));
  }

  @Override
  public CompletableFuture<Void> read(ObjectUri uri, ReadRequest request, Receiver receiver) {
    return requests.run(
        "get", uri, meter -> reader.read(Place.object("get", uri), request, receiver, meter));
  }

  @Override
  public CompletableFuture<PutResult> put(ObjectUri uri, Payload payload, PutOptions options) {
    return requests.run(
        "put",
        uri,
        meter -> {
          Place target = target("put", uri, options);
          try (TempFile file = TempFile.in(target, fsync)) {
            file.create(UserAttributes.of(options));
            if (io.write(file, 0, payload.buffers()) > payload.size()) {
              file.truncate(payload.size());
            }
            meter.moved(payload.size());
            return file.publish(options.mode(), io);
          }
        });
  }

  @Override
  public CompletableFuture<PartUpload> startMultipart(
      ObjectUri uri, long partSize, PutOptions options) {
    return requests.run(
        "startMultipart",
        uri,
        meter -> {
          TempFile file = TempFile.in(target("startMultipart", uri, options), fsync);
          file.create(UserAttributes.of(options));
          return FileUpload.start(file, partSize, options.mode(), io, requests);
        });
  }

  @Override
  public ListCursor list(ObjectUri prefix, ListOptions options) {
    return new FileCursor(prefix, options, requests);
  }

  @Override
  public CompletableFuture<Map<ObjectUri, ObjectStoreException>> deleteAll(List<ObjectUri> uris) {
    Map<ObjectUri, ObjectStoreException> failures = new TreeMap<>();
    for (ObjectUri uri : uris) {
      try {
        requests.run("delete", uri, meter -> delete(Place.object("delete", uri))).get();
      } catch (ExecutionException e) {
        failures.put(uri, (ObjectStoreException) e.getCause());
      } catch (InterruptedException e) {
        throw new IllegalStateException("a completed future does not wait", e);
      }
    }
    return CompletableFuture.completedFuture(failures);
  }

  @Override
  public CompletableFuture<PutResult> copy(ObjectUri from, ObjectUri to) {
    return requests.run(
        "copy",
        from,
        meter -> {
          Place source = Place.object("copy", from);
          Place target = Place.target("copy", to);
          try (OpenFile in = OpenFile.open(source, io)) {
            return copy(in, target, meter);
          }
        });
  }

  /** Failures are those of the new object: the other one could be opened. */
  private PutResult copy(OpenFile in, Place target, Meter meter) throws ObjectStoreException {
    try (TempFile file = TempFile.in(target, fsync)) {
      file.create(UserAttributes.of(in.meta()));
      meter.moved(io.copy(in, file));
      in.checkUnchanged();
      return file.publish(PutMode.OVERWRITE, io);
    } catch (IOException e) {
      throw FileErrors.of("copy", target.uri(), e);
    }
  }

  @Override
  public CompletableFuture<List<UnfinishedWrite>> unfinished(ObjectUri prefix) {
    return requests.run(
        "unfinished",
        prefix,
        meter ->
            Leftovers.below(prefix).stream()
                .map(file -> new UnfinishedWrite(file.uri(), () -> remove(file)))
                .toList());
  }

  private CompletableFuture<Void> remove(Leftovers.Leftover file) {
    return requests.run(
        "abort",
        file.uri(),
        meter -> {
          Files.deleteIfExists(file.path());
          return null;
        });
  }

  @Override
  public CompletableFuture<Void> createBucket(ObjectUri uri) {
    return requests.run(
        "createBucket",
        uri,
        meter -> Directories.create(Place.directory("createBucket", uri), fsync));
  }

  @Override
  public CompletableFuture<Void> deleteBucket(ObjectUri uri) {
    return requests.run(
        "deleteBucket", uri, meter -> Directories.delete(Place.directory("deleteBucket", uri)));
  }

  @Override
  public CompletableFuture<List<BucketInfo>> listBuckets(ObjectUri uri) {
    return requests.run(
        "listBuckets", uri, meter -> Directories.list(Place.directory("listBuckets", uri)));
  }

  /** There is nothing to give up. */
  @Override
  public void close() {}

  private static Place target(String operation, ObjectUri uri, PutOptions options)
      throws ObjectStoreException {
    Place target = Place.target(operation, uri);
    if (options.mode() instanceof PutMode.IfMatch) {
      throw target.error(
          Kind.UNSUPPORTED,
          "a file system cannot replace a file only if it is unchanged; create new objects (mode"
              + " CREATE), or use a store that can",
          null);
    }
    return target;
  }

  private static Void delete(Place place) throws IOException {
    try {
      BasicFileAttributes found =
          Files.readAttributes(place.path(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!found.isRegularFile() && !found.isSymbolicLink()) {
        String detail =
            found.isDirectory()
                ? "is a directory, not an object; delete the objects below it"
                : "is neither a file nor a link to one; delete it by other means";
        throw place.error(Kind.INVALID, detail, null);
      }
      Files.deleteIfExists(place.path());
    } catch (IOException e) {
      if (e instanceof ObjectStoreException || !FileErrors.isAbsent(e)) {
        throw e;
      }
    }
    return null;
  }
}
