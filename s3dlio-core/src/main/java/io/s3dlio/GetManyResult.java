package io.s3dlio;

import java.util.List;

/**
 * Many objects that were read into memory, all of which is held until this is closed. Closing it
 * closes every result; each may be closed earlier by itself, and what is to live longer is taken
 * with {@link BytesView#share}.
 *
 * @param outcomes an outcome for every item, in the order of the input
 */
public record GetManyResult(List<Outcome<GetResult>> outcomes) implements AutoCloseable {

  /** Copies the list. */
  public GetManyResult {
    outcomes = List.copyOf(outcomes);
  }

  @Override
  public void close() {
    for (Outcome<GetResult> outcome : outcomes) {
      if (outcome instanceof Outcome.Success<GetResult> read) {
        read.value().close();
      }
    }
  }
}
