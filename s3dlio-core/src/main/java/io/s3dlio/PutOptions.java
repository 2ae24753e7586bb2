package io.s3dlio;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How to write an object. What a store cannot do by its {@link Capabilities} it refuses with an
 * error of kind UNSUPPORTED, before anything is written.
 *
 * @param mode what to do if there is one already
 * @param contentType media type to store with it
 * @param userMetadata names and values to store with it; names are kept in lower case. A value that
 *     the store cannot keep as it is is refused with kind INVALID
 * @param progress hears how far the write is
 */
public record PutOptions(
    PutMode mode,
    Optional<String> contentType,
    Map<String, String> userMetadata,
    ProgressListener progress) {

  /** Overwrites, stores nothing beside the content. */
  public static final PutOptions DEFAULT =
      new PutOptions(PutMode.OVERWRITE, Optional.empty(), Map.of(), ProgressListener.NONE);

  /** Copies the map, names in lower case. */
  public PutOptions {
    Map<String, String> lower = new TreeMap<>();
    userMetadata.forEach((k, v) -> lower.put(k.toLowerCase(Locale.ROOT), v));
    userMetadata = Map.copyOf(lower);
  }

  /**
   * With another mode.
   *
   * @param newMode what to do if there is an object already
   * @return a copy
   */
  public PutOptions withMode(PutMode newMode) {
    return new PutOptions(newMode, contentType, userMetadata, progress);
  }

  /**
   * With a content type.
   *
   * @param type media type
   * @return a copy
   */
  public PutOptions withContentType(String type) {
    return new PutOptions(mode, Optional.of(type), userMetadata, progress);
  }

  /**
   * With user metadata in place of what there was.
   *
   * @param metadata names and values
   * @return a copy
   */
  public PutOptions withUserMetadata(Map<String, String> metadata) {
    return new PutOptions(mode, contentType, metadata, progress);
  }

  /**
   * With a listener.
   *
   * @param listener hears how far the write is
   * @return a copy
   */
  public PutOptions withProgress(ProgressListener listener) {
    return new PutOptions(mode, contentType, userMetadata, listener);
  }
}
