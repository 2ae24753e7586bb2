package io.s3dlio.cli;

import io.s3dlio.ByteSources;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import io.s3dlio.checkpoint.CheckpointWriter;
import io.s3dlio.checkpoint.TensorSlice;
import io.s3dlio.safetensors.DcpShard;
import io.s3dlio.safetensors.SafetensorsFile;
import io.s3dlio.safetensors.StoredTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Local files, each of which is what one rank saves. */
final class ShardFiles implements CheckpointSaveCommand.Content, AutoCloseable {

  private static final String TENSORS = ".safetensors";

  private final List<Shard> shards = new ArrayList<>();

  /** How far the pieces of each tensor reach, which is its shape. */
  private final Map<String, List<Long>> shapes = new HashMap<>();

  /** What a file holds. */
  private interface Shard extends AutoCloseable {
    void register(CheckpointWriter writer) throws IOException;

    @Override
    void close() throws IOException;
  }

  private ShardFiles() {}

  /**
   * Opens files.
   *
   * @param local the store of files; stays the caller's
   */
  static ShardFiles open(ObjectStore local, List<Path> paths) throws IOException {
    ShardFiles files = new ShardFiles();
    try {
      for (Path path : paths) {
        files.shards.add(
            path.toString().endsWith(TENSORS) ? files.tensors(local, path) : files.opaque(path));
      }
      return files;
    } catch (IOException | RuntimeException e) {
      try {
        files.close();
      } catch (IOException also) {
        e.addSuppressed(also);
      }
      throw e;
    }
  }

  private Shard opaque(Path path) throws IOException {
    ByteSources.FileSource source = ByteSources.file(path);
    return new Shard() {
      @Override
      public void register(CheckpointWriter writer) {
        writer.opaque(source);
      }

      @Override
      public void close() throws IOException {
        source.close();
      }
    };
  }

  private Shard tensors(ObjectStore local, Path path) throws IOException {
    ObjectUri uri = ObjectUri.parse("file://" + path.toAbsolutePath().normalize());
    SafetensorsFile file = SafetensorsFile.open(local, uri);
    Map<String, TensorSlice> slices = new HashMap<>();
    Map<String, List<Long>> offsets = offsets(file);
    for (String name : file.names()) {
      List<Long> shape = file.tensor(name).shape();
      List<Long> begin = offsets.getOrDefault(name, TensorSlice.whole(shape).offsets());
      if (begin.size() != shape.size()) {
        throw CommandException.failed(
            path + ": '" + name + "' has " + shape.size() + " dimensions and begins at " + begin);
      }
      slices.put(name, new TensorSlice(begin, shape));
      List<Long> before = shapes.get(name);
      if (before != null && before.size() != shape.size()) {
        throw CommandException.failed(
            path + ": '" + name + "' has " + shape + ", and in another file " + before);
      }
      shapes.merge(name, end(slices.get(name)), ShardFiles::larger);
    }
    return new Shard() {
      @Override
      public void register(CheckpointWriter writer) {
        for (String name : file.names()) {
          StoredTensor tensor = file.tensor(name);
          writer.put(name, tensor.dtype(), shapes.get(name), slices.get(name), tensor);
        }
      }

      @Override
      public void close() {
        // The store is the caller's.
      }
    };
  }

  private static Map<String, List<Long>> offsets(SafetensorsFile file) throws IOException {
    try {
      return DcpShard.of(file.metadata()).map(DcpShard::savedOffsets).orElse(Map.of());
    } catch (IOException | IllegalArgumentException e) {
      throw CommandException.failed(
          file.uri() + ": what it says of its pieces cannot be read: " + e.getMessage(), e);
    }
  }

  private static List<Long> end(TensorSlice slice) {
    List<Long> end = new ArrayList<>();
    for (int d = 0; d < slice.shape().size(); d++) {
      end.add(slice.offsets().get(d) + slice.shape().get(d));
    }
    return end;
  }

  private static List<Long> larger(List<Long> one, List<Long> other) {
    List<Long> larger = new ArrayList<>();
    for (int d = 0; d < one.size(); d++) {
      larger.add(Math.max(one.get(d), other.get(d)));
    }
    return larger;
  }

  @Override
  public int world() {
    return shards.size();
  }

  @Override
  public void register(int rank, CheckpointWriter writer) throws IOException {
    shards.get(rank).register(writer);
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (Shard shard : shards) {
      try {
        shard.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
