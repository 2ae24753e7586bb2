package io.s3dlio.http;

import java.time.Duration;

/**
 * What a client may use.
 *
 * @param store whose it is: the scheme that its settings begin with
 * @param connections open at a time, to all hosts together
 * @param connect longest time to find the host, to connect to it and to agree on TLS
 * @param silence longest time without a byte, either way, of a connection that a request has
 * @param idle how long a connection without a request is kept
 */
public record Limits(
    String store, int connections, Duration connect, Duration silence, Duration idle) {}
