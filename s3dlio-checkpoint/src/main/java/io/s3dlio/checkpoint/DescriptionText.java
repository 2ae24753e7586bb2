package io.s3dlio.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import io.s3dlio.safetensors.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Descriptions of shards as JSON. The fields have one order. */
final class DescriptionText {

  /** What is longer is not written, nor read: 2 TB in tensors take 16 MB of checksums. */
  static final int LIMIT = 64 << 20;

  /** Characters of a message about one. */
  private static final int SHOWN = 400;

  private static final int VERSION = 1;
  private static final int MOST_DIMENSIONS = 64;

  private DescriptionText() {}

  static String encode(ShardDescription shard) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JsonFields.SHORT_TEXTS.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      json.writeStringField("attempt", shard.attempt().toString());
      json.writeNumberField("rank", shard.rank());
      json.writeStringField("format", shard.format().name());
      json.writeObjectFieldStart("metadata");
      for (Map.Entry<String, String> one : new TreeMap<>(shard.metadata()).entrySet()) {
        json.writeStringField(one.getKey(), one.getValue());
      }
      json.writeEndObject();
      json.writeObjectFieldStart("head");
      extent(json, shard.head());
      json.writeEndObject();
      json.writeArrayFieldStart("parts");
      for (TensorPart part : shard.parts()) {
        json.writeStartObject();
        json.writeStringField("name", part.name());
        json.writeStringField("dtype", part.dtype().name());
        numbers(json, "shape", part.shape());
        numbers(json, "offsets", part.slice().offsets());
        numbers(json, "part", part.slice().shape());
        extent(json, part.extent());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("memory takes all bytes", e);
    }
    return out.toString(UTF_8);
  }

  private static void numbers(JsonGenerator json, String name, List<Long> numbers)
      throws IOException {
    json.writeFieldName(name);
    json.writeArray(numbers.stream().mapToLong(Long::longValue).toArray(), 0, numbers.size());
  }

  private static void extent(JsonGenerator json, Extent extent) throws IOException {
    json.writeStringField("in", extent.attempt().toString());
    json.writeNumberField("of", extent.rank());
    json.writeNumberField("offset", extent.offset());
    json.writeNumberField("length", extent.length());
    json.writeStringField("crc32c", Crcs.toText(extent.crc32c()));
    json.writeStringField("sha256", extent.sha256());
  }

  static ShardDescription decode(byte[] text) throws IOException {
    try (JsonFields json = new JsonFields(JsonFields.LONG_TEXTS, text, text.length)) {
      json.object();
      if (json.number("version") != VERSION) {
        throw new IOException("it is of a later version of s3dlio");
      }
      SaveAttempt attempt = SaveAttempt.parse(json.text("attempt"));
      int rank = json.integer("rank");
      ShardFormat format = ShardFormat.valueOf(json.text("format"));
      Map<String, String> metadata = new TreeMap<>();
      json.object("metadata");
      while (json.anotherField()) {
        metadata.put(json.text(), json.value());
      }
      json.object("head");
      Extent head = extent(json);
      json.endObject();
      List<TensorPart> parts = new ArrayList<>();
      json.array("parts");
      Set<String> names = new HashSet<>();
      while (json.anotherObject()) {
        TensorPart part = part(json);
        if (!names.add(part.name())) {
          throw new IOException("rank " + rank + " has '" + part.name() + "' twice");
        }
        parts.add(part);
      }
      json.endObject();
      json.end();
      return new ShardDescription(attempt, rank, format, head, parts, metadata);
    } catch (IOException | IllegalArgumentException e) {
      String why = String.valueOf(e.getMessage()); // may repeat a text of any length
      throw new IOException(why.length() > SHOWN ? why.substring(0, SHOWN) + "…" : why);
    }
  }

  private static TensorPart part(JsonFields json) throws IOException {
    String name = json.text("name");
    DType dtype = DType.valueOf(json.text("dtype"));
    List<Long> shape = numbers(json, "shape");
    TensorSlice slice = new TensorSlice(numbers(json, "offsets"), numbers(json, "part"));
    Extent extent = extent(json);
    json.endObject();
    return new TensorPart(name, dtype, shape, slice, extent);
  }

  private static List<Long> numbers(JsonFields json, String name) throws IOException {
    List<Long> numbers = new ArrayList<>();
    json.array(name);
    while (json.anotherNumber()) {
      if (numbers.size() == MOST_DIMENSIONS) {
        throw new IOException("a tensor has at most " + MOST_DIMENSIONS + " dimensions");
      }
      numbers.add(json.number());
    }
    return numbers;
  }

  private static Extent extent(JsonFields json) throws IOException {
    UUID attempt = json.uuid("in");
    int rank = json.integer("of");
    long offset = json.number("offset");
    long length = json.number("length");
    int[] crcs = Crcs.parse(json.text("crc32c"));
    if (crcs.length != Extent.chunks(length)) {
      throw new IOException(crcs.length + " checksums of " + length + " bytes");
    }
    return new Extent(attempt, rank, offset, length, crcs, json.sha256("sha256"));
  }
}
