/**
 * Processes that a test starts beside its own: to give them another environment, class path or
 * surroundings, and to kill them.
 */
package io.s3dlio.testkit.process;
