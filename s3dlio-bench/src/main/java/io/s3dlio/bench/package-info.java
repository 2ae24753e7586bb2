/** Checkpoints to measure with: the shapes of well-known models, generated and checked. */
package io.s3dlio.bench;
