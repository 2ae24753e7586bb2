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
 * @param tags names and values that the store keeps beside the object and bills or filters by; they
 *     do not come with the object when it is read, see {@link ObjectStore#tags}
 * @param progress hears how far the write is
 */
public record PutOptions(
    PutMode mode,
    Optional<String> contentType,
    Map<String, String> userMetadata,
    Map<String, String> tags,
    ProgressListener progress) {

  /** Overwrites, stores nothing beside the content. */
  public static final PutOptions DEFAULT =
      new PutOptions(
          PutMode.OVERWRITE, Optional.empty(), Map.of(), Map.of(), ProgressListener.NONE);

  /** Copies the maps, names of user metadata in lower case. */
  public PutOptions {
    Map<String, String> lower = new TreeMap<>();
    userMetadata.forEach((k, v) -> lower.put(k.toLowerCase(Locale.ROOT), v));
    userMetadata = Map.copyOf(lower);
    tags = Map.copyOf(tags);
  }

  /**
   * With another mode.
   *
   * @param newMode what to do if there is an object already
   * @return a copy
   */
  public PutOptions withMode(PutMode newMode) {
    return new PutOptions(newMode, contentType, userMetadata, tags, progress);
  }

  /**
   * With a content type.
   *
   * @param type media type
   * @return a copy
   */
  public PutOptions withContentType(String type) {
    return new PutOptions(mode, Optional.of(type), userMetadata, tags, progress);
  }

  /**
   * With user metadata in place of what there was.
   *
   * @param metadata names and values
   * @return a copy
   */
  public PutOptions withUserMetadata(Map<String, String> metadata) {
    return new PutOptions(mode, contentType, metadata, tags, progress);
  }

  /**
   * With tags in place of what there were.
   *
   * @param newTags names and values
   * @return a copy
   */
  public PutOptions withTags(Map<String, String> newTags) {
    return new PutOptions(mode, contentType, userMetadata, newTags, progress);
  }

  /**
   * With a listener.
   *
   * @param listener hears how far the write is
   * @return a copy
   */
  public PutOptions withProgress(ProgressListener listener) {
    return new PutOptions(mode, contentType, userMetadata, tags, listener);
  }
}
