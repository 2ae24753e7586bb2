package io.s3dlio.s3;

import io.s3dlio.rest.Crc32c;
import io.s3dlio.spi.Payload;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * The checksum that goes with the bytes of one request, which the store compares.
 *
 * @param kind which one
 * @param text as the store takes it
 */
record BodyChecksum(S3Keys.Checksum kind, String text) {

  /** Of a payload, which is read once more for all but CRC-32C; empty where none is wanted. */
  static Optional<BodyChecksum> of(S3Keys.Checksum kind, Payload payload) {
    return switch (kind) {
      case NONE -> Optional.empty();
      case CRC32C -> payload.crc32c().map(crc -> new BodyChecksum(kind, Crc32c.encode(crc)));
      case CRC32 -> {
        CRC32 crc = new CRC32();
        payload.buffers().forEach(piece -> crc.update(piece.duplicate()));
        yield Optional.of(of(kind, ByteBuffer.allocate(4).putInt((int) crc.getValue())));
      }
      case CRC64NVME -> {
        Crc64Nvme crc = new Crc64Nvme();
        payload.buffers().forEach(piece -> crc.update(piece.duplicate()));
        yield Optional.of(of(kind, ByteBuffer.allocate(8).putLong(crc.getValue())));
      }
      case SHA256 -> {
        MessageDigest digest = sha256();
        payload.buffers().forEach(piece -> digest.update(piece.duplicate()));
        yield Optional.of(of(kind, ByteBuffer.wrap(digest.digest())));
      }
    };
  }

  private static BodyChecksum of(S3Keys.Checksum kind, ByteBuffer value) {
    return new BodyChecksum(kind, Base64.getEncoder().encodeToString(value.array()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** What the SDK calls it; not for none. */
  static ChecksumAlgorithm algorithm(S3Keys.Checksum kind) {
    return ChecksumAlgorithm.fromValue(kind.name());
  }

  /** Whether that of an upload is of all of its bytes, or one of those of its parts. */
  static ChecksumType typeOfUploads(S3Keys.Checksum kind) {
    return kind == S3Keys.Checksum.SHA256 ? ChecksumType.COMPOSITE : ChecksumType.FULL_OBJECT;
  }

  /** The header beside the body. */
  AwsRequestOverrideConfiguration with(AwsRequestOverrideConfiguration config) {
    String name = "x-amz-checksum-" + kind.name().toLowerCase(Locale.ROOT);
    return config.toBuilder().putHeader(name, text).build();
  }

  /** What is repeated when the upload completes. */
  CompletedPart.Builder with(CompletedPart.Builder part) {
    return switch (kind) {
      case CRC32C -> part.checksumCRC32C(text);
      case CRC32 -> part.checksumCRC32(text);
      case CRC64NVME -> part.checksumCRC64NVME(text);
      case SHA256 -> part.checksumSHA256(text);
      case NONE -> part;
    };
  }
}
