"""The demo's network: a CIFAR-style residual network of depth 6n+2 = 14 (He et al., arXiv:1512.03385, section 4.2).

One channel in, 28x28; n = 2 basic blocks per stage, widths 16, 32, 64; projection shortcuts (option B) where the
shape changes; global average pool and one linear layer. Parameter names: conv1, bn1, layer<S>.<B>.{conv1, bn1,
conv2, bn2, shortcut.0, shortcut.1}, linear.
"""

import json
import struct

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

BLOCKS_PER_STAGE = 2
WIDTHS = (16, 32, 64)


class BasicBlock(nn.Module):
    """Two 3x3 convolutions and a shortcut: identity, or a strided 1x1 projection."""

    def __init__(self, channels_in, channels_out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels_out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels_out)
        self.conv2 = nn.Conv2d(channels_out, channels_out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels_out)
        self.shortcut = nn.Sequential()
        if stride != 1 or channels_in != channels_out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels_in, channels_out, 1, stride, bias=False), nn.BatchNorm2d(channels_out))

    def forward(self, x):
        branch = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(branch)) + self.shortcut(x))


class ResNet14(nn.Module):
    """Logits [N][10] of pictures [N][1][28][28], normalised as in fashion_mnist.normalized."""

    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, WIDTHS[0], 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(WIDTHS[0])
        self.layer1 = _stage(WIDTHS[0], WIDTHS[0], 1)
        self.layer2 = _stage(WIDTHS[0], WIDTHS[1], 2)
        self.layer3 = _stage(WIDTHS[1], WIDTHS[2], 2)
        self.linear = nn.Linear(WIDTHS[2], classes)
        for module in self.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(x.mean(dim=(2, 3)))


def _stage(channels_in, channels_out, stride):
    first = BasicBlock(channels_in, channels_out, stride)
    return nn.Sequential(first, *(BasicBlock(channels_out, channels_out, 1) for _ in range(BLOCKS_PER_STAGE - 1)))


_DTYPES = {"F32": np.dtype("<f4"), "I64": np.dtype("<i8")}


def save_safetensors(state, path):
    """A state dict as one safetensors file: u64 header size, JSON header padded to 8 bytes, then the raw tensors."""
    header, chunks, offset = {}, [], 0
    for name, tensor in state.items():
        array = tensor.detach().contiguous().numpy()
        dtype = next(key for key, value in _DTYPES.items() if value == array.dtype)
        data = array.astype(_DTYPES[dtype]).tobytes()
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [offset, offset + len(data)]}
        chunks.append(data)
        offset += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(chunks))


def load_safetensors(path):
    """The state dict of a file written by save_safetensors."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    state = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        array = np.frombuffer(data[begin:end], _DTYPES[entry["dtype"]]).reshape(entry["shape"])
        state[name] = torch.from_numpy(array.copy())
    return state
