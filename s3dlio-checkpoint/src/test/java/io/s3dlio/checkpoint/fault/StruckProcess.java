package io.s3dlio.checkpoint.fault;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import java.io.IOException;

/** A process that does something to a history and is struck by the system while it does. */
final class StruckProcess {

  static final String READY = "ready";
  static final String DONE = "done";

  private StruckProcess() {}

  /**
   * Does it once elsewhere, so that nothing but the action itself is left to do; says that it is
   * ready, waits for a line, does it, and says so.
   *
   * @param arguments the directory's URI, the action, and whether files are flushed
   */
  public static void main(String... arguments) throws IOException {
    ObjectUri base = ObjectUri.parse(arguments[0]);
    Action action = Action.valueOf(arguments[1]);
    StoreConfig config = StoreConfig.defaults().with("file.fsync", arguments[2]);
    StoreConfig hasty = config.with("file.fsync", "false");
    try (ObjectStore elsewhere = ObjectStores.open(base, hasty, RequestListener.NONE);
        ObjectStore store = ObjectStores.open(base, config, RequestListener.NONE)) {
      History warm = new History(elsewhere, base.resolve("warm/"));
      warm.begin(action);
      action.run(warm, elsewhere);
      System.out.println(READY);
      if (System.in.read() < 0) {
        return;
      }
      action.run(new History(store, base.resolve("run/")), store);
      System.out.println(DONE);
    } catch (ObjectStoreException e) {
      System.out.println("failed: " + e);
    }
  }
}
