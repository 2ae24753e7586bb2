/**
 * File formats of training data around bytes from anywhere, for benchmarks of loaders that read
 * such files: NumPy's {@code .npy} and {@code .npz}, TFRecord, Parquet and HDF5.
 *
 * <p>Each is a {@link io.s3dlio.ByteSource} over another one, the data: generated objects, rows of
 * floats, or anything else. What a format puts around the data follows from sizes alone, but for
 * checksums; so any range can be read by itself, by any number of threads, and of a file of any
 * size only headers are in memory.
 */
package io.s3dlio.formats;
