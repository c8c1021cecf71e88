#!/usr/bin/python3
"""What a PyTorch user would run instead: one rank of data-parallel training over gloo, on the CPU.

    peers.py METHOD RANK WORLD ADDRESS:PORT DATA [--model cnn|cipher] [--lr X] [--batch N] [--local-steps H]
             [--delay-ms N] [--seconds N] [--target X]

METHOD: ddp (dense), powersgd (rank 4, one bucket), diloco (H local steps, mean of the distances in fp16, outer
Nesterov 0.7/0.9), diloco-overlap (the same, but nobody waits: the mean is on its way during the next H steps,
and what was learned in the meantime is kept). The models are DLion's: `cnn`, convolutions 3x3 of 32, 64 and 128
channels, each with pooling, then 200 and 10 units; `cipher`, 32-32 and 64-64, each pair with pooling, then 512
and 10. DATA holds MNIST-style IDX files, or cifar-10-batches-bin. Rank r trains on every WORLD-th example, and
rank 0 prints "SECONDS ACCURACY" as it goes; evaluations (2000 test images) do not count. It ends at the target.
"""
import argparse
import gzip
import os
import resource
import time

import torch
import torch.distributed as dist
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.parallel import DistributedDataParallel


def idx(folder, name):
    path = os.path.join(folder, name)
    opened = open(path, "rb") if os.path.exists(path) else gzip.open(path + ".gz", "rb")
    with opened as file:
        data = bytearray(file.read())
    rank = data[3]
    shape = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(rank)]
    return torch.frombuffer(data, dtype=torch.uint8, offset=4 + 4 * rank).reshape(shape)


def cifar(folder, files):
    rows = bytearray().join(open(os.path.join(folder, f), "rb").read() for f in files)
    rows = torch.frombuffer(rows, dtype=torch.uint8).reshape(-1, 3073)
    return rows[:, 1:].reshape(-1, 3, 32, 32).float() / 255, rows[:, 0].long()


def images(folder, part):
    if os.path.exists(os.path.join(folder, "data_batch_1.bin")):
        return cifar(folder, ["test_batch.bin"] if part == "t10k" else [f"data_batch_{i}.bin" for i in range(1, 6)])
    x = idx(folder, part + "-images-idx3-ubyte").float().unsqueeze(1) / 255
    return x, idx(folder, part + "-labels-idx1-ubyte").long()


def cipher():
    return nn.Sequential(
        nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64 * 64, 512), nn.ReLU(), nn.Linear(512, 10),
    ).to(memory_format=torch.channels_last)


def cnn():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(64, 128, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(128 * 9, 200), nn.ReLU(), nn.Linear(200, 10),
    ).to(memory_format=torch.channels_last)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("method", choices=["ddp", "powersgd", "diloco", "diloco-overlap"])
    parser.add_argument("rank", type=int)
    parser.add_argument("world", type=int)
    parser.add_argument("address")
    parser.add_argument("data")
    parser.add_argument("--model", choices=["cnn", "cipher"], default="cnn")
    parser.add_argument("--lr", type=float, default=0.05)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--local-steps", type=int, default=20)
    parser.add_argument("--target", type=float, default=2)
    parser.add_argument("--delay-ms", type=float, default=0)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    dist.init_process_group("gloo", init_method="tcp://" + args.address, rank=args.rank, world_size=args.world)
    x, y = images(args.data, "train")
    mean, std = x.mean((0, 2, 3), keepdim=True), x.std((0, 2, 3), keepdim=True)
    x, y = ((x - mean) / std)[args.rank :: args.world], y[args.rank :: args.world]
    test_x, test_y = images(args.data, "t10k")
    test_x, test_y = ((test_x - mean) / std)[:2000], test_y[:2000]
    model = cipher() if args.model == "cipher" else cnn()
    order = torch.Generator().manual_seed(1000 * args.seed + args.rank)
    step_model = model
    if not args.method.startswith("diloco"):
        # One bucket: gloo mixes up the collectives of PowerSGD's two, and dies. The first one has a limit of its own.
        dist._DEFAULT_FIRST_BUCKET_BYTES = 100 << 20
        step_model = DistributedDataParallel(model, bucket_cap_mb=100)
        if args.method == "powersgd":
            from torch.distributed.algorithms.ddp_comm_hooks import powerSGD_hook as hook
            state = hook.PowerSGDState(None, matrix_approximation_rank=4, start_powerSGD_iter=10)
            step_model.register_comm_hook(state, hook.powerSGD_hook)
    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr, momentum=0.9, weight_decay=5e-4)
    shared = [p.detach().clone() for p in model.parameters()]
    outer = torch.optim.SGD([s.requires_grad_() for s in shared], lr=0.7, momentum=0.9, nesterov=True)

    def distance():
        return torch.cat([(s - p).detach().flatten() for s, p in zip(shared, model.parameters())])

    def outer_step(summed):
        flat, at = summed.float() / args.world, 0
        for s in shared:
            s.grad = flat[at : at + s.numel()].reshape(s.shape)
            at += s.numel()
        outer.step()

    every = args.local_steps if args.method.startswith("diloco") else 20
    on_its_way = None  # a mean of distances, this rank's own, and what is awaited

    dist.barrier()
    begun, evaluating, due, step, there = time.monotonic(), 0.0, 1.0, 0, False
    while True:
        rows = torch.randint(len(x), (args.batch,), generator=order)
        optimizer.zero_grad(set_to_none=False)
        F.cross_entropy(step_model(x[rows].contiguous(memory_format=torch.channels_last)), y[rows]).backward()
        if args.delay_ms:
            time.sleep(args.delay_ms / 1000)
        optimizer.step()
        step += 1
        if args.method == "diloco" and step % args.local_steps == 0:
            flat = distance().half()
            dist.all_reduce(flat)
            outer_step(flat)
            with torch.no_grad():
                for s, p in zip(shared, model.parameters()):
                    p.copy_(s)
        if args.method == "diloco-overlap" and step % args.local_steps == 0:
            if on_its_way is not None:
                mean_of, own, work = on_its_way
                work.wait()
                moved = own - distance()  # since own was sent
                outer_step(mean_of)
                with torch.no_grad():
                    at = 0
                    for s, p in zip(shared, model.parameters()):
                        p.copy_(s + moved[at : at + s.numel()].reshape(s.shape))
                        at += s.numel()
        if step % every == 0:
            seconds = time.monotonic() - begun - evaluating
            told = torch.tensor([seconds if not there else args.seconds + 1])
            dist.broadcast(told, 0)  # all ranks end together
            if args.rank == 0 and seconds >= due:
                at = time.monotonic()
                with torch.no_grad():
                    accuracy = (model(test_x).argmax(1) == test_y).float().mean().item()
                print(f"{seconds:.1f} {accuracy:.4f}", flush=True)
                due, there = seconds + 1, accuracy >= args.target
                evaluating += time.monotonic() - at
            if told.item() > args.seconds:
                break
        if args.method == "diloco-overlap" and step % args.local_steps == 0:
            own = distance()
            mean_of = own.half()
            on_its_way = mean_of, own, dist.all_reduce(mean_of, async_op=True)
    if args.rank == 0:
        rate = args.batch * step * args.world / seconds
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
        print(f"all ranks together: {rate:.0f} samples/s, {peak:.0f} MB, evaluations not counted")
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
