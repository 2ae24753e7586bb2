package io.s3dlio.gcs;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import io.s3dlio.PutResult;
import io.s3dlio.http.Contents;
import io.s3dlio.http.HttpRequest;
import io.s3dlio.rest.AnswerException;
import io.s3dlio.rest.Call;
import io.s3dlio.rest.Conditions;
import io.s3dlio.rest.Failures;
import io.s3dlio.rest.Reply;
import io.s3dlio.rest.Steps;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * An upload in parts: each part is an object for a while, and the service <a
 * href="https://cloud.google.com/storage/docs/composing-objects">composes</a> the object of them,
 * under a condition if there is one. Then they are deleted.
 */
final class ComposedUpload implements PartUpload {

  /** Objects that one request composes. */
  private static final int MOST = 32;

  /** Requests at a time, of those that move no bytes. */
  private static final int AT_A_TIME = 8;

  private final Connection connection;
  private final ObjectUri uri;
  private final Place place;
  private final long partSize;
  private final Written written;
  private final PutMode mode;
  private final String prefix;

  /** The generations of the parts that are there. */
  private final Map<Integer, Piece> parts = new ConcurrentSkipListMap<>();

  /** The names of all temporary objects that may be there. */
  private final Set<String> temporary = ConcurrentHashMap.newKeySet();

  /** Parts under way, those included that nobody waits for any more. */
  private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();

  /** A temporary object. */
  private record Piece(String name, String generation) {}

  ComposedUpload(
      Connection connection,
      ObjectUri uri,
      Place place,
      long partSize,
      Written written,
      PutMode mode) {
    this.connection = connection;
    this.uri = uri;
    this.place = place;
    this.prefix = PartNames.of(place.key()).prefix();
    this.partSize = partSize;
    this.written = written;
    this.mode = mode;
  }

  @Override
  public CompletableFuture<Void> putPart(int number, Payload part) {
    String name = String.format(Locale.ROOT, "%s%05d", prefix, number);
    temporary.add(name);
    Call call =
        connection.call(
            Call.What.writing(
                "putPart", uri, (number - 1) * partSize, part.size(), part.crc32c().isPresent()));
    HttpRequest.Builder request = connection.request("POST", Target.upload(place.bucket(), name));
    WholeOrNot content = new WholeOrNot();
    return content.follow(
        connection.send(
            call,
            Written.temporary().upload(request, part, content::watch),
            Reply.of(
                answer -> {
                  JsonObject stored =
                      Answers.same(Answers.json(answer), part.size(), part.crc32c(), call);
                  parts.put(number, new Piece(name, Answers.generation(stored)));
                  return null;
                })),
        underWay);
  }

  @Override
  public CompletableFuture<PutResult> complete(int count, long size, Optional<Integer> crc32c) {
    List<Piece> pieces = new ArrayList<>(count);
    for (int number = 1; number <= count; number++) {
      Piece piece = parts.get(number);
      if (piece == null) {
        return CompletableFuture.failedFuture(
            new ObjectStoreException(
                Kind.INVALID, "put", uri, "part " + number + " has not been put", null));
      }
      pieces.add(piece);
    }
    return Steps.of(
        steps ->
            steps
                .step(check())
                .thenCompose(nothing -> reduce(pieces, 1, steps))
                .thenCompose(few -> steps.step(publish(few, size, crc32c)))
                .thenCompose(result -> steps.step(cleaned()).handle((nothing, error) -> result)));
  }

