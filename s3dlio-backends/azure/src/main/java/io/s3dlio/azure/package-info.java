/** {@code az://}: block blobs of Azure Blob Storage. Users need its settings alone. */
package io.s3dlio.azure;
