/** Checkpoints of training jobs that survive any crash, on any store. */
package io.s3dlio.checkpoint;
