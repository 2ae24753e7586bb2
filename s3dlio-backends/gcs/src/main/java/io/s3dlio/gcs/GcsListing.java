package io.s3dlio.gcs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.s3dlio.CommonPrefix;
import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.rest.Reply;
import io.s3dlio.rest.Requests;
import io.s3dlio.rest.Steps;
import io.s3dlio.spi.ListCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * A listing, a page a request. The service rolls up at {@code /}; any other delimiter is ours,
 * since it is used seldom and understood differently.
 */
final class GcsListing implements ListCursor {

  private static final long MAX_PAGE = 1000;
  private static final String SLASH = "/";

  private final ObjectUri prefix;
  private final ListOptions options;
  private final Connection connection;

  /**
   * What a page holds beyond its last object, where more pages follow: prefixes come with the page
   * that their place is on, but the emulator gives all of them with every page.
   */
  private final TreeMap<ObjectUri, ListEntry> held = new TreeMap<>();

  /** What the service answers, with a token if there is more. */
  private record Page(List<ObjectMeta> objects, List<ObjectUri> prefixes, Optional<String> token) {}

  private Optional<String> token = Optional.empty();
  private Optional<ObjectUri> last = Optional.empty();
  private boolean ended;

  GcsListing(ObjectUri prefix, ListOptions options, Connection connection) {
    this.prefix = prefix;
    this.options = options;
    this.connection = connection;
  }

  @Override
  public CompletableFuture<List<ListEntry>> next() {
    return Requests.valid(
        "list",
        prefix,
        () -> {
          Place place = Place.ofBucket(prefix);
          return Steps.of(steps -> page(place, steps));
        });
  }

  private CompletableFuture<List<ListEntry>> page(Place place, Steps<List<ListEntry>> steps) {
    if (ended) {
      return CompletableFuture.completedFuture(List.of());
    }
    return steps
        .step(
            connection.send(
                connection.call("list", "list", prefix),
                connection.request("GET", target(place)),
                Reply.of(answer -> page(Answers.json(answer)))))
        .thenCompose(
            page -> {
              if (page.token.isPresent() && page.token.equals(token)) {
                return CompletableFuture.failedFuture(endless());
              }
              token = page.token;
              ended = token.isEmpty();
              List<ListEntry> entries = entries(page);
              return entries.isEmpty() && !ended
                  ? page(place, steps)
                  : CompletableFuture.completedFuture(entries);
            });
  }

  /** Throws a {@link RuntimeException} if the page makes no sense. */
  private Page page(JsonObject json) {
    List<ObjectMeta> objects = new ArrayList<>();
    for (JsonElement item : Answers.list(json, "items")) {
      JsonObject object = item.getAsJsonObject();
      String key =
          Answers.text(object, "name")
              .orElseThrow(() -> new JsonParseException("an object has no name"));
      objects.add(Answers.listed(prefix.withKey(key), object));
    }
    List<ObjectUri> prefixes = new ArrayList<>();
    for (JsonElement common : Answers.list(json, "prefixes")) {
      prefixes.add(prefix.withKey(common.getAsString()));
    }
    return new Page(objects, prefixes, Answers.text(json, "nextPageToken"));
  }

  private Target target(Place place) {
    Target target =
        Target.objects(place.bucket())
            .with("prefix", place.key())
            .with("maxResults", String.valueOf(Math.min(MAX_PAGE, pageSize())))
            .with("fields", "nextPageToken,prefixes,items(name,size,updated,generation)");
    options.startAfter().ifPresent(key -> target.with("startOffset", key)); // which is included
    if (options.delimiter().filter(SLASH::equals).isPresent()) {
      target.with("delimiter", SLASH);
    }
    token.ifPresent(t -> target.with("pageToken", t));
    return target;
  }

  /** One more than is wanted where the first may be the one that is started after. */
  private long pageSize() {
    return options.startAfter().isPresent() && options.limit() < MAX_PAGE
        ? options.limit() + 1
        : options.limit();
  }

  private List<ListEntry> entries(Page page) {
    for (ObjectMeta object : page.objects) {
      if (!isHidden(object.uri())) {
        Optional<String> up = rolledUp(object.uri().key());
        hold(up.isPresent() ? new CommonPrefix(prefix.withKey(up.get())) : object);
      }
    }
    page.prefixes.stream().filter(uri -> !isHidden(uri)).map(CommonPrefix::new).forEach(this::hold);
    Optional<ObjectUri> lastObject =
        page.objects.isEmpty()
            ? Optional.empty()
            : Optional.of(page.objects.get(page.objects.size() - 1).uri());
    var ready = ended || lastObject.isEmpty() ? held : held.headMap(lastObject.get(), true);
    List<ListEntry> entries = new ArrayList<>(ready.values());
    ready.clear();
    if (!entries.isEmpty()) {
      last = Optional.of(entries.get(entries.size() - 1).uri());
    }
    return entries;
  }

  /** Parts of objects to come are shown to those alone who ask for them. */
  private boolean isHidden(ObjectUri uri) {
    return uri.key().startsWith(PartNames.PARTS) && !prefix.key().startsWith(PartNames.PARTS);
  }

  private void hold(ListEntry entry) {
    String key = entry.uri().key();
    boolean before =
        options.startAfter().filter(start -> ObjectUri.compareUtf8(key, start) <= 0).isPresent();
    boolean given = last.filter(l -> entry.uri().compareTo(l) <= 0).isPresent();
    if (!before && !given) {
      held.put(entry.uri(), entry);
    }
  }

  /** The common prefix of a key, at a delimiter that the service is not asked to roll up at. */
  private Optional<String> rolledUp(String key) {
    return options
        .delimiter()
        .filter(delimiter -> !delimiter.equals(SLASH))
        .flatMap(
            delimiter -> {
              int at = key.indexOf(delimiter, prefix.key().length());
              return at < 0
                  ? Optional.empty()
                  : Optional.of(key.substring(0, at + delimiter.length()));
            });
  }

  private ObjectStoreException endless() {
    return new ObjectStoreException(
        Kind.UNSUPPORTED,
        "list",
        prefix,
        connection.where() + " says that there is more, but not where: the same page again",
        null);
  }
}
