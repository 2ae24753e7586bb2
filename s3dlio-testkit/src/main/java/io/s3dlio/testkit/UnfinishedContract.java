package io.s3dlio.testkit;

import static io.s3dlio.testkit.Fixture.assertFails;
import static io.s3dlio.testkit.Fixture.bytes;
import static io.s3dlio.testkit.Fixture.source;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.MultipartUpload;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.testkit.StoreFacts.Fact;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What writes leave that do not end, as those of a process that was killed. */
interface UnfinishedContract extends Fixture {

  /** An upload with a part, which nobody goes on with. */
  private MultipartUpload begin(String name) throws Exception {
    MultipartUpload upload = store().multipart(uri(name), PART, PutOptions.DEFAULT);
    upload.putPart(1, source(bytes(uploadPart(), 1)));
    return upload;
  }

  /** How many of so many are found. */
  private int kept(int begun) {
    return facts().has(Fact.KEEPS_UNFINISHED) ? begun : 0;
  }

  private List<ObjectUri> unfinished(String prefix) throws Exception {
    return store().unfinished(uri(prefix));
  }

  @Test
  default void whatIsUnfinishedIsFoundAndRemoved() throws Exception {
    put("d/done", bytes(10, 1));
    put("d/empty", new byte[0]);
    put("d/large", bytes(severalParts(), 2));
    assertThat(unfinished("")).isEmpty();
    assertThat(store().abortUnfinished(here())).isZero();
    for (String name : List.of("d/new", "d/new", "d/e/deep er+%25\u00e9", "d2/other", "d/zz")) {
      begin(name);
    }
    assertThat(unfinished("d/"))
        .as("those of one name may count as one")
        .size()
        .isBetween(kept(3), 4);
    assertThat(unfinished("d/e/")).hasSize(kept(1));
    assertThat(unfinished("d/none/")).isEmpty();
    assertThat(store().abortUnfinished(uri("d/"))).isBetween((long) kept(3), 4L);
    assertThat(unfinished("d/")).isEmpty();
    assertThat(unfinished("")).hasSize(kept(1));
    assertThat(store().abortUnfinished(here())).isEqualTo(kept(1));
    assertThat(leftNow()).isEmpty();
    assertThat(list("")).containsExactly("d/done", "d/empty", "d/large");
    assertThat(get("d/large")).isEqualTo(bytes(severalParts(), 2));
  }

  @Test
  default void whoGoesOnWithWhatWasRemovedFails() throws Exception {
    if (!facts().has(Fact.KEEPS_UNFINISHED)) {
      MultipartUpload upload = begin("o");
      assertThat(store().abortUnfinished(here())).isZero();
      upload.complete();
      return;
    }
    List<MultipartUpload> uploads = new ArrayList<>();
    for (String name : List.of("d/a", "d/b")) {
      uploads.add(begin(name));
    }
    assertThat(store().abortUnfinished(uri("d/"))).isEqualTo(2);
    for (MultipartUpload upload : uploads) {
      ObjectStoreException told = Fixture.failure(upload::complete);
      assertThat(told.kind()).isIn(Kind.INVALID, Kind.NOT_FOUND, Kind.UNAVAILABLE);
      // fake-gcs-server has an answer of its own for it.
      assertThat(told).hasMessageMatching(".*(is gone|are gone|has ended|running compose).*");
      upload.close();
    }
    assertThat(list("")).isEmpty();
  }

  @Test
  default void unfinishedNeedsAPlace() throws Exception {
    if (!facts().has(Fact.IMPLIED_BUCKETS)) {
      ObjectUri nowhere = newBucket();
      assertFails(Kind.NOT_FOUND, nowhere, () -> store().unfinished(nowhere));
      assertFails(Kind.NOT_FOUND, nowhere, () -> store().abortUnfinished(nowhere));
    }
  }
}
