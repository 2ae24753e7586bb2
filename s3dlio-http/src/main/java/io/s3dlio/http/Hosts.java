package io.s3dlio.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/** What names of hosts tell without asking anybody. */
public final class Hosts {

  private Hosts() {}

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
