package io.s3dlio.safetensors;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a safetensors file of one rank says to PyTorch's {@code HuggingFaceStorageReader} (package
 * {@code torch.distributed.checkpoint}): where in the whole tensor each of its pieces begins. That
 * reader takes all {@code *.safetensors} of a directory, and a tensor to be as large as its pieces
 * reach. A file has one piece of a tensor; further ones go into further files of the rank.
 *
 * @param savedOffsets for each tensor of the file where its piece begins in each dimension, counted
 *     in elements; empty for a single element
 */
public record DcpShard(Map<String, List<Long>> savedOffsets) {

  private static final String INFO = "DCP_SHARDING_INFO";
  private static final String OFFSETS = "saved_offsets";
  private static final int ENTRY = 192;

  /** Copies the map, keeping its order. */
  public DcpShard {
    Map<String, List<Long>> copy = new LinkedHashMap<>();
    savedOffsets.forEach((name, offsets) -> copy.put(name, List.copyOf(offsets)));
    for (Map.Entry<String, List<Long>> entry : copy.entrySet()) {
      if (entry.getValue().stream().anyMatch(offset -> offset < 0)) {
        throw new IllegalArgumentException(
            "a piece of " + StrictJson.quoted(entry.getKey()) + " begins below 0");
      }
    }
    savedOffsets = Collections.unmodifiableMap(copy);
  }

  /**
   * The name that PyTorch's writer gives such a file. Its reader takes any that ends in {@code
   * .safetensors}.
   *
   * @param shard of the rank, from 1: its rank and one
   * @param file of the rank's files, from 1
   * @param files how many a rank has
   * @return such as {@code shard-00001-model-00001-of-00001.safetensors}
   * @throws IllegalArgumentException if a number is below 1, or there is no such file
   */
  public static String fileName(int shard, int file, int files) {
    if (shard < 1 || file < 1 || file > files) {
      throw new IllegalArgumentException(
          "shards and files are counted from 1: " + shard + ", " + file + " of " + files);
    }
    return String.format(
        Locale.ROOT, "shard-%05d-model-%05d-of-%05d.safetensors", shard, file, files);
  }

  /**
   * For {@link SafetensorsSource.Builder#metadata}, as PyTorch's writer does it.
   *
   * @return {@code DCP_SHARDING_INFO}, {@code DCP_VERSION} and {@code format}
   */
  public Map<String, String> metadata() {
    byte[] info =
        StrictJson.write(
            json -> {
              json.writeStartObject();
              for (Map.Entry<String, List<Long>> entry : savedOffsets.entrySet()) {
                json.writeObjectFieldStart(entry.getKey());
                json.writeArrayFieldStart(OFFSETS);
                for (long offset : entry.getValue()) {
                  json.writeNumber(offset);
                }
                json.writeEndArray();
                json.writeEndObject();
              }
              json.writeEndObject();
            });
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(INFO, new String(info, StandardCharsets.UTF_8));
    metadata.put("DCP_VERSION", "1.0");
    metadata.put("format", "pt");
    return Collections.unmodifiableMap(metadata);
  }

  /**
   * Reads what a file's metadata says.
   *
   * @param metadata of a safetensors file
   * @return empty if it does not have it: its tensors are whole
   * @throws IOException if it is malformed
   */
  public static Optional<DcpShard> of(Map<String, String> metadata) throws IOException {
    String info = metadata.get(INFO);
    if (info == null) {
      return Optional.empty();
    }
    Map<String, List<Long>> savedOffsets = new LinkedHashMap<>();
    try (StrictJson json = StrictJson.of(info)) {
      json.object();
      String tensor;
      while ((tensor = json.name()) != null) {
        json.keep(tensor, ENTRY);
        if (savedOffsets.put(tensor, offsets(tensor, json)) != null) {
          throw new IOException(INFO + " has two tensors " + StrictJson.quoted(tensor));
        }
      }
      json.end();
    }
    return Optional.of(new DcpShard(savedOffsets));
  }

  private static List<Long> offsets(String tensor, StrictJson json) throws IOException {
    List<Long> offsets = null;
    json.object();
    String field;
    while ((field = json.name()) != null) {
      if (!field.equals(OFFSETS)) {
        json.skip(); // newer versions say more
      } else if (offsets == null) {
        offsets = json.numbers(SafetensorsHeader.MOST_DIMENSIONS);
      } else {
        throw new IOException(StrictJson.quoted(tensor) + " has two " + OFFSETS);
      }
    }
    if (offsets == null) {
      throw new IOException(StrictJson.quoted(tensor) + " has no " + OFFSETS);
    }
    return offsets;
  }
}
