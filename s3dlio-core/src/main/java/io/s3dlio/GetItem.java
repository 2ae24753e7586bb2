package io.s3dlio;

import java.util.OptionalLong;

/**
 * One of many objects to read.
 *
 * @param uri the object
 * @param options what to read of it
 * @param size bytes of the whole object, as far as is known: then memory is taken before it is
 *     asked for. That it is wrong does no harm, but that {@code getMany} refuses items whose sizes
 *     together are more than there can be memory for
 */
public record GetItem(ObjectUri uri, GetOptions options, OptionalLong size) {

  /**
   * A whole object.
   *
   * @param uri the object
   * @return the item
   */
  public static GetItem of(ObjectUri uri) {
    return new GetItem(uri, GetOptions.DEFAULT, OptionalLong.empty());
  }

  /**
   * A whole object that was listed, so that its size is known; whatever its content is by then.
   *
   * @param listed the object
   * @return the item
   */
  public static GetItem of(ObjectMeta listed) {
    return new GetItem(listed.uri(), GetOptions.DEFAULT, OptionalLong.of(listed.size()));
  }

  /**
   * With other options, a range for instance.
   *
   * @param newOptions what to read
   * @return a copy
   */
  public GetItem withOptions(GetOptions newOptions) {
    return new GetItem(uri, newOptions, size);
  }
}
