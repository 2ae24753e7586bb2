package io.s3dlio.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxies that the environment names, as curl and others read it: {@code http_proxy}, {@code
 * https_proxy}, {@code all_proxy}, {@code no_proxy}, or the same in upper case.
 */
public final class Proxies {

  private final Optional<ProxyServer> plain;
  private final Optional<ProxyServer> tls;
  private final List<String> exceptions;

  private Proxies(Optional<ProxyServer> plain, Optional<ProxyServer> tls, List<String> exceptions) {
    this.plain = plain;
    this.tls = tls;
    this.exceptions = exceptions;
  }

  /**
   * Reads the environment.
   *
   * @param environment its variables
   * @return the proxies; maybe none
   * @throws IllegalArgumentException if one cannot be used
   */
  public static Proxies of(Map<String, String> environment) {
    List<String> exceptions =
        find(environment, "no_proxy")
            .map(list -> Arrays.stream(list.toLowerCase(Locale.ROOT).split("[,\\s]+")).toList())
            .orElse(List.of());
    return new Proxies(
        proxy(environment, "http_proxy"),
        proxy(environment, "https_proxy"),
        exceptions.stream().filter(entry -> !entry.isEmpty()).toList());
  }

  private static Optional<String> find(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .or(() -> Optional.ofNullable(environment.get(name.toUpperCase(Locale.ROOT))))
        .filter(value -> !value.isBlank());
  }

  private static Optional<ProxyServer> proxy(Map<String, String> environment, String name) {
    return find(environment, name)
        .or(() -> find(environment, "all_proxy"))
        .map(text -> parse(text.strip(), name));
  }

  /** The value is not shown, nor is a cause that shows it: it may hold a password. */
  @SuppressWarnings("UnusedException")
  private static ProxyServer parse(String text, String name) {
    URI url;
    try {
      url = new URI(text.contains("://") ? text : "http://" + text);
    } catch (URISyntaxException e) {
      throw wrong(name, "is not the URL of a proxy, such as http://proxy:3128");
    }
    if (!"http".equalsIgnoreCase(url.getScheme())) {
      throw wrong(
          name,
          "names a proxy that is spoken to by " + url.getScheme() + "; only http:// is supported");
    }
    if (url.getHost() == null) {
      throw wrong(name, "is not the URL of a proxy, such as http://proxy:3128");
    }
    Optional<String> authorization =
        Optional.ofNullable(url.getRawUserInfo())
            .map(info -> URLDecoder.decode(info.replace("+", "%2B"), StandardCharsets.UTF_8))
            .map(info -> Base64.getEncoder().encodeToString(info.getBytes(StandardCharsets.UTF_8)))
            .map(encoded -> "Basic " + encoded);
    return new ProxyServer(url.getHost(), url.getPort() < 0 ? 80 : url.getPort(), authorization);
  }

  private static IllegalArgumentException wrong(String name, String what) {
    return new IllegalArgumentException(
        "the variable " + name + " or " + name.toUpperCase(Locale.ROOT) + " " + what);
  }

  /** By way of whom a server is reached. */
  Optional<ProxyServer> find(boolean overTls, String host, int port) {
    Optional<ProxyServer> proxy = overTls ? tls : plain;
    return proxy.isPresent() && isExcepted(host.toLowerCase(Locale.ROOT), port)
        ? Optional.empty()
        : proxy;
  }

  private boolean isExcepted(String host, int port) {
    for (String exception : exceptions) {
      String entry = exception;
      if (entry.endsWith(":" + port) && entry.indexOf(':') == entry.lastIndexOf(':')) {
        entry = entry.substring(0, entry.lastIndexOf(':'));
      }
      if (entry.equals("*") || matches(entry, host)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(String entry, String host) {
    int slash = entry.indexOf('/');
    if (slash > 0) {
      return isInNetwork(host, entry.substring(0, slash), entry.substring(slash + 1));
    }
    String domain = entry.startsWith("*.") ? entry.substring(2) : entry;
    domain = domain.startsWith(".") ? domain.substring(1) : domain;
    return host.equals(domain) || host.endsWith("." + domain);
  }

  /** For addresses; a name is not looked up. */
  private static boolean isInNetwork(String host, String network, String bits) {
    if (!host.matches("[0-9.]+|\\[.*]") || !bits.matches("[0-9]{1,3}")) {
      return false;
    }
    try {
      byte[] address = InetAddress.getByName(host).getAddress();
      byte[] base = InetAddress.getByName(network).getAddress();
      int n = Math.min(Integer.parseInt(bits), 8 * base.length);
      if (address.length != base.length) {
        return false;
      }
      for (int i = 0; i < n; i++) {
        int mask = 0x80 >> (i % 8);
        if ((address[i / 8] & mask) != (base[i / 8] & mask)) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
