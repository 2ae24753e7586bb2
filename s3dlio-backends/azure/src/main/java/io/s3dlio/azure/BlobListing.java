package io.s3dlio.azure;

import io.s3dlio.CommonPrefix;
import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.rest.Headers;
import io.s3dlio.rest.Reply;
import io.s3dlio.rest.Requests;
import io.s3dlio.rest.Steps;
import io.s3dlio.spi.ListCursor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A listing, a page a request. Azure has no place to start at: entries up to it are read and
 * dropped.
 */
final class BlobListing implements ListCursor {

  private static final long MAX_PAGE = 5000;

  private final ObjectUri prefix;
  private final ListOptions options;
  private final Connections connections;
  private final Optional<ObjectUri> after;
  private String marker = "";
  private ObjectUri lastPrefix;
  private boolean ended;

  BlobListing(ObjectUri prefix, ListOptions options, Connections connections) {
    this.prefix = prefix;
    this.options = options;
    this.connections = connections;
    this.after = options.startAfter().map(prefix::withKey);
  }

  @Override
  public CompletableFuture<List<ListEntry>> next() {
    return Requests.valid(
        "list",
        prefix,
        () -> {
          Place place = Place.ofContainer(prefix);
          Connection connection = connections.to(place);
          return Steps.of(steps -> page(steps, place, connection));
        });
  }

  private CompletableFuture<List<ListEntry>> page(
      Steps<List<ListEntry>> steps, Place place, Connection connection) {
    if (ended) {
      return CompletableFuture.completedFuture(List.of());
    }
    return steps
        .step(
            connection.send(
                connection.call("list", "list", prefix),
                connection.request("GET", target(place)),
                Reply.of(answer -> AzureXml.page(answer.body()))))
        .thenCompose(
            page -> {
              List<ListEntry> entries = entries(page);
              if (page.marker().isEmpty()) {
                ended = true;
              } else if (page.marker().get().equals(marker)) {
                return CompletableFuture.failedFuture(endless(connection));
              }
              marker = page.marker().orElse("");
              return entries.isEmpty() && !ended
                  ? page(steps, place, connection)
                  : CompletableFuture.completedFuture(entries);
            });
  }

  private String target(Place place) {
    StringBuilder target =
        new StringBuilder("/" + place.container() + "?restype=container&comp=list");
    target
        .append("&maxresults=")
        .append(after.isPresent() ? MAX_PAGE : Math.min(MAX_PAGE, options.limit()));
    if (!place.blob().isEmpty()) {
      target.append("&prefix=").append(Headers.encoded(place.blob()));
    }
    options
        .delimiter()
        .filter(d -> d.length() == 1)
        .ifPresent(d -> target.append("&delimiter=").append(Headers.encoded(d)));
    if (!marker.isEmpty()) {
      target.append("&marker=").append(Headers.encoded(marker));
    }
    return target.toString();
  }

  private List<ListEntry> entries(AzureXml.Page page) {
    List<ListEntry> entries = new ArrayList<>();
    for (AzureXml.Entry entry : page.entries()) {
      Optional<String> rolledUp =
          entry.element().equals("BlobPrefix")
              ? Optional.of(entry.name())
              : options.delimiter().flatMap(d -> rolledUp(entry.name(), d));
      ObjectUri uri = prefix.withKey(rolledUp.orElse(entry.name()));
      boolean passed = after.isPresent() && uri.compareTo(after.get()) <= 0;
      if (passed || uri.equals(lastPrefix)) {
        continue;
      }
      if (rolledUp.isPresent()) {
        lastPrefix = uri;
        entries.add(new CommonPrefix(uri));
      } else {
        entries.add(ObjectMeta.listed(uri, entry.size(), entry.lastModified(), entry.etag()));
      }
    }
    entries.sort(Comparator.comparing(ListEntry::uri));
    return entries;
  }

  /** For delimiters of several characters, which Azurite takes for their first one. */
  private Optional<String> rolledUp(String name, String delimiter) {
    int at = name.indexOf(delimiter, prefix.key().length());
    return at < 0 ? Optional.empty() : Optional.of(name.substring(0, at + delimiter.length()));
  }

  private ObjectStoreException endless(Connection connection) {
    return new ObjectStoreException(
        Kind.UNSUPPORTED,
        "list",
        prefix,
        connection.account().describe()
            + " says that there is more, but not where: the same marker again",
        null);
  }
}
