package io.s3dlio.datagen;

/**
 * What the units of one stream are seeded from: 256 bits. A stream is an object's, or that of the
 * blocks which all objects of a data set share.
 */
record StreamKey(long k0, long k1, long k2, long k3) {}
