package io.s3dlio.testkit.fault;

import io.s3dlio.BulkDeleteException;
import io.s3dlio.ByteRange;
import io.s3dlio.BytesView;
import io.s3dlio.GetItem;
import io.s3dlio.GetManyResult;
import io.s3dlio.GetOptions;
import io.s3dlio.GetResult;
import io.s3dlio.ManyOptions;
import io.s3dlio.ManyStream;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectReader;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.ObjectWriter;
import io.s3dlio.Outcome;
import io.s3dlio.PutItem;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.RangesOptions;
import io.s3dlio.RangesResult;
import io.s3dlio.datagen.CheckingSink;
import io.s3dlio.datagen.GeneratedObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Does an operation once, and compares what it returns with what is right. */
final class GridRun {

  /** Where ranges begin. */
  private static final int FROM = 1000;

  private final GridScene scene;
  private final GeneratedObject before;
  private final Collection<ObjectUri> failed = new ArrayList<>();
  private String differs;

  GridRun(GridScene scene) {
    this.scene = scene;
    this.before = scene.before();
  }

  /** How what the operation returned differs from what is right; null if it does not. */
  String differs() {
    return differs;
  }

  /** Of several objects, those that it failed at. */
  Collection<ObjectUri> failed() {
    return failed;
  }

  void act(ObjectStore store) throws ObjectStoreException {
    ObjectUri uri = scene.uri();
    switch (scene.operation()) {
      case PUT_SMALL, PUT_LARGE -> put(store, PutMode.OVERWRITE);
      case CREATE_SMALL, CREATE_LARGE -> put(store, PutMode.CREATE);
      case REPLACE_SMALL, REPLACE_LARGE ->
          put(store, PutMode.ifMatch(scene.old().etag().orElseThrow()));
      case WRITER -> write(store);
      case PUT_MANY -> putMany(store);
      case GET_SMALL, GET_LARGE -> {
        try (BytesView bytes = store.get(uri)) {
          compare(0, bytes, before.size());
        }
      }
      case GET_TO_SINK -> {
        CheckingSink sink = new CheckingSink(before);
        store.get(uri, sink, GetOptions.DEFAULT);
        note(sink, before.size());
      }
      case READER -> read(store);
      case GET_MANY -> {
        try (GetManyResult all = store.getMany(items(), ManyOptions.DEFAULT)) {
          take(all.outcomes());
        }
      }
      case STREAM_MANY -> streamMany(store);
      case GET_RANGE -> {
        CheckingSink sink = new CheckingSink(before);
        store.get(
            uri,
            (offset, src) -> sink.write(offset + FROM, src),
            GetOptions.DEFAULT.withRange(ByteRange.from(FROM)));
        note(sink, before.size() - FROM);
      }
      case GET_RANGES -> getRanges(store);
      case READ_INTO -> {
        ByteBuffer dst = ByteBuffer.allocateDirect((int) before.size() / 2);
        store.readInto(uri, FROM, dst);
        CheckingSink sink = new CheckingSink(before);
        check(sink, FROM, dst.flip());
        note(sink, dst.capacity());
      }
      case HEAD -> differ(store.head(uri), scene.old());
      case LIST -> differ(list(store), scene.several());
      case DELETE -> store.delete(uri);
      case DELETE_ALL -> deleteAll(store);
      case COPY -> store.copy(uri, scene.target());
      default -> throw new IllegalStateException(scene.operation().name());
    }
  }

  private void put(ObjectStore store, PutMode mode) throws ObjectStoreException {
    store.put(scene.uri(), scene.after(), PutOptions.DEFAULT.withMode(mode));
  }

  private void write(ObjectStore store) throws ObjectStoreException {
    GeneratedObject after = scene.after();
    try (ObjectWriter writer = store.writer(scene.uri())) {
      while (writer.written() < after.size()) {
        ByteBuffer room = writer.reserve();
        int n = (int) Math.min(room.remaining(), after.size() - writer.written());
        after.read(writer.written(), room.slice(room.position(), n));
        writer.commit(n);
      }
      writer.finish();
    }
  }

