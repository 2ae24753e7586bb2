/** The store on S3. */
package io.s3dlio.backend.s3;
