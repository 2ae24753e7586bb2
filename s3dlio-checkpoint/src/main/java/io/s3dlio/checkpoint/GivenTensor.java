package io.s3dlio.checkpoint;

import io.s3dlio.ByteSource;
import io.s3dlio.safetensors.DType;
import java.util.List;

/** What a rank has given to be saved of a tensor. */
record GivenTensor(DType dtype, List<Long> shape, TensorSlice slice, ByteSource bytes) {}
