package io.s3dlio.safetensors;

import io.s3dlio.ByteRange;
import io.s3dlio.GetOptions;
import io.s3dlio.GetResult;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * The tensors of several files that one {@link SafetensorsIndex} lists, as if they were one. A file
 * is opened when one of its tensors is first asked for, and once. Holds no resource; valid as long
 * as the store. Thread-safe.
 */
public final class SafetensorsModel {

  private static final String OPEN = "open safetensors index";

  private final ObjectStore store;
  private final ObjectUri directory;
  private final SafetensorsIndex index;
  private final Map<String, Part> parts = new LinkedHashMap<>();

  private SafetensorsModel(ObjectStore store, ObjectUri uri, SafetensorsIndex index) {
    this.store = store;
    this.directory = uri.withKey(uri.key().substring(0, uri.key().length() - uri.name().length()));
    this.index = index;
    for (String file : index.weightMap().values()) {
      parts.computeIfAbsent(file, name -> new Part(directory.resolve(name)));
    }
  }

  /**
   * Reads an index.
   *
   * @param store where it is; stays the caller's, and open while the model is used
   * @param uri the index, most often {@value SafetensorsIndex#NAME}; the files lie beside it
   * @return the model, no file of it opened yet
   * @throws ObjectStoreException what went wrong; of kind INVALID if it is no such index, or leads
   *     to another place
   */
  public static SafetensorsModel open(ObjectStore store, ObjectUri uri)
      throws ObjectStoreException {
    ByteRange range = ByteRange.of(0, SafetensorsIndex.LONGEST + 1L);
    try (GetResult result = store.get(uri, GetOptions.DEFAULT.withRange(range))) {
      ByteBuffer json = result.bytes().asByteBuffer();
      return new SafetensorsModel(store, uri, SafetensorsIndex.parse(json));
    } catch (ObjectStoreException e) {
      if (e.kind() == Kind.RANGE_NOT_SATISFIABLE) {
        throw malformed(uri, "it is empty", e);
      }
      throw e;
    } catch (IOException e) {
      throw malformed(uri, e.getMessage(), e);
    }
  }

  private static ObjectStoreException malformed(ObjectUri uri, String why, Throwable cause) {
    return new ObjectStoreException(
        Kind.INVALID,
        OPEN,
        uri,
        "this is no index of safetensors files, or a damaged one: "
            + why
            + "; get or write it anew",
        cause);
  }

  /**
   * What the index says.
   *
   * @return each tensor's file, and the size that it tells
   */
  public SafetensorsIndex index() {
    return index;
  }

  /**
   * Which tensors there are.
   *
   * @return in the order of the index; unmodifiable
   */
  public Set<String> names() {
    return index.weightMap().keySet();
  }

  /**
   * One of the tensors.
   *
   * @param name one of {@link #names}
   * @return it, nothing of it read yet
   * @throws NoSuchElementException if there is none of that name
   * @throws ObjectStoreException if its file cannot be opened; of kind INVALID if the tensor is not
   *     in it
   */
  public StoredTensor tensor(String name) throws ObjectStoreException {
    String file = index.weightMap().get(name);
    if (file == null) {
      throw new NoSuchElementException(
          "the index in " + directory + " has no tensor " + StrictJson.quoted(name));
    }
    SafetensorsFile opened = parts.get(file).open();
    if (!opened.names().contains(name)) {
      throw new ObjectStoreException(
          Kind.INVALID,
          OPEN,
          opened.uri(),
          "the index says that "
              + StrictJson.quoted(name)
              + " is in this file, and it is not; get or write both anew",
          null);
    }
    return opened.tensor(name);
  }

  /** A file that is opened once; an attempt that failed is made again. */
  private final class Part {
    private final ObjectUri uri;
    private SafetensorsFile file;

    Part(ObjectUri uri) {
      this.uri = uri;
    }

    synchronized SafetensorsFile open() throws ObjectStoreException {
      if (file == null) {
        file = SafetensorsFile.open(store, uri);
      }
      return file;
    }
  }
}
