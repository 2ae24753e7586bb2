"""Prints what NumPy finds in an archive: a line for each array, with its elements' SHA-256."""
import hashlib
import sys
import zipfile

import numpy

path = sys.argv[1]
wrong = zipfile.ZipFile(path).testzip()
assert wrong is None, wrong
for name, array in numpy.load(path).items():
    digest = hashlib.sha256(array.tobytes()).hexdigest()
    print(name, array.dtype.str, array.shape, array.flags.c_contiguous, digest)
