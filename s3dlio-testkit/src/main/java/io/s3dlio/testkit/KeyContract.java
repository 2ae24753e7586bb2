package io.s3dlio.testkit;

import static io.s3dlio.testkit.Fixture.bytes;
import static io.s3dlio.testkit.Fixture.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Keys are literal text. */
interface KeyContract extends Fixture {

  private KeyFate fate(String name) {
    return facts().keys().getOrDefault(name, KeyFate.LITERAL);
  }

  @TestFactory
  default Stream<DynamicTest> keysAreLiteral() {
    return KeyZoo.KEYS.entrySet().stream()
        .map(
            key ->
                DynamicTest.dynamicTest(
                    key.getKey() + ": " + fate(key.getKey()),
                    () -> assertFate(fate(key.getKey()), "zoo/" + key.getValue())));
  }

  private void assertFate(KeyFate fate, String key) throws Exception {
    switch (fate) {
      case LITERAL -> assertLiteral(key);
      case REFUSED -> {
        assertThat(failure(() -> put(key, bytes(3, 1))).kind()).isEqualTo(Kind.INVALID);
        assertThat(failure(() -> put(key, bytes(LARGE, 1))).kind()).isEqualTo(Kind.INVALID);
        assertThat(list("")).isEmpty();
      }
      case MISTREATED ->
          assertThat(isLiteral(key)).as("the server has learned '%s'", key).isFalse();
    }
    store().deletePrefix(here());
  }

  private void assertLiteral(String key) throws Exception {
    put(key, bytes(3, 1));
    assertThat(get(key)).isEqualTo(bytes(3, 1));
    assertThat(store().head(uri(key)).uri()).isEqualTo(uri(key));
    assertThat(list("")).containsExactly(key);
    assertThat(list(key)).containsExactly(key);
    store().copy(uri(key), uri("copy"));
    store().delete(uri(key));
    assertThat(list("")).containsExactly("copy");
    store().copy(uri("copy"), uri(key));
    assertThat(get(key)).isEqualTo(bytes(3, 1));
    store().deleteAll(List.of(uri("copy"), uri(key)));
    assertThat(store().exists(uri(key))).isFalse();
  }

  private boolean isLiteral(String key) throws Exception {
    try {
      put(key, bytes(3, 1));
      return list("").equals(List.of(key)) && get(key).length == 3;
    } catch (ObjectStoreException e) {
      return false;
    } catch (java.io.UncheckedIOException e) {
      return false;
    }
  }

  @Test
  default void keysAreAllDifferent() throws Exception {
    List<String> keys = new ArrayList<>();
    for (Map.Entry<String, String> key : KeyZoo.KEYS.entrySet()) {
      if (fate(key.getKey()) == KeyFate.LITERAL) {
        keys.add("zoo/" + key.getValue());
      }
    }
    for (String key : keys) {
      put(key, key.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(list("")).containsExactlyInAnyOrderElementsOf(keys);
    for (String key : keys) {
      assertThat(new String(get(key), StandardCharsets.UTF_8)).isEqualTo(key);
    }
    assertThat(store().deletePrefix(uri("zoo/"))).isEqualTo(keys.size());
    assertThat(list("")).isEmpty();
  }

  @Test
  default void theLongestKeyIsStored() throws Exception {
    String whole = KeyZoo.longest(here().key());
    assertThat(whole.getBytes(StandardCharsets.UTF_8)).hasSize(KeyZoo.LONGEST);
    assertLiteral(whole.substring(here().key().length()).replaceFirst(".$", "l"));
  }
}
