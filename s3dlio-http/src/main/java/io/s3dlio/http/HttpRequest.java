package io.s3dlio.http;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.reactivestreams.Publisher;

/** A request: all of its head, and its body. Not changed once made; may be sent again. */
public final class HttpRequest {

  /** A body. What is sent again is subscribed again. */
  public interface Content extends Publisher<ByteBuffer> {
    /**
     * How long it is.
     *
     * @return bytes; empty if nobody knows it beforehand
     */
    Optional<Long> length();
  }

  private final String method;
  private final boolean tls;
  private final String host;
  private final int port;
  private final String target;
  private final List<String> headers;
  private final Content content;

  private HttpRequest(Builder builder) {
    this.method = Objects.requireNonNull(builder.method, "method");
    this.tls = builder.tls;
    this.host = Objects.requireNonNull(builder.host, "host");
    this.port = builder.port > 0 ? builder.port : builder.tls ? 443 : 80;
    this.target = builder.target;
    this.headers = List.copyOf(builder.headers);
    this.content = builder.content;
  }

  /**
   * Begins a request.
   *
   * @param method {@code GET} or another
   * @return to be told the rest
   */
  public static Builder builder(String method) {
    return new Builder(method);
  }

  /**
   * Begins another that is like this one.
   *
   * @return to be told what is to be different
   */
  public Builder toBuilder() {
    Builder copy = new Builder(method);
    copy.tls = tls;
    copy.host = host;
    copy.port = port;
    copy.target = target;
    copy.headers.addAll(headers);
    copy.content = content;
    return copy;
  }

  /**
   * What is asked for.
   *
   * @return {@code GET} or another
   */
  public String method() {
    return method;
  }

  /**
   * Whether it goes over TLS.
   *
   * @return {@code https}, not {@code http}
   */
  public boolean tls() {
    return tls;
  }

  /**
   * Whom it is for.
   *
   * @return a name or an address
   */
  public String host() {
    return host;
  }

  /**
   * Whom it is for.
   *
   * @return the port, also where it is the usual one
   */
  public int port() {
    return port;
  }

  /**
   * Path and query as they are sent.
   *
   * @return begins with a slash
   */
  public String target() {
    return target;
  }

  /**
   * The server as a URL names it.
   *
   * @return scheme, host, and port where it is not the usual one
   */
  public String server() {
    return (tls ? "https://" : "http://")
        + new Route(tls, host, port, Optional.empty()).authority();
  }

  /**
   * The first value of a header.
   *
   * @param name in any case
   * @return the value; empty if there is none
   */
  public Optional<String> header(String name) {
    for (int i = 0; i < headers.size(); i += 2) {
      if (headers.get(i).equalsIgnoreCase(name)) {
        return Optional.of(headers.get(i + 1));
      }
    }
    return Optional.empty();
  }

  /**
   * Shows all headers.
   *
   * @param reader gets name and value of each, in their order
   */
  public void forEachHeader(BiConsumer<String, String> reader) {
    for (int i = 0; i < headers.size(); i += 2) {
      reader.accept(headers.get(i), headers.get(i + 1));
    }
  }

  Content content() {
    return content;
  }

  /**
   * How long the body is.
   *
   * @return bytes; empty if nobody knows it beforehand
   */
  public Optional<Long> length() {
    return content.length().or(() -> header("Content-Length").map(Long::valueOf));
  }

  /** The head alone, without its headers and its query, which may hold secrets. */
  @Override
  public String toString() {
    int query = target.indexOf('?');
    return method + " " + server() + (query < 0 ? target : target.substring(0, query));
  }

  /** What a request is made from. */
  public static final class Builder {
    private final String method;
    private final List<String> headers = new ArrayList<>();
    private boolean tls;
    private String host;
    private int port;
    private String target = "/";
    private Content content = Contents.none();

    private Builder(String method) {
      this.method = method;
    }

    /**
     * Whom it is for.
     *
     * @param scheme {@code http} or {@code https}
     * @param name the host
     * @param number the port; 0 or less for the usual one
     * @return this
     */
    public Builder server(String scheme, String name, int number) {
      this.tls = scheme.toLowerCase(Locale.ROOT).equals("https");
      this.host = name;
      this.port = number;
      return this;
    }

    /**
     * What it is for.
     *
     * @param pathAndQuery encoded
     * @return this
     */
    public Builder target(String pathAndQuery) {
      this.target = pathAndQuery.startsWith("/") ? pathAndQuery : "/" + pathAndQuery;
      return this;
    }

    /**
     * Adds a header.
     *
     * @param name a token
     * @param value without control characters
     * @return this
     */
    public Builder header(String name, String value) {
      headers.add(name);
      headers.add(value);
      return this;
    }

    /**
     * Gives it a body; without it the body is empty.
     *
     * @param body its bytes
     * @return this
     */
    public Builder content(Content body) {
      this.content = body;
      return this;
    }

    /**
     * The request.
     *
     * @return of all that has been told
     */
    public HttpRequest build() {
      return new HttpRequest(this);
    }
  }
}
