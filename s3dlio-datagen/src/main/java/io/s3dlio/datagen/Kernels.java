package io.s3dlio.datagen;

/** Chooses the kernel, once. */
final class Kernels {

  private Kernels() {}

  static Kernel create() {
    return new ScalarKernel();
  }
}
