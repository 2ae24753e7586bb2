/** The store on Azure Blob Storage. */
module io.s3dlio.backend.azure {
  exports io.s3dlio.azure;

  requires transitive io.s3dlio.core;
  requires io.s3dlio.http;
  requires java.xml;
  requires static com.azure.core;
  requires static com.azure.identity;

  provides io.s3dlio.spi.ObjectStoreProvider with
      io.s3dlio.azure.AzureProvider;
}
