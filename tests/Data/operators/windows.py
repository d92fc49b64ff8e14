#!/usr/bin/python3
import itertools
import numpy as np
from cases import *


def windows(x, kernel, strides, pads, dilations, ceil):
    """For every output place the list of (row, column) taps, those in the padding too; rows and columns count from the padded edge."""
    h, w = x.shape[2:]
    out = []
    for d in range(2):
        room = x.shape[2 + d] + pads[d] + pads[d + 2] - ((kernel[d] - 1) * dilations[d] + 1)
        n = (-(-room // strides[d]) if ceil else room // strides[d]) + 1
        if ceil and (n - 1) * strides[d] >= x.shape[2 + d] + pads[d]: n -= 1
        out.append(n)
    for oy, ox in itertools.product(range(out[0]), range(out[1])):
        yield oy, ox, [(oy * strides[0] + ky * dilations[0] - pads[0], ox * strides[1] + kx * dilations[1] - pads[1])
                       for ky in range(kernel[0]) for kx in range(kernel[1])], out


def conv(x, w, b, strides=(1, 1), pads=(0, 0, 0, 0), dilations=(1, 1), group=1):
    places = list(windows(x, w.shape[2:], strides, pads, dilations, False))
    y = np.zeros((x.shape[0], w.shape[0], *places[0][3]))
    per = w.shape[0] // group
    for n, m in itertools.product(range(x.shape[0]), range(w.shape[0])):
        for oy, ox, taps, _ in places:
            total = 0.0 if b is None else float(b[m])
            for c in range(w.shape[1]):
                for (row, column), weight in zip(taps, w[m, c].ravel()):
                    if not (0 <= row < x.shape[2] and 0 <= column < x.shape[3]): continue
                    total += float(x[n, m // per * w.shape[1] + c, row, column]) * float(weight)
            y[n, m, oy, ox] = total
    return y.astype(np.float32)


def pool(op, x, kernel, strides=(1, 1), pads=(0, 0, 0, 0), dilations=(1, 1), ceil=0, include=0):
    places = list(windows(x, kernel, strides, pads, dilations, ceil))
    y = np.zeros((*x.shape[:2], *places[0][3]))
    for n, c in itertools.product(range(x.shape[0]), range(x.shape[1])):
        for oy, ox, taps, _ in places:
            inside = [float(x[n, c, r, k]) for r, k in taps if 0 <= r < x.shape[2] and 0 <= k < x.shape[3]]
            padded = [1 for r, k in taps if r < x.shape[2] + pads[2] and k < x.shape[3] + pads[3]]
            y[n, c, oy, ox] = max(inside) if op == "MaxPool" else sum(inside) / (len(padded) if include else len(inside))
    return y.astype(np.float32)


def layers():
    x, w, b = noise(2, 2, 5, 4), noise(3, 2, 3, 3), f(0.5, -1, 2)
    case("Conv", "padding and bias", [x, const(w), const(b)], conv(x, w, b, pads=(1, 1, 1, 1)), kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    case("Conv", "no bias", [x, const(w)], conv(x, w, None))
    case("Conv", "strides and other padding on each side", [x, const(w), const(b)], conv(x, w, b, (2, 1), (0, 1, 2, 0)),
         strides=[2, 1], pads=[0, 1, 2, 0])
    case("Conv", "dilations", [x, const(w), const(b)], conv(x, w, b, pads=(1, 2, 1, 2), dilations=(2, 3)), dilations=[2, 3], pads=[1, 2, 1, 2])
    g = noise(4, 1, 2, 2)
    case("Conv", "two groups", [x, const(g)], conv(x, g, None, group=2), group=2)
    case("Conv", "SAME_UPPER pads more behind", [x, const(g)], conv(x, g, None, (2, 2), (0, 0, 1, 0), group=2),
         group=2, strides=[2, 2], auto_pad="SAME_UPPER")
    case("Conv", "SAME_LOWER pads more in front", [x, const(g)], conv(x, g, None, (2, 2), (1, 0, 0, 0), group=2),
         group=2, strides=[2, 2], auto_pad="SAME_LOWER")
    case("Conv", "weights that are computed", [x, w], conv(x, w, None))
    long, tap = noise(1, 1, 1, 600), noise(1, 1, 1, 3)
    case("Conv", "a long row", [long, tap], conv(long, tap, None, (1, 2), (0, 1, 0, 1)), strides=[1, 2], pads=[0, 1, 0, 1])
    for op in ("MaxPool", "AveragePool"):
        y = x - 3 # all negative, so that padding that counted would win
        case(op, "padding", [y], pool(op, y, (3, 2), pads=(1, 1, 1, 0)), kernel_shape=[3, 2], pads=[1, 1, 1, 0])
        case(op, "strides", [y], pool(op, y, (2, 2), (2, 1)), kernel_shape=[2, 2], strides=[2, 1])
        case(op, "ceil_mode", [y], pool(op, y, (2, 2), (2, 3), ceil=1), kernel_shape=[2, 2], strides=[2, 3], ceil_mode=1)
    case("MaxPool", "dilations", [x], pool("MaxPool", x, (2, 2), dilations=(2, 3)), kernel_shape=[2, 2], dilations=[2, 3])
    case("AveragePool", "padding that counts", [x], pool("AveragePool", x, (3, 3), pads=(1, 1, 1, 1), include=1),
         kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1)
    case("GlobalAveragePool", "two pictures", [x], x.astype(np.float64).mean((2, 3), keepdims=True).astype(np.float32))


layers()
