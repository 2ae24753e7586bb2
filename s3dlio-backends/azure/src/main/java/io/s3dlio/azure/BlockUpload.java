package io.s3dlio.azure;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.http.Contents;
import io.s3dlio.http.HttpRequest;
import io.s3dlio.rest.Call;
import io.s3dlio.rest.Headers;
import io.s3dlio.rest.Reply;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Blocks that are staged at the same time and committed once. What is staged belongs to the name of
 * the blob, seen by nobody, until it is committed or another write of that blob ends; what is left
 * Azure removes after a week. There is no request to remove it sooner that leaves the blob alone.
 */
final class BlockUpload implements PartUpload {

  private final Connection connection;
  private final ObjectUri uri;
  private final Place place;
  private final long partSize;
  private final PutOptions options;
  private final AzureKeys.AccessTier tier;
  private final boolean checksums;

  /** So that two uploads of one blob do not share a block. */
  private final UUID id = UUID.randomUUID();

  private final Set<Integer> staged = ConcurrentHashMap.newKeySet();

  BlockUpload(
      Connection connection,
      ObjectUri uri,
      Place place,
      long partSize,
      PutOptions options,
      AzureKeys.AccessTier tier,
      boolean checksums) {
    this.connection = connection;
    this.uri = uri;
    this.place = place;
    this.partSize = partSize;
    this.options = options;
    this.tier = tier;
    this.checksums = checksums;
  }

  /** All blocks of a blob have names of one length. */
  private String blockId(int number) {
    ByteBuffer bytes =
        ByteBuffer.allocate(20)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .putInt(number);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  @Override
  public CompletableFuture<Void> putPart(int number, Payload part) {
    String target = place.path() + "?comp=block&blockid=" + Headers.encoded(blockId(number));
    Call call =
        connection.call(
            Call.What.writing("putPart", uri, (number - 1) * partSize, part.size(), false));
    return connection.send(
        call,
        connection.request("PUT", target).content(Contents.of(part.buffers())),
        Reply.of(
            answer -> {
              staged.add(number);
              return null;
            }));
  }

  @Override
  public CompletableFuture<PutResult> complete(int parts, long size, Optional<Integer> crc32c) {
    List<String> ids = new ArrayList<>();
    for (int number = 1; number <= parts; number++) {
      if (staged.contains(number)) {
        ids.add(blockId(number));
      }
    }
    if (ids.size() != parts) {
      return CompletableFuture.failedFuture(
          new ObjectStoreException(
              Kind.INVALID,
              "put",
              uri,
              ids.size() + " of " + parts + " parts have been put",
              null));
    }
    Optional<Integer> crc = checksums ? crc32c : Optional.empty();
    HttpRequest.Builder commit =
        connection
            .request("PUT", place.path() + "?comp=blocklist")
            .header("Content-Type", "application/xml")
            .content(Contents.of(AzureXml.blockList(ids)));
    BlobHeaders.stored(commit, options, tier, crc);
    BlobHeaders.condition(commit, options.mode());
    Call call = connection.call("put", "completeMultipart", uri);
    return AzureBackend.settled(
        connection.send(call, commit, Reply.of(BlobHeaders::written)),
        call,
        options.mode(),
        uri,
        place,
        connection,
        crc,
        size);
  }

  /** Nothing to do: see the class. */
  @Override
  public CompletableFuture<Void> abort() {
    return CompletableFuture.completedFuture(null);
  }
}
