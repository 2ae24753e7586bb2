package io.s3dlio.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;

/** What names of hosts tell without asking anybody. */
public final class Hosts {

  private static final int MAX_PORT = 65_535;

  private Hosts() {}

  /**
   * Takes the URL of a server from a setting.
   *
   * @param text the URL
   * @param from who says so, for messages
   * @param what what it should be, for messages: {@code the URL of a store, such as http://…}
   * @return the URL, http or https, with a host, perhaps with a path, without a slash at the end
   * @throws IllegalArgumentException if it is not one, or has more to it, such as a password
   */
  public static URI server(String text, String from, String what) {
    URI url;
    try {
      url = new URI(text.replaceAll("/+$", ""));
    } catch (URISyntaxException e) {
      url = null;
    }
    if (url == null
        || url.getHost() == null
        || url.getPort() > MAX_PORT
        || url.getRawUserInfo() != null
        || url.getRawQuery() != null
        || url.getRawFragment() != null
        || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
      throw new IllegalArgumentException(from + shown(text) + " is not " + what);
    }
    return url;
  }

  /** Without what may be a secret: who logs in stands before an @, a signature behind a ?. */
  private static String shown(String text) {
    return text.indexOf('@') < 0 ? " '" + text.replaceFirst("\\?.*", "?…") + "'" : "";
  }

  /**
   * Whether a host is this machine.
   *
   * @param host a name or an address, without a port; IPv6 in brackets
   * @return true for {@code localhost}, {@code 127.0.0.1}, {@code [::1]} and their like
   */
  public static boolean isLoopback(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.equals("localhost") || name.endsWith(".localhost")) {
      return true;
    }
    boolean literal = name.matches("[0-9.]+") || name.startsWith("[");
    try {
      return literal && InetAddress.getByName(name).isLoopbackAddress(); // a literal asks no DNS
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
