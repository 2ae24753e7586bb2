package io.s3dlio.cli;

import io.s3dlio.ByteSink;
import io.s3dlio.ByteSinks;
import io.s3dlio.ObjectUri;
import io.s3dlio.bench.PartCheck;
import io.s3dlio.bench.SyntheticModel;
import io.s3dlio.bench.SyntheticTensor;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.checkpoint.Checkpoint;
import io.s3dlio.checkpoint.CheckpointTensor;
import io.s3dlio.checkpoint.TensorSlice;
import io.s3dlio.cli.TensorPieces.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads what a rank needs of a checkpoint, and compares it with what was generated if it is a
 * synthetic one. Thread-safe.
 */
final class CheckpointLoad {

  private final Checkpoint checkpoint;
  private final BufferPool memory;
  private final Map<String, SyntheticTensor> generated;
  private final Map<String, CheckpointTensor> tensors = new HashMap<>();

  /**
   * Of a checkpoint.
   *
   * @param memory for the pieces that are under way
   */
  CheckpointLoad(Checkpoint checkpoint, BufferPool memory) throws IOException {
    this.checkpoint = checkpoint;
    this.memory = memory;
    this.generated = generated(checkpoint);
    for (CheckpointTensor tensor : checkpoint.tensors()) {
      tensors.put(tensor.name(), tensor);
    }
  }

  private static Map<String, SyntheticTensor> generated(Checkpoint checkpoint) throws IOException {
    String text = checkpoint.notes().get(CheckpointSaveCommand.SYNTHETIC);
    try {
      return text == null ? Map.of() : SyntheticModel.parse(text).byName();
    } catch (IllegalArgumentException e) {
      throw CommandException.failed(
          checkpoint
              + " says that it is a synthetic one and not how it was made: "
              + e.getMessage(),
          e);
    }
  }

  /**
   * What a rank has saved, in a file of its own if a directory is given; returns the bytes read.
   */
  long asSaved(int rank, ObjectUri place, LandingDirectory directory) throws IOException {
    String name = String.format(Locale.ROOT, "rank-%05d", rank);
    if (checkpoint.isOpaque(rank)) {
      return keep(place, directory, name + ".bin", file -> opaque(rank, file));
    }
    List<Part> parts = new ArrayList<>();
    checkpoint
        .slices(rank)
        .forEach((tensor, slice) -> parts.add(new Part(tensors.get(tensor), slice)));
    return keep(place, directory, name + ".safetensors", file -> read(parts, file));
  }

  /**
   * What a rank of another world has, as {@link #asSaved}: an equal share of each tensor's rows.
   */
  long share(int rank, int world, ObjectUri place, LandingDirectory directory) throws IOException {
    List<Part> parts = new ArrayList<>();
    for (CheckpointTensor tensor : tensors.values()) {
      TensorSlice whole = TensorSlice.whole(tensor.shape());
      TensorSlice slice =
          tensor.shape().isEmpty() ? whole : TensorSlice.ofRank(tensor.shape(), 0, rank, world);
      if (slice.elements() > 0 || whole.elements() == 0) {
        parts.add(new Part(tensor, slice));
      }
    }
    String name = String.format(Locale.ROOT, "rank-%05d.safetensors", rank);
    return keep(place, directory, name, file -> read(parts, file));
  }

  private static long keep(
      ObjectUri place, LandingDirectory directory, String name, LandingDirectory.Content content)
      throws IOException {
    return directory == null
        ? content.writeTo(ByteSinks.nowhere())
        : directory.receive(place, List.of(name), content);
  }

  private long opaque(int rank, ByteSink file) throws IOException {
    checkpoint.readShard(rank, file);
    return checkpoint.shardSize(rank);
  }

  private long read(List<Part> parts, ByteSink file) throws IOException {
    TensorFile target = new TensorFile(parts);
    target.writeHeader(file);
    Map<Part, PartCheck> checks = new HashMap<>();
    for (Part part : parts) {
      SyntheticTensor expected = generated.get(part.tensor().name());
      if (expected != null) {
        checks.put(part, check(expected, part));
      }
    }
    TensorPieces.read(
        checkpoint,
        memory,
        parts,
        (part, offset, bytes) -> {
          PartCheck check = checks.get(part);
          if (check != null) {
            check.write(offset, bytes.duplicate());
            judge(part, check);
          }
          target.write(file, part, offset, bytes);
        });
    return parts.stream().mapToLong(Part::size).sum();
  }

  private PartCheck check(SyntheticTensor expected, Part part) throws IOException {
    if (!expected.shape().equals(part.tensor().shape())
        || expected.dtype() != part.tensor().dtype()) {
      throw CommandException.wrongData(
          checkpoint
              + ": '"
              + expected.name()
              + "' is "
              + part.tensor()
              + " in place of "
              + expected);
    }
    return expected.check(part.slice());
  }

  private void judge(Part part, PartCheck check) throws CommandException {
    if (check.firstWrong().isPresent()) {
      throw CommandException.wrongData(
          String.format(
              "%s: tensor '%s' is not what was generated: %,d bytes are wrong, the first at offset"
                  + " %,d of the tensor; its checksums are right, so it was saved like that",
              checkpoint,
              part.tensor().name(),
              check.firstWrong().get().wrongBytes(),
              check.firstWrong().get().firstWrongOffset().orElseThrow()));
    }
  }
}
