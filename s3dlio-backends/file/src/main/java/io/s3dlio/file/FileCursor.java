package io.s3dlio.file;

import io.s3dlio.CommonPrefix;
import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectUri;
import io.s3dlio.spi.ListCursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Pages of a listing, common prefixes rolled up. */
final class FileCursor implements ListCursor {

  private static final int PAGE = 1000;

  private final ObjectUri prefix;
  private final ListOptions options;
  private final Requests requests;
  private final TreeWalk walk;

  FileCursor(ObjectUri prefix, ListOptions options, Requests requests) {
    this.prefix = prefix;
    this.options = options;
    this.requests = requests;
    this.walk = new TreeWalk(prefix, options.startAfter());
  }

  @Override
  public CompletableFuture<List<ListEntry>> next() {
    return requests.run("list", prefix, meter -> page());
  }

  private List<ListEntry> page() throws IOException {
    long most = Math.min(PAGE, options.limit());
    List<ListEntry> page = new ArrayList<>();
    while (page.size() < most) {
      ObjectMeta object = walk.next();
      if (object == null) {
        break;
      }
      ListEntry entry = rolledUp(object);
      // A listing goes on after the prefix that it ended with, not with the keys below it.
      if (options.startAfter().filter(entry.uri().key()::equals).isEmpty()) {
        page.add(entry);
      }
    }
    return page;
  }

  private ListEntry rolledUp(ObjectMeta object) {
    String key = object.uri().key();
    String delimiter = options.delimiter().orElse(null);
    int at = delimiter == null ? -1 : key.indexOf(delimiter, prefix.key().length());
    if (at < 0) {
      return object;
    }
    String common = key.substring(0, at + delimiter.length());
    walk.skip(common);
    return new CommonPrefix(prefix.withKey(common));
  }
}
