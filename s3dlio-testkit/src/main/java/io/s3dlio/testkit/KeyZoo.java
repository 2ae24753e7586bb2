package io.s3dlio.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keys that programs get wrong. All are literal text to a store. */
public final class KeyZoo {

  /** The longest key of S3, in bytes of UTF-8. */
  static final int LONGEST = 1024;

  /** The longest name of a file, in bytes. */
  static final int LONGEST_SEGMENT = 255;

  /** The keys by name, each to be put behind a prefix that ends with a slash. */
  public static final Map<String, String> KEYS = Collections.unmodifiableMap(keys());

  private KeyZoo() {}

  private static Map<String, String> keys() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("space", "two words");
    keys.put("leading space", " leading");
    keys.put("trailing space", "trailing ");
    keys.put("double space", "two  spaces");
    keys.put("encoded slash", "a%2Fb");
    keys.put("encoded letter", "%41");
    keys.put("percent", "100%");
    keys.put("plus", "a+b");
    keys.put("hash", "a#b");
    keys.put("question mark", "a?b");
    keys.put("query", "a?versionId=null&uploads");
    keys.put("ampersand", "a&amp;b=c");
    keys.put("brackets", "[x]{y}<z>(v)");
    keys.put("quotes", "it's \"quoted\" `so`");
    keys.put("backslash", "a\\b");
    keys.put("drive", "C:\\temp");
    keys.put("marks", "*:;@=,$!^|~");
    keys.put("uri", "s3://bucket/key");
    keys.put("leading dot", ".hidden");
    keys.put("three dots", "...");
    keys.put("trailing dot", "name.");
    keys.put("hyphen", "-rf");
    keys.put("umlaut", "\u00e4\u00f6\u00fc");
    keys.put("composed", "caf\u00e9");
    keys.put("combining", "cafe\u0301");
    keys.put("ideographs", "\u65e5\u672c\u8a9e");
    keys.put("emoji", "\ud83d\ude00");
    keys.put("emoji sequence", "\ud83d\udc69\u200d\ud83d\ude80");
    keys.put("right to left", "\u202eabc");
    keys.put("byte order mark", "\ufeffkey");
    keys.put("no-break space", "a\u00a0b");
    keys.put("line separator", "a\u2028b");
    keys.put("next line", "a\u0085b");
    keys.put("tab", "a\tb");
    keys.put("newline", "a\nb");
    keys.put("carriage return", "a\rb");
    keys.put("delete", "a\u007fb");
    keys.put("control", "a\u0001b");
    keys.put("nul", "a\u0000b");
    keys.put("upper case", "Case");
    keys.put("lower case", "case");
    keys.put("trailing slash", "dir/");
    keys.put("double slash", "a//b");
    keys.put("leading slash", "/a");
    keys.put("dot segment", "a/./b");
    keys.put("dot dot segment", "a/../b");
    keys.put("dot", ".");
    keys.put("dot dot", "..");
    keys.put("long segment", "s".repeat(LONGEST_SEGMENT));
    keys.put("long segment of ideographs", "\u65e5".repeat(LONGEST_SEGMENT / 3));
    keys.put("too long for a file", "s".repeat(LONGEST_SEGMENT + 1));
    return keys;
  }

  /** A key of the greatest length, of segments that a file name can have. */
  static String longest(String prefix) {
    StringBuilder key = new StringBuilder(prefix);
    int left = LONGEST - prefix.getBytes(StandardCharsets.UTF_8).length;
    while (left > LONGEST_SEGMENT) {
      int n = Math.min(200, left - 2);
      key.append("k".repeat(n)).append('/');
      left -= n + 1;
    }
    return key.append("k".repeat(left)).toString();
  }
}
