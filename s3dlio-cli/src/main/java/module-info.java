/** The command. */
module io.s3dlio.cli {
  requires com.fasterxml.jackson.core;
  requires com.github.luben.zstd_jni;
  requires info.picocli;
  requires io.s3dlio.bench;
  requires io.s3dlio.checkpoint;
  requires io.s3dlio.core;
  requires io.s3dlio.datagen;
  requires io.s3dlio.formats;
  requires io.s3dlio.platform;
  requires java.logging;
  requires java.management;
  requires java.net.http;
  requires jdk.management;
  requires org.lz4.java;

  opens io.s3dlio.cli to
      info.picocli;
}
