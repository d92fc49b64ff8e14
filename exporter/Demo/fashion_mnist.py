"""Fashion-MNIST as Debian's package dataset-fashion-mnist installs it: arrays in, PNG class folders out."""

import gzip
import os
import struct
import sys

import numpy as np
from PIL import Image

DEFAULT_FOLDER = "/usr/share/datasets/fashion-mnist"

# The data set's own order: class 0 .. class 9. "/" cannot stand in a folder's name.
LABELS = ("T-shirt_top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle_boot")

# Of the training pictures, on the scale 0..1; the usual rounding.
MEAN, STD = 0.2860, 0.3530

_PREFIX = {"train": "train", "test": "t10k"}


def read(folder, split):
    """Pictures as uint8 [N][28][28] and labels as int64 [N] of the split "train" (60,000) or "test" (10,000)."""
    prefix = os.path.join(folder, _PREFIX[split])
    pictures = _read_idx(prefix + "-images-idx3-ubyte.gz", 3)
    labels = _read_idx(prefix + "-labels-idx1-ubyte.gz", 1).astype(np.int64)
    if len(pictures) != len(labels):
        sys.exit(f"{prefix}: {len(pictures)} pictures but {len(labels)} labels; reinstall dataset-fashion-mnist.")
    return pictures, labels


def normalized(pictures):
    """uint8 [N][28][28] -> float32 [N][1][28][28], as the network takes it."""
    return ((pictures.astype(np.float32) / np.float32(255) - np.float32(MEAN)) / np.float32(STD))[:, None]


def first_of_each_class(labels, per_class):
    """Indices of the first per_class pictures of every class, in the data set's order."""
    return sorted(i for c in range(len(LABELS)) for i in np.flatnonzero(labels == c)[:per_class].tolist())


def write_class_folders(pictures, labels, indices, folder):
    """Writes folder/<label>/<index in the split>.png, 8-bit grey."""
    for label in LABELS:
        os.makedirs(os.path.join(folder, label), exist_ok=True)
    digits = len(str(len(pictures) - 1))
    for index in indices:
        name = f"{index:0{digits}d}.png"
        Image.fromarray(pictures[index]).save(os.path.join(folder, LABELS[labels[index]], name), optimize=True)


def _read_idx(path, dimensions):
    """One gzip file of the IDX format: big-endian magic 0x0000 08 0d, d sizes, then bytes."""
    try:
        with gzip.open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        sys.exit(f"{path} is missing: install Debian's package dataset-fashion-mnist, or name its folder with --data.")
    magic, *sizes = struct.unpack_from(f">{1 + dimensions}I", data)
    if magic != 0x0800 + dimensions or len(data) != 4 * (1 + dimensions) + int(np.prod(sizes)):
        sys.exit(f"{path} is not an IDX file of {dimensions} dimensions; reinstall dataset-fashion-mnist.")
    return np.frombuffer(data, np.uint8, offset=4 * (1 + dimensions)).reshape(sizes)
