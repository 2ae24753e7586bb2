"""What Hugging Face's own safetensors makes of files, for PythonTest. A tensor has 24 elements of the type that is its
name, and bytes that follow from the name."""
import struct
import sys

import numpy
import safetensors
import safetensors.numpy

SHAPE = [2, 3, 4]
# What its writer calls them; it cannot write F6 and, without PyTorch, makes no array of the floats that NumPy lacks.
WRITABLE = {
    "BOOL": "bool", "I8": "int8", "U8": "uint8", "I16": "int16", "U16": "uint16", "I32": "int32", "U32": "uint32",
    "I64": "int64", "U64": "uint64", "F16": "float16", "F32": "float32", "F64": "float64", "BF16": "bfloat16",
    "F8_E4M3": "float8_e4m3fn", "F8_E4M3FNUZ": "float8_e4m3fnuz", "F8_E5M2": "float8_e5m2",
    "F8_E5M2FNUZ": "float8_e5m2fnuz", "F8_E8M0": "float8_e8m0fnu", "F4": "float4_e2m1fn_x2", "C64": "complex64"}


def content(name, size):
    seed = sum(name.encode())
    return bytes((i * 7 + seed) % (2 if name == "BOOL" else 251) for i in range(size))


def check(path):
    """Prints the names of the tensors that are as expected."""
    seen = []
    with open(path, "rb") as f:
        for name, tensor in safetensors.deserialize(f.read()):
            data = bytes(tensor["data"])
            assert tensor["dtype"] == name and tensor["shape"] == SHAPE and data == content(name, len(data)), name
            seen.append(name)
    with safetensors.safe_open(path, framework="np") as f:
        assert f.metadata() == {"format": "pt", "quote": "\"\u00e4\U0001f600\n"}, f.metadata()
        for name, dtype in safetensors.numpy._TYPES.items():
            array = f.get_tensor(name)
            assert array.dtype == numpy.dtype(dtype) and list(array.shape) == SHAPE, name
            assert array.tobytes() == content(name, array.nbytes), name
    print(" ".join(seen))


def write(arrays, raw):
    """Writes what NumPy has a type for as arrays, and what the writer has a name for as bytes."""
    metadata = {"format": "np", "quote": "\"\u00e4\U0001f600\n"}
    safetensors.numpy.save_file(
        {
            name: numpy.frombuffer(content(name, 24 * numpy.dtype(dtype).itemsize), dtype).reshape(SHAPE)
            for name, dtype in safetensors.numpy._TYPES.items()
        },
        arrays,
        metadata,
    )
    bits = {"F4": 4, "C64": 64, "BOOL": 8, "BF16": 16}
    data, tensors = {}, {}
    for name, dtype in WRITABLE.items():
        width = bits.get(name) or int(name[1 : 2 if name.startswith("F8") else None])
        shape = SHAPE if name != "F4" else [2, 3, 2]  # it counts pairs
        data[name] = numpy.frombuffer(content(name, 24 * width // 8), numpy.uint8)
        tensors[name] = safetensors.TensorSpec(
            dtype=dtype, shape=shape, data_ptr=data[name].ctypes.data, data_len=data[name].nbytes)
    with open(raw, "wb") as f:
        f.write(safetensors.serialize(tensors, metadata))


def judge(path):
    """Prints for each file in a file of files, each after its length, whether it is accepted."""
    verdicts = []
    with open(path, "rb") as f:
        while length := f.read(4):
            try:
                safetensors.deserialize(f.read(struct.unpack("<I", length)[0]))
                verdicts.append("1")
            except safetensors.SafetensorError:
                verdicts.append("0")
    print("".join(verdicts))


{"check": check, "write": write, "judge": judge}[sys.argv[1]](*sys.argv[2:])