  /**
   * Looks whether the condition holds: the service obeys it when the object is composed, the
   * emulator does not.
   */
  private CompletableFuture<Void> check() {
    Optional<String> wanted = Condition.of(mode);
    if (wanted.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    Call call = connection.call("put", "head", uri);
    return GcsBackend.head("put", uri, connection)
        .handle(
            (meta, error) -> {
              if (error != null && Failures.of(call, Steps.bare(error)).kind() != Kind.NOT_FOUND) {
                return CompletableFuture.<Void>failedFuture(Steps.bare(error));
              }
              Optional<String> there = meta == null ? Optional.of("0") : meta.etag();
              return there.equals(wanted)
                  ? CompletableFuture.<Void>completedFuture(null)
                  : CompletableFuture.<Void>failedFuture(refusal(meta));
            })
        .thenCompose(checked -> checked);
  }

  private ObjectStoreException refusal(ObjectMeta there) {
    return mode instanceof PutMode.Create
        ? ObjectStoreException.of(
            Kind.ALREADY_EXISTS,
            "put",
            uri,
            "there is an object already at " + connection.where(),
            null)
        : ObjectStoreException.of(
            Kind.PRECONDITION_FAILED,
            "put",
            uri,
            there == null
                ? "there is no object at " + connection.where() + ", and so none with that ETag"
                : "the object at "
                    + connection.where()
                    + " is not the one that the condition names",
            null);
  }

  /** Composes pieces of pieces until one request can compose the rest. */
  private CompletableFuture<List<Piece>> reduce(
      List<Piece> pieces, int level, Steps<PutResult> steps) {
    if (pieces.size() <= MOST) {
      return CompletableFuture.completedFuture(pieces);
    }
    List<Integer> starts = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i += MOST) {
      starts.add(i);
    }
    return Parallel.map(
            starts,
            AT_A_TIME,
            start -> {
              List<Piece> some = pieces.subList(start, Math.min(start + MOST, pieces.size()));
              return joined(String.format(Locale.ROOT, "%s%d-%05d", prefix, level, start), some);
            },
            steps)
        .thenCompose(fewer -> reduce(fewer, level + 1, steps));
  }

  private CompletableFuture<Piece> joined(String name, List<Piece> pieces) {
    temporary.add(name);
    Place to = new Place(place.bucket(), name);
    return compose(
        connection.call("put", "compose", uri),
        Target.compose(to),
        Written.temporary(),
        pieces,
        Reply.of(answer -> new Piece(name, Answers.generation(Answers.json(answer)))));
  }

  private <T> CompletableFuture<T> compose(
      Call call, Target target, Written with, List<Piece> pieces, Reply<T> reply) {
    JsonArray sources = new JsonArray();
    for (Piece piece : pieces) {
      JsonObject source = new JsonObject();
      source.addProperty("name", piece.name);
      source.addProperty("generation", piece.generation);
      sources.add(source);
    }
    JsonObject body = new JsonObject();
    body.add("sourceObjects", sources);
    body.add("destination", with.json());
    return connection.send(
        call,
        connection
            .request("POST", target)
            .header("Content-Type", "application/json")
            .content(Contents.of(body.toString())),
        reply);
  }

  private CompletableFuture<PutResult> publish(
      List<Piece> pieces, long size, Optional<Integer> crc32c) {
    Call call = connection.call("put", "completeMultipart", uri);
    CompletableFuture<PutResult> answer =
        compose(
            call,
            Condition.on(Target.compose(place), mode),
            written,
            pieces,
            Reply.of(a -> Answers.written(Answers.same(Answers.json(a), size, crc32c, call))));
    return mode instanceof PutMode.Overwrite
        ? answer
        : Conditions.settle(
            answer,
            call,
            mode,
            GcsBackend.REFUSALS,
            () -> GcsBackend.head("put", uri, connection),
            crc32c,
            size);
  }

  @Override
  public CompletableFuture<Void> abort() {
    return cleaned();
  }

  /**
   * Deletes the temporary objects, each also if another cannot be; one that is not there is as good
   * as deleted.
   */
  private CompletableFuture<Void> cleaned() {
    CompletableFuture<?>[] late = underWay.toArray(CompletableFuture<?>[]::new);
    CompletableFuture<Void> all =
        Steps.of(
            steps ->
                CompletableFuture.allOf(late)
                    .handle((nothing, error) -> List.copyOf(temporary))
                    .thenCompose(names -> Parallel.map(names, AT_A_TIME, this::failure, steps))
                    .thenCompose(
                        failures ->
                            failures.stream()
                                .flatMap(Optional::stream)
                                .findFirst()
                                .map(CompletableFuture::<Void>failedFuture)
                                .orElseGet(() -> CompletableFuture.completedFuture(null))));
    return connection.cleaning().settle(uri, all);
  }

  /** Deletes a temporary object; gives why it may still be there. */
  private CompletableFuture<Optional<Throwable>> failure(String name) {
    Call call = connection.call("put", "deletePart", uri);
    return GcsDeletes.one(call, new Place(place.bucket(), name), connection)
        .handle(
            (nothing, error) ->
                Optional.ofNullable(error)
                    .map(Steps::bare)
                    .filter(
                        why ->
                            Failures.cause(why, AnswerException.class)
                                .filter(answer -> answer.status() == 404)
                                .isEmpty()));
  }
}
