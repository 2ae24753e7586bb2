/** Files of tensors in the format of Hugging Face, read and written strictly. */
package io.s3dlio.safetensors;
