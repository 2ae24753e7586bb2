/**
 * The servers that tests speak to: {@link io.s3dlio.testkit.server.TestServers} hands them out, one
 * of each in a JVM, and what could not be had is reported at the end of the run.
 */
package io.s3dlio.testkit.server;
