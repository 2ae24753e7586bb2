package io.s3dlio.testkit;

import static io.s3dlio.testkit.Fixture.assertFails;
import static io.s3dlio.testkit.Fixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.PutOptions;
import io.s3dlio.testkit.StoreFacts.Fact;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tags of objects. */
interface TagContract extends Fixture {

  Map<String, String> TAGS = Map.of("project", "a b", "Project", "+/=:@._-", "empty", "");

  PutOptions TAGGED = PutOptions.DEFAULT.withTags(TAGS);

  @ParameterizedTest
  @ValueSource(ints = {0, 10, LARGE})
  default void tagsAreKeptOrRefused(int size) throws Exception {
    if (!can().tags() || !facts().has(Fact.KEEPS_TAGS)) {
      assertFails(Kind.UNSUPPORTED, uri("o"), () -> put("o", bytes(size, 1), TAGGED));
      assertThat(store().exists(uri("o"))).isFalse();
      assertThat(leftNow()).isEmpty();
      put("o", bytes(size, 1));
      assertFails(Kind.UNSUPPORTED, uri("o"), () -> store().tags(uri("o")));
      return;
    }
    put("o", bytes(size, 1), TAGGED);
    assertThat(store().tags(uri("o"))).isEqualTo(TAGS);
    store().copy(uri("o"), uri("copy"));
    assertThat(store().tags(uri("copy"))).isEqualTo(TAGS);
    assertThat(store().head(uri("o")).userMetadata()).isEmpty();
    put("o", bytes(size, 2));
    assertThat(store().tags(uri("o"))).isEmpty();
  }

  @Test
  default void tagsOfNoObjectAreNotFound() throws Exception {
    Kind kind = can().tags() && facts().has(Fact.KEEPS_TAGS) ? Kind.NOT_FOUND : Kind.UNSUPPORTED;
    assertFails(kind, uri("none"), () -> store().tags(uri("none")));
  }
}
