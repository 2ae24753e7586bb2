package io.s3dlio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ObjectUriProperties {

  /** Any text with a UTF-8 form: characters that programs treat specially, and all the others. */
  @Provide
  Arbitrary<String> keys() {
    Arbitrary<Integer> special =
        Arbitraries.of(" /%?#+&=[]{}~\\\"'`:@!$*|.\u0000\t\n\uffff".chars().boxed().toList());
    Arbitrary<Integer> any =
        Arbitraries.integers()
            .between(0, Character.MAX_CODE_POINT)
            .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE);
    Arbitrary<Integer> border =
        Arbitraries.of(0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000);
    return Arbitraries.oneOf(special, any, border)
        .list()
        .ofMaxSize(20)
        .map(
            points -> {
              StringBuilder text = new StringBuilder();
              points.forEach(text::appendCodePoint);
              return text.toString();
            });
  }

  @Provide
  Arbitrary<ObjectUri> uris() {
    Arbitrary<String> names =
        Arbitraries.strings().withChars("abz019.-_").ofMinLength(1).ofMaxLength(8);
    return Arbitraries.oneOf(
        Combinators.combine(Arbitraries.of("s3", "gs", "gcs", "memory"), names, keys())
            .as(ObjectUri::new),
        Combinators.combine(names, names, keys())
            .as((host, bucket, key) -> new ObjectUri("s3", host + ":9000/" + bucket, key)),
        Combinators.combine(names, names, keys())
            .as((account, container, key) -> new ObjectUri("az", account + "/" + container, key)),
        Combinators.combine(Arbitraries.of("file", "direct"), keys())
            .as((scheme, key) -> new ObjectUri(scheme, "", key)));
  }

  @Property
  void parseTakesToStringBack(@ForAll("uris") ObjectUri uri) {
    assertThat(ObjectUri.parse(uri.toString())).isEqualTo(uri);
  }

  @Property
  void parsingLosesNothing(@ForAll("keys") String key) {
    assertThat(ObjectUri.parse("s3://bucket/" + key).key()).isEqualTo(key);
    assertThat(ObjectUri.parse("file:///" + key).key()).isEqualTo(key);
  }

  @Property
  void theOrderIsThatOfUtf8Bytes(@ForAll("keys") String a, @ForAll("keys") String b) {
    int expected =
        Arrays.compareUnsigned(
            a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    assertThat(Integer.signum(ObjectUri.compareUtf8(a, b))).isEqualTo(Integer.signum(expected));
    ObjectUri one = new ObjectUri("s3", "b", a);
    ObjectUri other = new ObjectUri("s3", "b", b);
    assertThat(Integer.signum(one.compareTo(other))).isEqualTo(Integer.signum(expected));
    assertThat(one.equals(other)).isEqualTo(expected == 0);
  }

  @Property
  void theOrderHoldsBehindACommonPrefix(
      @ForAll("keys") String prefix, @ForAll("keys") String a, @ForAll("keys") String b) {
    assertThat(Integer.signum(ObjectUri.compareUtf8(prefix + a, prefix + b)))
        .isEqualTo(Integer.signum(ObjectUri.compareUtf8(a, b)));
  }

  @Property
  void resolveAppendsOneSegment(@ForAll("uris") ObjectUri uri) {
    ObjectUri child = uri.resolve("child");
    assertThat(child.key()).startsWith(uri.key()).endsWith("child");
    assertThat(child.name()).isEqualTo("child");
    assertThat(child.withKey(uri.key())).isEqualTo(uri);
  }

  @Example
  void forms() {
    assertThat(ObjectUri.parse("S3://Bucket/a//b"))
        .isEqualTo(new ObjectUri("s3", "Bucket", "a//b"));
    assertThat(ObjectUri.parse("s3://bucket")).isEqualTo(new ObjectUri("s3", "bucket", ""));
    assertThat(ObjectUri.parse("s3://bucket/")).isEqualTo(new ObjectUri("s3", "bucket", ""));
    assertThat(ObjectUri.parse("s3://")).isEqualTo(new ObjectUri("s3", "", ""));
    assertThat(ObjectUri.parse("s3://my_bucket/k"))
        .isEqualTo(new ObjectUri("s3", "my_bucket", "k"));
    assertThat(ObjectUri.parse("s3://host:9000/b/k?x#y"))
        .isEqualTo(new ObjectUri("s3", "host:9000/b", "k?x#y"));
    assertThat(ObjectUri.parse("s3://[::1]:9000/b/k"))
        .isEqualTo(new ObjectUri("s3", "[::1]:9000/b", "k"));
    assertThat(ObjectUri.parse("s3://host:9000")).isEqualTo(new ObjectUri("s3", "host:9000", ""));
    assertThat(ObjectUri.parse("az://acc/con/k/l"))
        .isEqualTo(new ObjectUri("az", "acc/con", "k/l"));
    assertThat(ObjectUri.parse("file:///a/b")).isEqualTo(new ObjectUri("file", "", "a/b"));
    assertThat(ObjectUri.parse("file:///")).isEqualTo(new ObjectUri("file", "", ""));
    assertThat(new ObjectUri("s3", "b", "a/b/").name()).isEmpty();
    assertThat(new ObjectUri("s3", "b", "a").resolve("c").key()).isEqualTo("a/c");
    assertThat(new ObjectUri("s3", "b", "").resolve("c").key()).isEqualTo("c");
  }

  @Example
  void whatIsNoUriIsRefused() {
    for (String text :
        List.of(
            "", "bucket/key", "/tmp/x", "s3:/bucket", "://x", "s 3://b", "3s://b", "file://a/b")) {
      assertThatThrownBy(() -> ObjectUri.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'" + text + "'");
    }
    for (String half :
        List.of("\ud83d", "\ude00", "a\ud83db", "\ude00\ud83d", "ok\ud83d\ude00\ud83d")) {
      assertThatThrownBy(() -> new ObjectUri("s3", "b", half))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new ObjectUri("s3", half, "k"))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new ObjectUri("S3", "b", "k"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ObjectUri("s3", null, "k"))
        .isInstanceOf(NullPointerException.class);
  }
}
