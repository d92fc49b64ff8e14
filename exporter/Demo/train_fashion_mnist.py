#!/usr/bin/python3
"""Trains the demo's ResNet-14 on Fashion-MNIST, measures it, and writes the demo's pictures.

Needs Debian's python3-torch, python3-pil and dataset-fashion-mnist. One thread, seeded: the same machine gives the
same weights again.

  train_fashion_mnist.py train [--epochs N]      weights and their measured accuracy, beside this script
  train_fashion_mnist.py pictures DIR --split test [--per-class N]
                                                 PNG class folders (all pictures without --per-class)
  train_fashion_mnist.py logits DIR [--per-class N]
                                                 inputs.npy [10N][1][28][28] and logits.npy [10N][10] of the test pictures
                                                 that "pictures" writes, in the order of their paths
"""

import argparse
import datetime
import json
import math
import os
import time

import numpy as np
import torch
from torch.nn import functional as F

import fashion_mnist
import resnet14

HERE = os.path.dirname(os.path.abspath(__file__))
WEIGHTS = os.path.join(HERE, "fashion-resnet14.safetensors")
ACCURACY = os.path.join(HERE, "fashion-resnet14.accuracy.json")

BATCH = 128
PEAK_LEARNING_RATE = 0.1
WARM_UP_STEPS = 200
WEIGHT_DECAY = 5e-4
SHIFT_PIXELS = 2


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=fashion_mnist.DEFAULT_FOLDER, help="folder of the four .gz files")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("train")
    verb.add_argument("--epochs", type=int, default=30)
    verb.add_argument("--seed", type=int, default=20261121)
    verb = verbs.add_parser("pictures")
    verb.add_argument("folder")
    verb.add_argument("--split", choices=("test", "train"), default="test")
    verb.add_argument("--per-class", type=int)
    verb = verbs.add_parser("logits")
    verb.add_argument("folder")
    verb.add_argument("--per-class", type=int, default=20)
    arguments = parser.parse_args()

    torch.set_num_threads(1)  # one thread sums in one order
    {"train": train, "pictures": pictures, "logits": logits}[arguments.verb](arguments)


def train(arguments):
    """SGD with Nesterov momentum, a linear warm-up and one cosine to zero; shifted and mirrored pictures."""
    torch.manual_seed(arguments.seed)
    torch.set_flush_denormal(True)
    train_pictures, train_labels = (torch.from_numpy(a.copy()) for a in fashion_mnist.read(arguments.data, "train"))
    network = resnet14.ResNet14().to(memory_format=torch.channels_last)  # 1.6 times as fast as channels first
    optimizer = torch.optim.SGD(
        network.parameters(), PEAK_LEARNING_RATE, momentum=0.9, nesterov=True, weight_decay=WEIGHT_DECAY)
    steps_per_epoch = len(train_pictures) // BATCH
    steps = arguments.epochs * steps_per_epoch
    began = time.monotonic()
    for epoch in range(arguments.epochs):
        network.train()
        order = torch.randperm(len(train_pictures))
        loss_sum = 0.0
        for i in range(steps_per_epoch):
            step = epoch * steps_per_epoch + i
            optimizer.param_groups[0]["lr"] = PEAK_LEARNING_RATE * min(
                (step + 1) / WARM_UP_STEPS, 0.5 + 0.5 * math.cos(math.pi * step / steps))
            batch = order[i * BATCH:(i + 1) * BATCH]
            optimizer.zero_grad()
            loss = F.cross_entropy(network(_augmented(train_pictures[batch])), train_labels[batch])
            loss.backward()
            optimizer.step()
            loss_sum += loss.item()
        print(f"epoch {epoch + 1}/{arguments.epochs}: loss {loss_sum / steps_per_epoch:.4f}, "
              f"{time.monotonic() - began:.0f} s", flush=True)
    resnet14.save_safetensors(network.state_dict(), WEIGHTS)
    _measure(arguments)


def _augmented(batch):
    """uint8 [B][28][28] -> normalised float32 [B][1][28][28], each shifted by up to 2 pixels and mirrored or not."""
    count, height, width = batch.shape
    padded = F.pad(batch, [SHIFT_PIXELS] * 4)
    shift = torch.randint(0, 2 * SHIFT_PIXELS + 1, (2, count, 1))
    rows = shift[0] + torch.arange(height)
    columns = shift[1] + torch.arange(width)
    mirrored = torch.rand(count, 1) < 0.5
    columns = torch.where(mirrored, columns.flip(1), columns)
    moved = padded[torch.arange(count)[:, None, None], rows[:, :, None], columns[:, None, :]]
    return ((moved.float() / 255 - fashion_mnist.MEAN) / fashion_mnist.STD)[:, None]


def _measure(arguments):
    """Top-1 on all 10,000 test pictures, of the weights as they lie in the file; never used to choose anything."""
    test_pictures, test_labels = fashion_mnist.read(arguments.data, "test")
    right = int((_logits(test_pictures).argmax(1) == test_labels).sum())
    result = {
        "data_set": "Fashion-MNIST test", "images": len(test_labels), "right": right, "top1": right / len(test_labels),
        "precision": "fp32", "date": datetime.date.today().isoformat(), "seed": arguments.seed,
        "epochs": arguments.epochs, "torch": torch.__version__,
        "command": f"train_fashion_mnist.py train --epochs {arguments.epochs} --seed {arguments.seed}",
    }
    with open(ACCURACY, "w", encoding="utf-8") as file:
        file.write(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result))


def _logits(test_pictures):
    """float32 [N][10] of the committed weights."""
    network = resnet14.ResNet14()
    network.load_state_dict(resnet14.load_safetensors(WEIGHTS))
    network.eval()
    batches = np.array_split(fashion_mnist.normalized(test_pictures), max(1, len(test_pictures) // 500))
    with torch.no_grad():
        return np.concatenate([network(torch.from_numpy(batch)).numpy() for batch in batches])


def pictures(arguments):
    """Class folders of PNG files."""
    data, labels = fashion_mnist.read(arguments.data, arguments.split)
    per_class = arguments.per_class if arguments.per_class is not None else len(labels)
    indices = fashion_mnist.first_of_each_class(labels, per_class)
    fashion_mnist.write_class_folders(data, labels, indices, arguments.folder)
    print(f"{len(indices)} pictures in {arguments.folder}")


def logits(arguments):
    """Golden input and output for a test of another runtime."""
    data, labels = fashion_mnist.read(arguments.data, "test")
    indices = fashion_mnist.first_of_each_class(labels, arguments.per_class)
    data = data[sorted(indices, key=lambda i: (fashion_mnist.LABELS[labels[i]], i))]
    os.makedirs(arguments.folder, exist_ok=True)
    np.save(os.path.join(arguments.folder, "inputs.npy"), fashion_mnist.normalized(data))
    np.save(os.path.join(arguments.folder, "logits.npy"), _logits(data))
    print(f"{len(data)} inputs and logits in {arguments.folder}")


if __name__ == "__main__":
    main()
