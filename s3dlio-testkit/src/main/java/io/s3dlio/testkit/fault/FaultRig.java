package io.s3dlio.testkit.fault;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.util.List;
import java.util.Set;

/**
 * A store with a place for faults in its way, and a way around it. Used by one thread.
 *
 * @param <F> the faults
 */
public interface FaultRig<F> {

  /**
   * What can be done to the store.
   *
   * @return the faults; their {@code toString} names them in the report
   */
  List<F> faults();

  /**
   * What the store can do.
   *
   * @param operation one of the grid's
   * @return false if the store refuses it
   */
  boolean can(GridOperation operation);

  /**
   * A store that sees the same objects and that no fault hits.
   *
   * @return the store, not to be closed by the caller
   */
  ObjectStore direct();

  /**
   * A place.
   *
   * @param key any text
   * @return an object that no other test uses
   */
  ObjectUri uri(String key);

  /**
   * How large an object has to be so that it is written in parts.
   *
   * @return bytes
   */
  int largeWrite();

  /**
   * How large an object is that is read in some ten parts.
   *
   * @return bytes
   */
  int largeRead();

  /**
   * Tells which fault comes next, for what a store has to be opened with, such as short time-outs.
   *
   * @param fault the fault
   */
  void prepare(F fault);

  /**
   * A new store that the faults can hit; none is ordered yet.
   *
   * @return the store, which the caller closes
   * @throws ObjectStoreException what went wrong
   */
  ObjectStore open() throws ObjectStoreException;

  /**
   * How many of the requests since {@link #clear} a fault could have hit.
   *
   * @param fault the fault
   * @return the number; 0 where there is nothing to do harm to
   */
  int chances(F fault);

  /**
   * Orders a fault.
   *
   * @param fault the fault
   * @param operation what is going to be done
   * @param first the first request that is hit, of those that it fits, from 1
   * @param times how many are hit
   * @param seed of its random choices
   */
  void arm(F fault, GridOperation operation, int first, int times, long seed);

  /**
   * How many requests were hit since {@link #clear}.
   *
   * @return the number
   */
  int fired();

  /**
   * What may become of an operation that was hit.
   *
   * @param fault the fault
   * @param operation the operation
   * @return the expectation
   */
  Expectation expect(F fault, GridOperation operation);

  /**
   * What is still there of a store that has been closed and should not be: connections, open files,
   * unfinished uploads, temporary files. Waits a moment for what is on its way out.
   *
   * @return a line each; empty if all is well
   * @throws Exception if it cannot be found out
   */
  List<String> leftovers() throws Exception;

  /**
   * Unfinished uploads that nobody could have aborted, since the fault hit the very answer that
   * named them, or every request to abort them. {@link #leftovers} does not name them.
   *
   * @return how many since {@link #clear}
   */
  int lost();

  /** Takes the faults away, and forgets all requests. */
  void clear();

  /** What a success may be worth. Each is worse than the one before. */
  enum Harm {
    /** All bytes are right. */
    NONE,
    /** Wrong ones are stored, with a checksum that tells everybody who reads the whole object. */
    TOLD,
    /** Bytes are wrong that only those notice who know them, as the grid does. */
    SILENT
  }

  /**
   * What may become of an operation that was hit.
   *
   * @param kinds the kinds of error that it may fail with
   * @param harm the worst that may be there after a success
   */
  record Expectation(Set<Kind> kinds, Harm harm) {
    /** Copies the set. */
    public Expectation {
      kinds = Set.copyOf(kinds);
    }
  }
}
