/**
 * The store on S3 and what speaks its protocol: {@code s3://bucket/key} and {@code
 * s3://host:port/bucket/key}. Its settings are in {@link io.s3dlio.s3.S3Keys}.
 */
package io.s3dlio.s3;
