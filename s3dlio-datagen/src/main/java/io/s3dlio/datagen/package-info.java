/** Synthetic data and its check. */
package io.s3dlio.datagen;
