package io.s3dlio.testkit;

import static io.s3dlio.testkit.Fixture.assertFails;
import static io.s3dlio.testkit.Fixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Delete and copy. */
interface DeleteContract extends Fixture {

  @Test
  default void deleteIsIdempotent() throws Exception {
    put("o", bytes(10, 1));
    put("o2", bytes(10, 1));
    store().delete(uri("o"));
    assertThat(store().exists(uri("o"))).isFalse();
    assertThat(list("")).containsExactly("o2");
    store().delete(uri("o"));
    store().delete(uri("never/was"));
  }

  @Test
  default void deleteAllTakesManyAndDuplicatesAndMissing() throws Exception {
    List<String> names = IntStream.range(0, MANY).mapToObj(i -> "d/" + i).toList();
    putAll(names);
    putAll(List.of("kept", "d2/kept"));
    List<ObjectUri> uris = new ArrayList<>(names.stream().map(this::uri).toList());
    uris.add(0, uri("d/0"));
    uris.add(uri("d/0"));
    uris.add(uri("d/missing"));
    store().deleteAll(uris);
    assertThat(list("")).containsExactly("d2/kept", "kept");
    store().deleteAll(uris);
    store().deleteAll(List.of());
    assertFails(
        Kind.INVALID,
        here().withKey(""),
        () -> store().deleteAll(List.of(uri("kept"), here().withKey(""))));
    assertThat(store().exists(uri("kept"))).as("nothing is deleted by halves").isTrue();
  }

  @Test
  default void deletePrefixCounts() throws Exception {
    putAll(List.of("ab", "abc", "ab/1", "abd/2/3", "b").stream().filter(this::fits).toList());
    int deleted = fits("ab/1") ? 4 : 3;
    assertThat(store().deletePrefix(uri("ab"))).isEqualTo(deleted);
    assertThat(list("")).containsExactly("b");
    assertThat(store().deletePrefix(uri("ab"))).isZero();
    assertThat(store().deletePrefix(here())).isEqualTo(1);
    assertThat(list("")).isEmpty();
  }

  /** Whether a key can be there together with {@code ab}. */
  private boolean fits(String name) {
    return facts().nestedKeys() == NestedKeys.LISTED
        || facts().nestedKeys() == NestedKeys.HIDDEN
        || !name.startsWith("ab/");
  }

  @Test
  default void deletePrefixTakesMoreThanAPage() throws Exception {
    putAll(IntStream.range(0, MANY).mapToObj(i -> "d/" + i).toList());
    assertThat(store().deletePrefix(uri("d/"))).isEqualTo(MANY);
    assertThat(list("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, LARGE})
  default void copyMakesTheSameObject(int size) throws Exception {
    put("from", bytes(size, 1));
    put("to", bytes(5, 2));
    for (String to : List.of("to", "deeper/to")) {
      assertThat(store().copy(uri("from"), uri(to)).etag())
          .isPresent()
          .isEqualTo(store().head(uri(to)).etag());
      assertThat(get(to)).isEqualTo(bytes(size, 1));
    }
    put("from", bytes(7, 3));
    assertThat(get("to")).isEqualTo(bytes(size, 1));
  }

  @Test
  default void copyOfNothingIsNotFound() throws Exception {
    put("to", bytes(5, 1));
    assertFails(Kind.NOT_FOUND, uri("missing"), () -> store().copy(uri("missing"), uri("to")));
    assertThat(get("to")).isEqualTo(bytes(5, 1));
  }

  @Test
  default void copyOntoItselfIsRefused() throws Exception {
    put("o", bytes(5, 1));
    ObjectMeta before = store().head(uri("o"));
    assertFails(Kind.INVALID, uri("o"), () -> store().copy(uri("o"), uri("o")));
    assertThat(store().head(uri("o"))).isEqualTo(before);
  }
}
