"""Prints the length and the SHA-256 of each record that TensorBoard's reader finds, which checks both checksums."""
import hashlib
import sys

from tensorboard.compat.tensorflow_stub import errors, pywrap_tensorflow

reader = pywrap_tensorflow.PyRecordReader_New(sys.argv[1], 0, "")
while True:
    try:
        reader.GetNext()
    except errors.OutOfRangeError:
        break
    record = reader.record()
    print(len(record), hashlib.sha256(record).hexdigest())
