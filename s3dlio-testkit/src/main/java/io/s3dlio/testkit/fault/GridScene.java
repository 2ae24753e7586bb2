package io.s3dlio.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.BulkDeleteException;
import io.s3dlio.ByteRange;
import io.s3dlio.BytesView;
import io.s3dlio.GetOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectNotFoundException;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.datagen.CheckingSink;
import io.s3dlio.datagen.GeneratedObject;
import io.s3dlio.datagen.GeneratorSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The objects of one run of one operation: generated, so that every wrong byte shows. */
final class GridScene {

  private static final int SMALL = 3000;
  private static final int RANGE_FROM = 1000;

  /** What there is under a name. */
  enum State {
    ABSENT,
    OLD,
    NEW,
    WRONG
  }

  private final FaultRig<?> rig;
  private final GridOperation operation;
  private final ObjectUri uri;
  private final GeneratedObject before;
  private final GeneratedObject after;
  private final List<ObjectUri> several = new ArrayList<>();
  private ObjectMeta old;
  private String differs;

  GridScene(FaultRig<?> rig, GridOperation operation, String name, long seed) {
    this.rig = rig;
    this.operation = operation;
    this.uri = rig.uri(name + "/object");
    GeneratorSpec spec = GeneratorSpec.of(seed);
    boolean readsLarge = operation.gets() && operation != GridOperation.GET_SMALL;
    this.before = spec.object("before", readsLarge ? rig.largeRead() : SMALL);
    this.after = spec.object("after", operation.large() ? rig.largeWrite() : SMALL + 1);
    for (int i = 0; i < 3; i++) {
      several.add(rig.uri(name + "/several/" + i));
    }
  }

  /** Makes what has to be there, past the faults. */
  void prepare() throws ObjectStoreException {
    ObjectStore direct = rig.direct();
    if (operation == GridOperation.LIST || operation == GridOperation.DELETE_ALL) {
      for (ObjectUri one : several) {
        direct.put(one, before, PutOptions.DEFAULT);
      }
    } else if (!operation.creates()) {
      direct.put(uri, before, PutOptions.DEFAULT);
      old = direct.head(uri);
    }
  }

  /** Does it; what it returns is compared with what is right. */
  void act(ObjectStore store) throws ObjectStoreException {
    differs = null;
    switch (operation) {
      case PUT_SMALL, PUT_LARGE -> store.put(uri, after, PutOptions.DEFAULT);
      case CREATE_SMALL, CREATE_LARGE ->
          store.put(uri, after, PutOptions.DEFAULT.withMode(PutMode.CREATE));
      case REPLACE_SMALL, REPLACE_LARGE ->
          store.put(
              uri, after, PutOptions.DEFAULT.withMode(PutMode.ifMatch(old.etag().orElseThrow())));
      case GET_SMALL, GET_LARGE -> {
        try (BytesView bytes = store.get(uri)) {
          compare(0, bytes.asByteBuffers(), before.size());
        }
      }
      case GET_TO_SINK -> {
        CheckingSink sink = new CheckingSink(before);
        store.get(uri, sink, GetOptions.DEFAULT);
        note(sink, before.size());
      }
      case GET_RANGE -> {
        ByteRange range = ByteRange.from(RANGE_FROM);
        CheckingSink sink = new CheckingSink(before);
        store.get(
            uri,
            (offset, src) -> sink.write(offset + RANGE_FROM, src),
            GetOptions.DEFAULT.withRange(range));
        note(sink, before.size() - RANGE_FROM);
      }
      case READ_INTO -> {
        ByteBuffer dst = ByteBuffer.allocateDirect((int) before.size() / 2);
        store.readInto(uri, RANGE_FROM, dst);
        compare(RANGE_FROM, List.of(dst.flip()), dst.capacity());
      }
      case HEAD -> {
        ObjectMeta meta = store.head(uri);
        differs = meta.equals(old) ? null : meta + " is not " + old;
      }
      case LIST -> {
        List<ObjectUri> found = list(store);
        differs = found.equals(several) ? null : found + " is not " + several;
      }
      case DELETE -> store.delete(uri);
      case DELETE_ALL -> store.deleteAll(several);
      case COPY -> store.copy(uri, target());
      default -> throw new IllegalStateException(operation.name());
    }
  }

