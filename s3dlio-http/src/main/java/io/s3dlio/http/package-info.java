/**
 * HTTP/1.1: bodies come from the socket into the memory where they are wanted, and go to it from
 * the memory where they are. Knows nothing of stores. For backends alone.
 */
package io.s3dlio.http;
