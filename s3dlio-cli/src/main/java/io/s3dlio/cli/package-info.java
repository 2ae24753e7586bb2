/** The command. */
package io.s3dlio.cli;