  private ObjectUri target() {
    return uri.withKey(uri.key() + "-copy");
  }

  private List<ObjectUri> list(ObjectStore store) throws ObjectStoreException {
    String key = several.get(0).key();
    ObjectUri prefix = uri.withKey(key.substring(0, key.length() - 1));
    try (Stream<ObjectMeta> all = store.list(prefix)) {
      return all.map(ObjectMeta::uri).toList();
    } catch (UncheckedIOException e) {
      throw (ObjectStoreException) e.getCause();
    }
  }

  private void compare(long offset, Iterable<ByteBuffer> bytes, long length) {
    CheckingSink sink = new CheckingSink(before);
    long at = offset;
    try {
      for (ByteBuffer piece : bytes) {
        int n = piece.remaining();
        sink.write(at, piece);
        at += n;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    note(sink, length);
  }

  private void note(CheckingSink sink, long length) {
    boolean right = sink.result().isRight() && sink.result().checkedBytes() == length;
    differs = right ? null : sink.result().toString();
  }

  /** How what the operation returned differs from what is right; null if it does not. */
  String differs() {
    return differs;
  }

  /**
   * Looks, past the faults, at what there is now: the old object, the new one, or the error says
   * so.
   *
   * @param error what the operation failed with; null if it succeeded
   * @return true if there is a mixture or something else, which only its generated bytes tell
   */
  boolean check(ObjectStoreException error) throws ObjectStoreException {
    if (operation == GridOperation.DELETE_ALL) {
      Collection<ObjectUri> still =
          error instanceof BulkDeleteException e
              ? e.failures().keySet()
              : error == null ? Set.of() : several;
      for (ObjectUri one : several) {
        assertThat(state(one))
            .as("%s, after %s", one, error)
            .isIn(still.contains(one) ? Set.of(State.OLD, State.ABSENT) : Set.of(State.ABSENT));
      }
      return false;
    }
    if (operation == GridOperation.LIST) {
      return false;
    }
    State now = state(uri);
    if (operation == GridOperation.COPY) {
      assertThat(now).as("what was copied").isEqualTo(State.OLD);
      State copy = state(target());
      assertThat(copy)
          .as("the copy, after %s", error)
          .isIn(error == null ? Set.of(State.OLD) : Set.of(State.OLD, State.ABSENT));
    } else if (operation == GridOperation.DELETE) {
      assertThat(now)
          .as("after %s", error)
          .isIn(error == null ? Set.of(State.ABSENT) : Set.of(State.OLD, State.ABSENT));
    } else if (operation.writes() && now != State.WRONG) {
      State was = operation.creates() ? State.ABSENT : State.OLD;
      assertThat(now)
          .as("after %s", error)
          .isIn(error == null ? Set.of(State.NEW) : Set.of(was, State.NEW));
    } else if (!operation.writes()) {
      assertThat(now).isEqualTo(State.OLD);
    }
    return now == State.WRONG;
  }

  private State state(ObjectUri which) throws ObjectStoreException {
    try (BytesView bytes = rig.direct().get(which)) {
      State state = bytes.size() == before.size() ? State.OLD : State.NEW;
      CheckingSink sink = new CheckingSink(state == State.OLD ? before : after);
      long at = 0;
      for (ByteBuffer piece : bytes.asByteBuffers()) {
        int n = piece.remaining();
        sink.write(at, piece);
        at += n;
      }
      return sink.result().isWholeAndRight() ? state : State.WRONG;
    } catch (ObjectNotFoundException e) {
      return State.ABSENT;
    } catch (ObjectStoreException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
