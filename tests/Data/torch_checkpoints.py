"""Writes checkpoints of small random networks and tensors, with what torch makes of them, for the differential tests.

Usage: torch_checkpoints.py FOLDER
Networks: NAME.pth, NAME.input.f32 [C][H][W], NAME.logits.f32 [classes]. Tensors: tensors-*.pth, and tensors.txt with one line per
tensor: name, shape, values, separated by tabs.
"""

import pathlib
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

CLASSES = 7


ACTIVATIONS = {
    "relu": F.relu,
    "relu6": F.relu6,
    "silu": F.silu,
    "gelu": lambda x: F.gelu(x, approximate="tanh"),
    "leaky-relu": F.leaky_relu,
    "leaky-relu:0.2": lambda x: F.leaky_relu(x, 0.2),
    "hardswish": F.hardswish,
}


def conv(channels_in, channels_out, kernel, stride=1, groups=1, dilation=1):
    return nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2 * dilation, dilation, groups=groups, bias=False)


class Block(nn.Module):
    """A residual block: kernels 3-3, or 1-3-1 with `groups` in the middle; `pre` puts bn-relu before each convolution."""

    def __init__(self, channels_in, width, stride, net, first_dilation=1, dilation=1):
        super().__init__()
        self.net, self.stride, self.width = net, stride, width
        self.act = ACTIVATIONS[net["act"]]
        if net["bottleneck"]:
            inner = width // 2
            on_1x1 = net["stride_on"] == "1x1"
            self.conv1 = conv(channels_in, inner, 1, stride if on_1x1 else 1)
            self.conv2 = conv(inner, inner, 3, 1 if on_1x1 else stride, net["groups"], first_dilation)
            self.conv3 = conv(inner, width, 1)
        else:
            self.conv1, self.conv2 = conv(channels_in, width, 3, stride, 1, first_dilation), conv(width, width, 3, 1, 1, dilation)
        self.convs = [m for m in self.children()]
        for i, c in enumerate(self.convs):
            setattr(self, f"bn{i + 1}", nn.BatchNorm2d(c.in_channels if net["pre"] else c.out_channels, net["eps"]))
        self.projects = (stride != 1 or channels_in != width) and net["shortcut"] != "A"
        if self.projects:
            layers = [conv(channels_in, width, 1, stride)] + ([] if net["pre"] else [nn.BatchNorm2d(width, net["eps"])])
            setattr(self, net["shortcut"], nn.Sequential(*layers))

    def bn(self, i):
        return getattr(self, f"bn{i + 1}")

    def forward(self, x):
        y, shortcut = x, x
        for i, c in enumerate(self.convs):
            if self.net["pre"]:
                y = self.act(self.bn(i)(y))
                if i == 0 and self.net["shortcut"] == "shortcut" and self.projects:
                    shortcut = y
                y = c(y)
            else:
                y = self.bn(i)(c(y))
                y = self.act(y) if i + 1 < len(self.convs) else y
        if self.projects:
            shortcut = getattr(self, self.net["shortcut"])(shortcut)
        elif y.shape != shortcut.shape:  # option A
            shortcut = F.pad(shortcut[:, :, ::2, ::2], (0, 0, 0, 0, self.width // 4, self.width // 4))
        return y + shortcut if self.net["pre"] else self.act(y + shortcut)


class Network(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net
        width = net["widths"][0]
        self.conv1 = conv(net["input"][0], width, net["stem"], 2 if net["stem"] == 7 else 1)
        if not net["pre"]:
            self.bn1 = nn.BatchNorm2d(width, net["eps"])
        reached, dilation = 2 if net["stem"] == 7 else 1, 1
        reached *= 2 if self.pools() else 1
        for s, (w, n) in enumerate(zip(net["widths"], net["blocks"])):
            blocks = []
            stride, first_dilation = 2 if s > 0 else 1, dilation
            if net["output_stride"] and reached * stride > net["output_stride"]:
                dilation, stride = dilation * stride, 1
            reached *= stride
            for b in range(n):
                blocks.append(Block(width, w, stride, net, first_dilation, dilation))
                width, stride, first_dilation = w, 1, dilation
            setattr(self, f"layer{s + 1}", nn.Sequential(*blocks))
        if net["last_bn"]:
            setattr(self, net["last_bn"], nn.BatchNorm2d(width))
        setattr(self, net["head"], nn.Linear(width, CLASSES))

    def pools(self):
        return self.net["stem_pool"] == "max" or self.net["stem_pool"] is None and self.net["stem"] == 7

    def forward(self, x):
        act = ACTIVATIONS[self.net["act"]]
        x = self.conv1(x)
        if not self.net["pre"]:
            x = act(self.bn1(x))
        if self.pools():
            x = F.max_pool2d(x, 3, 2, 1)
        for s in range(len(self.net["widths"])):
            x = getattr(self, f"layer{s + 1}")(x)
        if self.net["last_bn"]:
            x = act(getattr(self, self.net["last_bn"])(x))
        return getattr(self, self.net["head"])(x.mean(dim=(2, 3)))


def network(input, widths, blocks, stem=3, bottleneck=False, groups=1, shortcut="shortcut", head="linear", pre=False, last_bn=None,
            act="relu", stride_on="3x3", eps=1e-5, output_stride=None, stem_pool=None):
    return dict(locals())


NETWORKS = {
    "cifar-a": network((3, 32, 32), (8, 16, 32), (1, 1, 1), shortcut="A"),
    "cifar-a-odd": network((3, 27, 29), (8, 16, 32), (2, 1, 1), shortcut="A"),
    "cifar-b": network((1, 28, 28), (8, 12, 16), (2, 2, 2)),
    "cifar-bottleneck": network((3, 16, 16), (16, 32, 64), (1, 2, 1), bottleneck=True, shortcut="downsample", head="fc"),
    "torchvision-basic": network((3, 64, 48), (8, 12, 16, 24), (2, 1, 1, 1), stem=7, shortcut="downsample", head="fc"),
    "torchvision-grouped": network((3, 64, 64), (16, 32, 48, 64), (1, 2, 1, 1), stem=7, bottleneck=True, groups=4, shortcut="downsample", head="fc"),
    "torchvision-small-stem": network((3, 24, 24), (8, 16, 24, 32), (1, 1, 1, 2)),
    "preact-basic": network((3, 32, 32), (8, 16, 24, 32), (2, 1, 1, 1), pre=True),
    "preact-last-bn": network((3, 16, 16), (16, 32, 64), (2, 1, 1), bottleneck=True, shortcut="downsample", head="fc", pre=True, last_bn="bn"),
}

# What names and shapes do not tell.
FORMS = {f"form-{act.replace(':', '-')}": network((3, 16, 16), (8, 12, 16), (1, 1, 1), act=act) for act in ACTIVATIONS}
FORMS |= {
    "form-stride-on-1x1": network((3, 64, 64), (16, 32, 48, 64), (1, 2, 1, 1), stem=7, bottleneck=True, shortcut="downsample", head="fc", stride_on="1x1"),
    "form-eps": network((3, 16, 16), (8, 12, 16), (1, 1, 1), eps=0.5),
    "form-dilated": network((3, 64, 64), (16, 32, 48, 64), (1, 2, 2, 2), stem=7, bottleneck=True, shortcut="downsample", head="fc", output_stride=8),
    "form-dilated-basic": network((3, 64, 64), (8, 12, 16, 24), (1, 2, 2, 2), stem=7, shortcut="downsample", head="fc", output_stride=16),
    "form-no-pool": network((3, 32, 32), (8, 12, 16, 24), (1, 1, 1, 1), stem=7, shortcut="downsample", head="fc", stem_pool="none"),
    "form-pool": network((3, 32, 32), (8, 12, 16, 24), (1, 1, 1, 1), shortcut="downsample", head="fc", stem_pool="max"),
    "form-preact-silu": network((3, 16, 16), (8, 16, 24, 32), (2, 1, 1, 1), pre=True, act="silu"),
}
NETWORKS |= FORMS


def write_networks(folder):
    for seed, (name, declaration) in enumerate(NETWORKS.items()):
        torch.manual_seed(seed)
        net = Network(declaration).eval()
        for module in net.modules():
            if isinstance(module, nn.BatchNorm2d):
                nn.init.uniform_(module.weight, 0.5, 1.5)
                nn.init.uniform_(module.bias, -0.5, 0.5)
                nn.init.uniform_(module.running_mean, -0.5, 0.5)
                nn.init.uniform_(module.running_var, 0.5, 2)
        x = torch.randn(1, *declaration["input"])
        with torch.no_grad():
            logits = net(x)
        x.numpy().astype("<f4").tofile(folder / f"{name}.input.f32")
        logits.numpy().astype("<f4").tofile(folder / f"{name}.logits.f32")
        wrapped = {"module." + k: v for k, v in net.state_dict().items()}
        torch.save({"epoch": seed, "state_dict": wrapped}, folder / f"{name}.pth", _use_new_zipfile_serialization=seed % 2 == 0)


def write_tensors(folder):
    tensors = {}
    for dtype in (torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool):
        low = 0 if dtype in (torch.uint8, torch.bool) else -5
        base = (torch.arange(24) + low).to(dtype).reshape(4, 6)
        views = {
            "whole": base, "transposed": base.t(), "row": base[1], "column": base[:, 2], "grid": base[::2, 1::3], "expanded": base[2].expand(3, 6),
            "scalar": base[3, 5], "empty": base[:0], "channels_last": base.reshape(1, 2, 3, 4).contiguous(memory_format=torch.channels_last),
        }
        if dtype.is_floating_point:
            views["parameter"] = nn.Parameter(base.clone())
        tensors.update({f"{dtype}.{view}".replace("torch.", ""): tensor for view, tensor in views.items()})
    with open(folder / "tensors.txt", "w") as expected:
        for name, tensor in tensors.items():
            values = ",".join(str(float(v)) for v in tensor.detach().double().flatten())
            expected.write(f"{name}\t{'x'.join(map(str, tensor.shape))}\t{values}\n")
    checkpoint = {"best_prec1": np.float64(91.25), "seen": np.int64(-7), "arch": "none", "params": tensors}
    for protocol in (2, 3, 4, 5):
        for form in ("zip", "legacy"):
            torch.save(checkpoint, folder / f"tensors-{form}-{protocol}.pth", pickle_protocol=protocol, _use_new_zipfile_serialization=form == "zip")


if __name__ == "__main__":
    out = pathlib.Path(sys.argv[1])
    torch.set_num_threads(1)
    write_networks(out)
    write_tensors(out)
