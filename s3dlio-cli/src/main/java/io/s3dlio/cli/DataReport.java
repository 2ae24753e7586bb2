package io.s3dlio.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What data is like to a store: how far it can be compressed, by whom and in which units, and how
 * many of its blocks are copies or zeros.
 *
 * @param bytes how many there are
 * @param sampledBytes how many of them were compressed: all, or some evenly spread
 * @param streamedBytes how many, from the begin on, were compressed as one stream
 * @param compression in each of the units, and last of the stream; empty if there are no bytes
 * @param blocks by ascending size; empty if there are no bytes
 */
record DataReport(
    long bytes,
    long sampledBytes,
    long streamedBytes,
    List<Compression> compression,
    List<BlockCounts.Counted> blocks) {

  /**
   * Sizes divided by compressed sizes.
   *
   * @param unit bytes of a unit that was compressed alone; 0 for the stream
   * @param ratios by compressor
   */
  record Compression(int unit, List<Ratio> ratios) {}

  /**
   * Of one compressor.
   *
   * @param compressor its name
   * @param ratio the size divided by the compressed size
   */
  record Ratio(String compressor, double ratio) {}

  /** For people. */
  List<String> lines(String name) {
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, "%s: %,d bytes", name, bytes));
    if (bytes == 0) {
      return lines;
    }
    lines.add("");
    lines.add("Compression: size divided by compressed size, each unit compressed alone");
    if (sampledBytes < bytes) {
      lines.add(
          String.format(
              Locale.ROOT,
              "(measured on %,d bytes, evenly spread in pieces of 1 MiB; too large to compress all)",
              sampledBytes));
    }
    lines.addAll(compressionTable().lines());
    lines.add("");
    lines.add("Duplicates: blocks divided by different blocks, of all bytes");
    lines.addAll(blockTable().lines());
    for (BlockCounts.Counted counted : blocks) {
      if (counted.oneOf() > 1) {
        lines.add(
            String.format(
                Locale.ROOT,
                "~ blocks of %s: estimated from one hash of %,d (standard error 0.14 %% or less)",
                unit(counted.size()),
                counted.oneOf()));
      }
    }
    return lines;
  }

  private Table compressionTable() {
    List<String> header = new ArrayList<>(List.of("unit"));
    compression.get(0).ratios().forEach(ratio -> header.add(ratio.compressor()));
    Table table = new Table(header.toArray(new String[0]));
    for (Compression of : compression) {
      List<String> cells = new ArrayList<>();
      boolean whole = streamedBytes == bytes;
      cells.add(of.unit() > 0 ? unit(of.unit()) : whole ? "the whole" : "the first 64 MiB");
      of.ratios().forEach(ratio -> cells.add(Units.digits(ratio.ratio())));
      table.row(cells.toArray(new String[0]));
    }
    return table;
  }

  private Table blockTable() {
    Table table = new Table("block", "blocks", "different", "ratio", "all zeros");
    for (BlockCounts.Counted of : blocks) {
      String about = of.oneOf() > 1 ? "~" : "";
      table.row(
          unit(of.size()),
          String.format(Locale.ROOT, "%,d", of.blocks()),
          about + String.format(Locale.ROOT, "%,d", of.different()),
          about + Units.digits(of.ratio()),
          String.format(Locale.ROOT, "%,d", of.zeroBlocks()));
    }
    return table;
  }

  /** Such as 4 KiB. */
  private static String unit(int bytes) {
    if (bytes >= 1 << 20) {
      return (bytes >> 20) + " MiB";
    }
    return bytes >= 1 << 10 ? (bytes >> 10) + " KiB" : bytes + " B";
  }

  /** For programs. */
  void write(JsonGenerator json, String name) throws IOException {
    json.writeStringField("uri", name);
    json.writeNumberField("bytes", bytes);
    json.writeNumberField("sampledBytes", sampledBytes);
    json.writeNumberField("streamedBytes", streamedBytes);
    json.writeArrayFieldStart("compression");
    for (Compression of : compression) {
      json.writeStartObject();
      if (of.unit() > 0) {
        json.writeNumberField("unit", of.unit());
      } else {
        json.writeNullField("unit");
      }
      for (Ratio ratio : of.ratios()) {
        json.writeNumberField(ratio.compressor(), Json.rounded(ratio.ratio(), 4));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("dedup");
    for (BlockCounts.Counted of : blocks) {
      json.writeStartObject();
      json.writeNumberField("block", of.size());
      json.writeNumberField("blocks", of.blocks());
      json.writeNumberField("different", of.different());
      json.writeBooleanField("exact", of.oneOf() == 1);
      json.writeNumberField("ratio", Json.rounded(of.ratio(), 6));
      json.writeNumberField("zeroBlocks", of.zeroBlocks());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
