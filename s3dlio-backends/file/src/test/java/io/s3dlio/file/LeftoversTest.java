package io.s3dlio.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.layer.Layer;
import io.s3dlio.layer.ReadOnly;
import io.s3dlio.testkit.fault.BackendFault;
import io.s3dlio.testkit.fault.FaultyBackend;
import io.s3dlio.testkit.fault.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files count as what a write has left. */
class LeftoversTest {

  @TempDir Path directory;

  private static String name() {
    return Place.TEMP_PREFIX + UUID.randomUUID();
  }

  private static Path file(Path path) throws IOException {
    Files.createDirectories(path.getParent());
    return Files.writeString(path, "half");
  }

  private ObjectUri uri(Path path) {
    return ObjectUri.parse("file://" + path);
  }

  private ObjectStore store(Layer... layers) throws ObjectStoreException {
    return ObjectStores.open(
        uri(directory), StoreConfig.defaults(), RequestListener.NONE, List.of(layers));
  }

  @Test
  void onlyNamesThatAreOursAndNoLinks() throws Exception {
    Path ours = file(directory.resolve("d/" + name()));
    Path outside = file(directory.resolve("outside/" + name()));
    file(directory.resolve("d/" + Place.TEMP_PREFIX + "notes"));
    file(directory.resolve("d/" + name() + ".bak"));
    file(directory.resolve("d/" + name() + "/object"));
    Files.createSymbolicLink(directory.resolve("d/link"), outside.getParent());
    Files.createSymbolicLink(directory.resolve("d/" + name()), outside);
    try (ObjectStore store = store()) {
      assertThat(store.unfinished(ObjectUri.parse("file://" + directory + "/d/")))
          .containsExactly(uri(ours));
      assertThat(store.abortUnfinished(ObjectUri.parse("file://" + directory + "/d/")))
          .isEqualTo(1);
    }
    assertThat(ours).doesNotExist();
    assertThat(outside).exists();
    try (var left = Files.list(directory.resolve("d"))) {
      assertThat(left).hasSize(5);
    }
  }

  @Test
  void whoseObjectItWasToBeIsNotGuessed() throws Exception {
    Path file = file(directory.resolve("d/" + name()));
    Path deeper = file(directory.resolve("d/obj/" + name()));
    try (ObjectStore store = store()) {
      assertThat(store.abortUnfinished(uri(directory.resolve("d/ob")))).isEqualTo(1);
      assertThat(deeper).doesNotExist();
      assertThat(store.abortUnfinished(uri(directory.resolve("none/at/all")))).isZero();
      assertThatThrownBy(() -> store.abortUnfinished(ObjectUri.parse("file:///")))
          .hasMessageContaining("all files of this machine")
          .extracting("kind")
          .isEqualTo(Kind.INVALID);
    }
    assertThat(file).exists();
  }

  @Test
  void whatCannotBeRemovedIsNamedAndTheOthersGo() throws Exception {
    Path stuck = file(directory.resolve("d/" + name()));
    Path free = file(directory.resolve("d/" + name()));
    Layer faulty =
        backend -> {
          FaultyBackend faults = new FaultyBackend(backend);
          faults.inject(
              BackendFault.FAIL,
              Schedule.<io.s3dlio.testkit.fault.BackendCall>always()
                  .matching(
                      call -> call.method().equals("abort") && call.uri().equals(uri(stuck))));
          return faults;
        };
    try (ObjectStore store = store(faulty)) {
      assertThatThrownBy(() -> store.abortUnfinished(uri(directory)))
          .isInstanceOf(ObjectStoreException.class)
          .hasMessageContaining(uri(stuck).toString());
    }
    assertThat(stuck).exists();
    assertThat(free).doesNotExist();
  }

  @Test
  void aReadOnlyStoreTellsAndKeepsThem() throws Exception {
    Path file = file(directory.resolve("d/" + name()));
    try (ObjectStore store = store(new ReadOnly())) {
      assertThat(store.unfinished(uri(directory))).containsExactly(uri(file));
      assertThatThrownBy(() -> store.abortUnfinished(uri(directory)))
          .hasMessageContaining("read-only")
          .extracting("kind")
          .isEqualTo(Kind.UNSUPPORTED);
    }
    assertThat(file).exists();
  }
}
