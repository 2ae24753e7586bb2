package io.s3dlio;

import java.util.Optional;

/**
 * What became of one of many items: a value, or why there is none.
 *
 * @param <T> the value
 */
public sealed interface Outcome<T> {

  /**
   * Which item.
   *
   * @return its place in the input, from 0
   */
  int index();

  /**
   * Which object.
   *
   * @return as it was given
   */
  ObjectUri uri();

  /**
   * The value.
   *
   * @return the same at every call; whose it is to close says the operation
   * @throws ObjectStoreException why there is none
   */
  T get() throws ObjectStoreException;

  /**
   * Why there is no value.
   *
   * @return nothing if there is one
   */
  Optional<ObjectStoreException> error();

  /**
   * It was done.
   *
   * @param <T> the value
   * @param index which item, from 0
   * @param uri which object
   * @param value the value
   */
  record Success<T>(int index, ObjectUri uri, T value) implements Outcome<T> {
    @Override
    public T get() {
      return value;
    }

    @Override
    public Optional<ObjectStoreException> error() {
      return Optional.empty();
    }
  }

  /**
   * It failed, or was not tried.
   *
   * @param <T> the value that it has not
   * @param index which item, from 0
   * @param uri which object
   * @param why what went wrong
   */
  record Failure<T>(int index, ObjectUri uri, ObjectStoreException why) implements Outcome<T> {
    @Override
    public T get() throws ObjectStoreException {
      throw why;
    }

    @Override
    public Optional<ObjectStoreException> error() {
      return Optional.of(why);
    }
  }
}
