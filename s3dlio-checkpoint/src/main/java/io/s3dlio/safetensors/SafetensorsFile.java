package io.s3dlio.safetensors;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSink;
import io.s3dlio.BytesView;
import io.s3dlio.GetOptions;
import io.s3dlio.GetResult;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PreconditionFailedException;
import io.s3dlio.ReadResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/**
 * A safetensors file in a store, of which only the header was read; each tensor is read when it is
 * asked for. Holds no resource; valid as long as the store. Thread-safe.
 *
 * <p>The header is read strictly: what the format forbids is refused, and a hostile one costs at
 * most 100,000,000 bytes from the store's budget of memory and 100 MiB of heap. All reads are
 * pinned to the content that the header was read from: if the file is replaced, they fail.
 */
public final class SafetensorsFile {

  private static final String OPEN = "open safetensors";
  private static final String READ = "read tensor";

  /** The headers of most files are shorter: they cost one request. */
  private static final int FIRST_READ = 64 << 10;

  /** How long no memory may take to be had. */
  private static final Duration FOR_NOTHING = Duration.ofMinutes(1);

  private final ObjectStore store;
  private final ObjectMeta meta;
  private final Map<String, String> metadata;
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

  private SafetensorsFile(ObjectStore store, ObjectMeta meta, SafetensorsHeader header) {
    this.store = store;
    this.meta = meta;
    this.metadata = Collections.unmodifiableMap(header.metadata());
    header.tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
  }

  /**
   * Reads the header of a file: one request of up to 64 KiB, a second one if the header is longer.
   *
   * @param store where it is; stays the caller's, and open while the file is used
   * @param uri the file
   * @return the file
   * @throws ObjectStoreException what went wrong; of kind INVALID if it is no safetensors file or
   *     breaks a rule of the format
   */
  public static SafetensorsFile open(ObjectStore store, ObjectUri uri) throws ObjectStoreException {
    try (GetResult start =
        store.get(uri, GetOptions.DEFAULT.withRange(ByteRange.of(0, FIRST_READ)))) {
      ObjectMeta meta = start.meta();
      ByteBuffer bytes = start.bytes().asByteBuffer();
      int length = SafetensorsHeader.length(bytes, meta.size());
      if (length <= bytes.remaining() - SafetensorsHeader.PREFIX) {
        ByteBuffer json = bytes.slice(SafetensorsHeader.PREFIX, length);
        return new SafetensorsFile(store, meta, SafetensorsHeader.parse(json, meta.size()));
      }
      return longHeader(store, meta, length);
    } catch (ObjectStoreException e) {
      if (e.kind() == Kind.RANGE_NOT_SATISFIABLE) {
        throw malformed(uri, "it is empty", e);
      }
      throw e;
    } catch (IOException e) {
      throw malformed(uri, e.getMessage(), e);
    }
  }

  private static SafetensorsFile longHeader(ObjectStore store, ObjectMeta meta, int length)
      throws IOException {
    GetOptions options = pinned(meta, ByteRange.of(SafetensorsHeader.PREFIX, length));
    try (GetResult header = store.get(meta.uri(), options)) {
      if (header.bytes().size() != length) {
        throw shorter(OPEN, meta.uri(), header.bytes().size(), length);
      }
      ByteBuffer json = header.bytes().asByteBuffer();
      return new SafetensorsFile(store, meta, SafetensorsHeader.parse(json, meta.size()));
    } catch (PreconditionFailedException e) {
      throw replaced(OPEN, e);
    }
  }

  private static ObjectStoreException malformed(ObjectUri uri, String why, Throwable cause) {
    return new ObjectStoreException(
        Kind.INVALID,
        OPEN,
        uri,
        "this is no safetensors file, or a damaged one: " + why + "; get or write it anew",
        cause);
  }

  private static ObjectStoreException shorter(
      String operation, ObjectUri uri, long there, long wanted) {
    return new ObjectStoreException(
        Kind.INVALID,
        operation,
        uri,
        "there are %d of %d bytes: the file became shorter after its header was read; open it again"
            .formatted(there, wanted),
        null);
  }

  private static ObjectStoreException replaced(String operation, PreconditionFailedException e) {
    return new PreconditionFailedException(
        operation,
        e.uri().orElseThrow(),
        "the file was replaced after its header was read: open it again",
        e);
  }

  private static GetOptions pinned(ObjectMeta meta, ByteRange range) {
    return new GetOptions(range, meta.etag(), Optional.empty(), GetOptions.DEFAULT.progress());
  }

  /**
   * Where it is.
   *
   * @return the file's URI
   */
  public ObjectUri uri() {
    return meta.uri();
  }

  /**
   * What the file says of itself, such as {@code format}.
   *
   * @return names and values, in the order of the file; unmodifiable
   */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * Which tensors there are.
   *
   * @return in the order of their data; unmodifiable
   */
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  /**
   * One of its tensors.
   *
   * @param name one of {@link #names}
   * @return it, nothing of it read yet
   * @throws NoSuchElementException if there is none of that name
   */
  public StoredTensor tensor(String name) {
    TensorInfo info = tensors.get(name);
    if (info == null) {
      throw new NoSuchElementException(
          meta.uri() + " has no tensor " + StrictJson.quoted(name) + " among " + tensors.size());
    }
    return new StoredTensor(this, info);
  }

  /** A range of the file into pooled memory. */
  BytesView get(long offset, long length) throws ObjectStoreException {
    if (length == 0) {
      return store.pool().acquire(0, READ + " " + meta.uri(), FOR_NOTHING).freeze();
    }
    try {
      BytesView bytes = store.get(meta.uri(), pinned(meta, ByteRange.of(offset, length))).bytes();
      long there = bytes.size();
      if (there != length) {
        bytes.close();
        throw shorter(READ, meta.uri(), there, length);
      }
      return bytes;
    } catch (PreconditionFailedException e) {
      throw replaced(READ, e);
    }
  }

  /** A range of the file into a sink. */
  void get(long offset, long length, ByteSink sink) throws ObjectStoreException {
    try {
      ReadResult result = store.get(meta.uri(), sink, pinned(meta, ByteRange.of(offset, length)));
      if (result.length() != length) {
        throw shorter(READ, meta.uri(), result.length(), length);
      }
    } catch (PreconditionFailedException e) {
      throw replaced(READ, e);
    }
  }
}