  private void read(ObjectStore store) throws ObjectStoreException {
    CheckingSink sink = new CheckingSink(before);
    try (ObjectReader reader = store.reader(scene.uri())) {
      ByteBuffer chunk = ByteBuffer.allocate(50_000);
      for (long at = 0; reader.read(chunk) >= 0; at = reader.position()) {
        check(sink, at, chunk.flip());
        chunk.clear();
      }
    }
    note(sink, before.size());
  }

  private void getRanges(ObjectStore store) throws ObjectStoreException {
    List<ByteRange> ranges = new ArrayList<>();
    int step = (int) before.size() / 4;
    for (int i = 0; i < 4; i++) {
      ranges.add(ByteRange.of((long) i * step, step / 2));
    }
    RangesOptions apart = RangesOptions.DEFAULT.withMaxGap(0);
    try (RangesResult all = store.getRanges(scene.uri(), ranges, apart)) {
      for (int i = 0; i < ranges.size(); i++) {
        compare((long) i * step, all.ranges().get(i), step / 2);
      }
    }
  }

  private List<GetItem> items() {
    return scene.several().stream().map(GetItem::of).toList();
  }

  private void streamMany(ObjectStore store) throws ObjectStoreException {
    List<Outcome<GetResult>> outcomes = new ArrayList<>();
    try (ManyStream stream = store.streamMany(items(), ManyOptions.DEFAULT)) {
      while (stream.hasNext()) {
        outcomes.add(stream.next());
      }
      take(outcomes);
    } finally {
      new GetManyResult(outcomes).close();
    }
  }

  private void take(List<Outcome<GetResult>> outcomes) throws ObjectStoreException {
    for (Outcome<GetResult> outcome : outcomes) {
      if (outcome.error().isEmpty()) {
        compare(0, outcome.get().bytes(), before.size());
      }
    }
    failIfAny(outcomes);
  }

  private void putMany(ObjectStore store) throws ObjectStoreException {
    List<PutItem> items =
        scene.several().stream().map(uri -> PutItem.of(uri, scene.after())).toList();
    try {
      failIfAny(store.putMany(items, ManyOptions.DEFAULT));
    } catch (ObjectStoreException e) {
      if (failed.isEmpty()) {
        failed.addAll(scene.several()); // given up as a whole
      }
      throw e;
    }
  }

  private void deleteAll(ObjectStore store) throws ObjectStoreException {
    try {
      store.deleteAll(scene.several());
    } catch (BulkDeleteException e) {
      failed.addAll(e.failures().keySet());
      throw e;
    } catch (ObjectStoreException e) {
      failed.addAll(scene.several());
      throw e;
    }
  }

  /** Throws the first failure of several. */
  private void failIfAny(List<? extends Outcome<?>> outcomes) throws ObjectStoreException {
    for (Outcome<?> outcome : outcomes) {
      outcome.error().ifPresent(why -> failed.add(outcome.uri()));
    }
    for (Outcome<?> outcome : outcomes) {
      outcome.get();
    }
  }

  private List<ObjectUri> list(ObjectStore store) throws ObjectStoreException {
    String key = scene.several().get(0).key();
    ObjectUri prefix = scene.uri().withKey(key.substring(0, key.length() - 1));
    try (Stream<ObjectMeta> all = store.list(prefix)) {
      return all.map(ObjectMeta::uri).toList();
    } catch (UncheckedIOException e) {
      throw (ObjectStoreException) e.getCause();
    }
  }

  private void differ(Object is, Object right) {
    if (!is.equals(right)) {
      differs = is + " is not " + right;
    }
  }

  private void compare(long offset, BytesView bytes, long length) {
    note(checked(before, offset, bytes), length);
  }

  /** What bytes are, beside those that an object has from an offset on. */
  static CheckingSink checked(GeneratedObject object, long offset, BytesView bytes) {
    CheckingSink sink = new CheckingSink(object);
    long at = offset;
    for (ByteBuffer piece : bytes.asByteBuffers()) {
      int n = piece.remaining();
      check(sink, at, piece);
      at += n;
    }
    return sink;
  }

  private static void check(CheckingSink sink, long offset, ByteBuffer bytes) {
    try {
      sink.write(offset, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void note(CheckingSink sink, long length) {
    if (!sink.result().isRight() || sink.result().checkedBytes() != length) {
      differs = sink.result().toString();
    }
  }
}
