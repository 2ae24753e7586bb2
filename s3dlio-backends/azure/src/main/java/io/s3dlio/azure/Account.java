package io.s3dlio.azure;

import io.s3dlio.http.Hosts;
import io.s3dlio.http.HttpRequest;
import java.net.URI;

/**
 * Where an account's blobs are.
 *
 * @param name of the account
 * @param url of its blob service, without a slash at the end
 */
record Account(String name, URI url) {

  /**
   * Takes the URL of a service, or of an account.
   *
   * @param text the URL
   * @param from who says so, for messages
   * @throws IllegalArgumentException if it is not one
   */
  static Account at(String name, String text, String from) {
    URI url = Hosts.server(text, from, "the URL of a blob service, such as http://127.0.0.1:10000");
    boolean address = Hosts.isLoopback(url.getHost()) || url.getHost().matches("[0-9.]+|\\[.*");
    if (address && url.getRawPath().isEmpty()) {
      url = URI.create(url + "/" + name);
    }
    if (!url.getRawPath().isEmpty() && !url.getRawPath().equals("/" + name)) {
      throw new IllegalArgumentException(
          from + " is of the account" + url.getRawPath().replace('/', ' ') + ", not of " + name);
    }
    return new Account(name, url);
  }

  /** For messages. */
  String describe() {
    return url.toString();
  }

  /**
   * Begins a request.
   *
   * @param target path below the account, and query
   */
  HttpRequest.Builder request(String method, String target) {
    return HttpRequest.builder(method)
        .server(url.getScheme(), url.getHost(), url.getPort())
        .target(url.getRawPath() + target);
  }
}
