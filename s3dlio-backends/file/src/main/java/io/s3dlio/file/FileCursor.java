package io.s3dlio.file;

import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectUri;
import io.s3dlio.spi.ListCursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Pages of a listing. */
final class FileCursor implements ListCursor {

  private static final int PAGE = 1000;

  private final ObjectUri prefix;
  private final int pageSize;
  private final Requests requests;
  private final TreeWalk walk;

  FileCursor(ObjectUri prefix, ListOptions options, Requests requests) {
    this.prefix = prefix;
    this.pageSize = (int) Math.min(PAGE, options.limit());
    this.requests = requests;
    this.walk = new TreeWalk(prefix, options);
  }

  @Override
  public CompletableFuture<List<ListEntry>> next() {
    return requests.run("list", prefix, meter -> page());
  }

  private List<ListEntry> page() throws IOException {
    List<ListEntry> page = new ArrayList<>();
    while (page.size() < pageSize) {
      ListEntry entry = walk.next();
      if (entry == null) {
        break;
      }
      page.add(entry);
    }
    return page;
  }
}
