/**
 * The store on Google Cloud Storage, {@code gs://bucket/key}. What users set is in {@link
 * io.s3dlio.gcs.GcsKeys}.
 */
package io.s3dlio.gcs;
