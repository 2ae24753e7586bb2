/** The contract that every backend passes, and the servers that tests speak to. */
package io.s3dlio.testkit;
