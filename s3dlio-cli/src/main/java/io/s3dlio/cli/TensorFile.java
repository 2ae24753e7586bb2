package io.s3dlio.cli;

import io.s3dlio.ByteSink;
import io.s3dlio.ByteSource;
import io.s3dlio.cli.TensorPieces.Part;
import io.s3dlio.safetensors.DcpShard;
import io.s3dlio.safetensors.SafetensorsSource;
import io.s3dlio.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A safetensors file that is written where tensors arrive, as `ckpt save` lays it out. */
final class TensorFile {

  private final SafetensorsSource layout;
  private final Map<String, Long> offsets = new HashMap<>();

  TensorFile(List<Part> parts) {
    SafetensorsSource.Builder builder = SafetensorsSource.builder();
    Map<String, List<Long>> begins = new TreeMap<>();
    for (Part part : parts) {
      builder.tensor(
          part.tensor().name(),
          part.tensor().dtype(),
          part.slice().shape(),
          new Absent(part.size()));
      begins.put(part.tensor().name(), part.slice().offsets());
    }
    layout = builder.metadata(new DcpShard(begins).metadata()).build();
    for (TensorInfo tensor : layout.tensors()) {
      offsets.put(tensor.name(), tensor.offset());
    }
  }

  /** What is known of a tensor before it is read. */
  private record Absent(long size) implements ByteSource {
    @Override
    public void read(long offset, ByteBuffer dst) {
      throw new IllegalStateException("only the header is read");
    }
  }

  void writeHeader(ByteSink file) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(Math.toIntExact(layout.dataOffset()));
    layout.read(0, header);
    file.write(0, header.flip());
  }

  void write(ByteSink file, Part part, long offset, ByteBuffer bytes) throws IOException {
    file.write(offsets.get(part.tensor().name()) + offset, bytes);
  }
}
