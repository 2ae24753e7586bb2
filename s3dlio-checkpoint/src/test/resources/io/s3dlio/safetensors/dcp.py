"""What PyTorch's own reader of sharded safetensors makes of our files, and its writer's files for us; for TorchInterop."""
import sys

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
import torch.multiprocessing as mp
from torch.distributed.checkpoint import HuggingFaceStorageReader, HuggingFaceStorageWriter


def expected():
    """The whole tensors."""
    return {
        "rows": torch.arange(6 * 4, dtype=torch.float32).reshape(6, 4),
        "columns": torch.arange(3 * 10, dtype=torch.int64).reshape(3, 10),
        "half": torch.arange(5, dtype=torch.bfloat16),
        "one": torch.tensor(7.5, dtype=torch.float64),
    }


def check(path):
    state = {name: torch.zeros_like(tensor) for name, tensor in expected().items()}
    dcp.load(state, storage_reader=HuggingFaceStorageReader(path), no_dist=True)
    for name, tensor in expected().items():
        assert torch.equal(state[name], tensor), (name, state[name])
        print(name, end=" ")


def rank(index, path, address):
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor import Shard, distribute_tensor

    dist.init_process_group("gloo", init_method=address, rank=index, world_size=2)
    mesh = init_device_mesh("cpu", (2,))
    whole = expected()
    state = {
        "rows": distribute_tensor(whole["rows"], mesh, [Shard(0)]),
        "columns": distribute_tensor(whole["columns"], mesh, [Shard(1)]),
    }
    dcp.save(state, storage_writer=HuggingFaceStorageWriter(path, save_distributed=True))
    dist.destroy_process_group()


def write(path, store):
    mp.spawn(rank, args=(path, "file://" + store), nprocs=2)


if __name__ == "__main__":
    {"check": check, "write": write}[sys.argv[1]](*sys.argv[2:])
