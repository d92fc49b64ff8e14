#!/usr/bin/python3
import itertools
import numpy as np
from cases import *


def windows(shape, kernel, strides, pads, dilations, ceil):
    """For every output place the list of taps, those in the padding too; coordinates count from the padded edge."""
    axes = range(len(shape))
    out = []
    for d in axes:
        room = shape[d] + pads[d] + pads[d + len(shape)] - ((kernel[d] - 1) * dilations[d] + 1)
        n = (-(-room // strides[d]) if ceil else room // strides[d]) + 1
        if ceil and (n - 1) * strides[d] >= shape[d] + pads[d]: n -= 1
        out.append(n)
    for place in itertools.product(*map(range, out)):
        yield place, [tuple(place[d] * strides[d] + tap[d] * dilations[d] - pads[d] for d in axes)
                      for tap in itertools.product(*map(range, kernel))], out


def inside(tap, shape): return all(0 <= t < s for t, s in zip(tap, shape))
def ones(n): return (1,) * n


def conv(x, w, b, strides=None, pads=None, dilations=None, group=1, zero=0, weight_zero=None):
    n = x.ndim - 2
    places = list(windows(x.shape[2:], w.shape[2:], strides or ones(n), pads or (0,) * 2 * n, dilations or ones(n), False))
    y = np.zeros((x.shape[0], w.shape[0], *places[0][2]))
    per = w.shape[0] // group
    for n, m in itertools.product(range(x.shape[0]), range(w.shape[0])):
        for place, taps, _ in places:
            total = 0.0 if b is None else float(b[m])
            for c in range(w.shape[1]):
                for tap, weight in zip(taps, w[m, c].ravel()):
                    if not inside(tap, x.shape[2:]): continue
                    less = 0 if weight_zero is None else float(np.broadcast_to(weight_zero, w.shape[0])[m])
                    total += (float(x[(n, m // per * w.shape[1] + c, *tap)]) - float(zero)) * (float(weight) - less)
            y[(n, m, *place)] = total
    return y.astype(np.float32)


def transposed(x, w, b, strides, before, sizes, dilations, group):
    """Every input adds its kernel, scaled, to the output, literally."""
    y = np.zeros((x.shape[0], w.shape[1] * group, *sizes)) + (0.0 if b is None else b.astype(np.float64).reshape(-1, *ones(len(sizes))))
    per = x.shape[1] // group
    for n, c in itertools.product(range(x.shape[0]), range(x.shape[1])):
        for at in itertools.product(*map(range, x.shape[2:])):
            for m in range(w.shape[1]):
                for tap in itertools.product(*map(range, w.shape[2:])):
                    to = tuple(i * s + k * d - p for i, s, k, d, p in zip(at, strides, tap, dilations, before))
                    if inside(to, sizes): y[(n, c // per * w.shape[1] + m, *to)] += float(x[(n, c, *at)]) * float(w[(c, m, *tap)])
    return y.astype(np.float32)


def pool(op, x, kernel, strides=None, pads=None, dilations=None, ceil=0, include=0, p=2):
    n, shape = x.ndim - 2, x.shape[2:]
    pads = pads or (0,) * 2 * n
    places = list(windows(shape, kernel, strides or ones(n), pads, dilations or ones(n), ceil))
    y = np.zeros((*x.shape[:2], *places[0][2]))
    for n, c in itertools.product(range(x.shape[0]), range(x.shape[1])):
        for place, taps, _ in places:
            values = [float(x[(n, c, *t)]) for t in taps if inside(t, shape)]
            padded = [1 for t in taps if all(t[d] < shape[d] + pads[d + len(shape)] for d in range(len(shape)))]
            y[(n, c, *place)] = (max(values) if op == "MaxPool" else sum(abs(v) ** p for v in values) ** (1 / p) if op == "LpPool"
                                 else sum(values) / (len(padded) if include else len(values)))
    return y.astype(x.dtype)


def largest(x, kernel, strides=None, pads=None, dilations=None, ceil=0, column_major=False):
    n, shape = x.ndim - 2, x.shape[2:]
    places = list(windows(shape, kernel, strides or ones(n), pads or (0,) * 2 * n, dilations or ones(n), ceil))
    order = np.arange(np.prod(shape)).reshape(shape, order="F" if column_major else "C")
    y = np.zeros((*x.shape[:2], *places[0][2]), np.int64)
    for channel in itertools.product(range(x.shape[0]), range(x.shape[1])):
        for place, taps, _ in places:
            best = max((t for t in taps if inside(t, shape)), key=lambda t: x[(*channel, *t)])
            y[(*channel, *place)] = (channel[0] * x.shape[1] + channel[1]) * np.prod(shape) + order[best]
    return y


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
    line, taps, block, cube = noise(2, 4, 9), noise(6, 2, 3), noise(1, 2, 3, 4, 5), noise(2, 2, 2, 2, 3)
    case("Conv", "one axis", [line, const(w1 := noise(3, 4, 3)), const(b)], conv(line, w1, b, pads=(1, 1)), pads=[1, 1])
    case("Conv", "one axis in groups, dilated, with strides", [line, const(taps)], conv(line, taps, None, (2,), (2, 1), (2,), 2),
         group=2, strides=[2], pads=[2, 1], dilations=[2], kernel_shape=[3])
    case("Conv", "one axis, SAME_UPPER", [line, const(w1)], conv(line, w1, None, (2,), (1, 1)), strides=[2], auto_pad="SAME_UPPER")
    case("Conv", "three axes", [block, const(cube), const(b[:2])], conv(block, cube, b[:2]))
    case("Conv", "three axes with padding and strides", [block, const(cube)], conv(block, cube, None, (1, 2, 2), (1, 0, 1, 0, 1, 1), (1, 2, 1)),
         strides=[1, 2, 2], pads=[1, 0, 1, 0, 1, 1], dilations=[1, 2, 1])
    case("Conv", "three axes, weights that are computed", [block, cube], conv(block, cube, None))
    bytes_x, bytes_w = random.integers(0, 256, (1, 2, 4, 4)).astype(np.uint8), random.integers(0, 256, (3, 2, 2, 2)).astype(np.uint8)
    case("ConvInteger", "no zero points", [bytes_x, bytes_w], conv(bytes_x, bytes_w, None).astype(np.int32))
    case("ConvInteger", "zero points and padding", [bytes_x, const(bytes_w), const(np.uint8(128)), const(np.uint8(7))],
         conv(bytes_x, bytes_w, None, pads=(1, 1, 1, 1), zero=128, weight_zero=7).astype(np.int32), pads=[1, 1, 1, 1])
    byte_line = random.integers(0, 256, (1, 2, 6)).astype(np.uint8)
    case("ConvInteger", "one axis", [byte_line, const(bytes_w[..., 0].copy())], conv(byte_line, bytes_w[..., 0], None).astype(np.int32))
    for title, x_, w_, b_, s_, p_, o_, d_, g_, more in (
            ("strides", x, noise(2, 3, 3, 3), None, (2, 2), (0, 0), (11, 9), (1, 1), 1, dict(strides=[2, 2])),
            ("padding, output_padding and bias", x, noise(2, 3, 3, 3), b, (2, 3), (1, 0), (11, 12), (1, 1), 1,
             dict(strides=[2, 3], pads=[1, 0, 0, 1], output_padding=[1, 1])),
            ("dilations and groups", x, noise(2, 1, 2, 3), None, (1, 1), (0, 0), (6, 8), (1, 2), 2, dict(dilations=[1, 2], group=2)),
            ("SAME_UPPER", x, noise(2, 1, 3, 3), None, (2, 2), (0, 0), (10, 8), (1, 1), 1, dict(strides=[2, 2], auto_pad="SAME_UPPER")),
            ("SAME_LOWER", x, noise(2, 1, 3, 3), None, (2, 2), (1, 1), (10, 8), (1, 1), 1, dict(strides=[2, 2], auto_pad="SAME_LOWER")),
            ("output_shape", x, noise(2, 1, 3, 3), None, (3, 2), (0, 0), (16, 9), (1, 1), 1,
             dict(strides=[3, 2], output_shape=[16, 9], output_padding=[1, 0])),
            ("output_shape that cuts", x, noise(2, 1, 3, 3), None, (2, 2), (0, 0), (10, 8), (1, 1), 1,
             dict(strides=[2, 2], output_shape=[10, 8], auto_pad="SAME_UPPER")),
            ("one axis", line, noise(4, 2, 4), None, (2,), (1,), (18,), (1,), 1, dict(strides=[2], pads=[1, 1])),
            ("three axes", block, noise(2, 2, 2, 2, 2), None, (2, 1, 2), (0, 0, 0), (6, 5, 10), (1, 1, 1), 1, dict(strides=[2, 1, 2]))):
        case("ConvTranspose", title, [x_, const(w_)] + ([] if b_ is None else [const(b_)]), transposed(x_, w_, b_, s_, p_, o_, d_, g_), **more)
    case("MaxPool", "one axis", [line], pool("MaxPool", line, (3,), (2,), (1, 0)), kernel_shape=[3], strides=[2], pads=[1, 0])
    case("MaxPool", "three axes", [block], pool("MaxPool", block, (2, 2, 2), (1, 2, 2), ceil=1), kernel_shape=[2, 2, 2], strides=[1, 2, 2], ceil_mode=1)
    case("MaxPool", "u8", [bytes_x], pool("MaxPool", bytes_x, (2, 2)), kernel_shape=[2, 2])
    case("MaxPool", "s8", [(sx := bytes_x.astype(np.int8))], pool("MaxPool", sx, (3, 3), pads=(1, 1, 1, 1)), kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    case("MaxPool", "indices", [x], (pool("MaxPool", x, (3, 2), (2, 1), (1, 0, 1, 1)), largest(x, (3, 2), (2, 1), (1, 0, 1, 1))),
         kernel_shape=[3, 2], strides=[2, 1], pads=[1, 0, 1, 1])
    case("MaxPool", "indices by columns", [x], (pool("MaxPool", x, (2, 2)), largest(x, (2, 2), column_major=True)), kernel_shape=[2, 2], storage_order=1)
    case("MaxPool", "indices of three axes", [block], (pool("MaxPool", block, (2, 2, 2)), largest(block, (2, 2, 2))), kernel_shape=[2, 2, 2])
    case("AveragePool", "one axis", [line], pool("AveragePool", line, (3,), (2,), (1, 0)), kernel_shape=[3], strides=[2], pads=[1, 0])
    case("AveragePool", "three axes", [block], pool("AveragePool", block, (2, 2, 2), (1, 2, 2), (1, 0, 0, 0, 1, 1), include=1),
         kernel_shape=[2, 2, 2], strides=[1, 2, 2], pads=[1, 0, 0, 0, 1, 1], count_include_pad=1)
    case("LpPool", "p is 2 by default", [x], pool("LpPool", x, (2, 2), (2, 1)), kernel_shape=[2, 2], strides=[2, 1])
    case("LpPool", "p of 3 with padding", [x], pool("LpPool", x, (3, 2), pads=(1, 1, 1, 0), p=3), kernel_shape=[3, 2], pads=[1, 1, 1, 0], p=3)
    case("LpPool", "one axis", [line], pool("LpPool", line, (3,), p=1), kernel_shape=[3], p=1)
    case("GlobalMaxPool", "two pictures", [x], x.max((2, 3), keepdims=True))
    case("GlobalMaxPool", "three axes", [block], block.max((2, 3, 4), keepdims=True))
    case("GlobalLpPool", "p is 2 by default", [x], (x.astype(np.float64) ** 2).sum((2, 3), keepdims=True).astype(np.float64).__pow__(0.5).astype(np.float32))
    case("GlobalLpPool", "p of 3 over one axis", [line], ((abs(line.astype(np.float64)) ** 3).sum(2, keepdims=True) ** (1 / 3)).astype(np.float32), p=3)
    small, places = f(1, 2, 3, 4, shape=(1, 1, 2, 2)), np.array([5, 7, 13, 15], np.int64).reshape(1, 1, 2, 2)
    whole = np.zeros(16, np.float32)
    whole[places.ravel()] = small.ravel()
    case("MaxUnpool", "where the values were", [small, places], whole.reshape(1, 1, 4, 4), kernel_shape=[2, 2], strides=[2, 2])
    case("MaxUnpool", "an output_shape that is the same", [small, places, const(i64(1, 1, 4, 4))], whole.reshape(1, 1, 4, 4),
         kernel_shape=[2, 2], strides=[2, 2])
    padded = np.zeros((1, 2, 3), np.float32)
    padded[0, 0, [0, 2]], padded[0, 1, [1, 2]] = (5, 6), (7, 8)
    case("MaxUnpool", "one axis, padding and two channels", [f(5, 6, 7, 8, shape=(1, 2, 2)), np.array([0, 2, 4, 5], np.int64).reshape(1, 2, 2)], padded,
         kernel_shape=[2], strides=[2], pads=[1, 0])
    case("GlobalAveragePool", "one axis", [line], line.astype(np.float64).mean(2, keepdims=True).astype(np.float32))
    case("GlobalAveragePool", "three axes", [block], block.astype(np.float64).mean((2, 3, 4), keepdims=True).astype(np.float32))
    case("GlobalAveragePool", "two pictures", [x], x.astype(np.float64).mean((2, 3), keepdims=True).astype(np.float32))


def between(x, row, column):
    """x [H][W] read bilinearly at a place; zero outside."""
    total = 0.0
    for r in (int(np.floor(row)), int(np.floor(row)) + 1):
        for c in (int(np.floor(column)), int(np.floor(column)) + 1):
            if 0 <= r < x.shape[0] and 0 <= c < x.shape[1]: total += (1 - abs(row - r)) * (1 - abs(column - c)) * float(x[r, c])
    return total


def deformed():
    for title, channels, filters, group, offsets, stride, pad, dilation, has in (
            ("a bias and a mask", 2, 3, 1, 1, 1, 1, 1, True), ("neither", 2, 2, 1, 1, 2, 0, 1, False),
            ("groups of both kinds", 4, 4, 2, 2, 1, 1, 2, True), ("two groups of offsets", 2, 1, 1, 2, 1, 0, 1, False)):
        x, w = noise(2, channels, 5, 6), noise(filters, channels // group, 3, 2)
        high, wide = (5 + 2 * pad - 2 * dilation - 1) // stride + 1, (6 + 2 * pad - dilation - 1) // stride + 1
        offset = noise(2, offsets * 6 * 2, high, wide)
        bias, mask = noise(filters), abs(noise(2, offsets * 6, high, wide))
        y = np.zeros((2, filters, high, wide))
        for n, m, i, k in np.ndindex(y.shape):
            if has: y[n, m, i, k] = bias[m]
            for c, a, b in np.ndindex(w.shape[1:]):
                channel = m // (filters // group) * (channels // group) + c
                tap = channel // (channels // offsets) * 6 + a * 2 + b
                v = between(x[n, channel], i * stride - pad + a * dilation + float(offset[n, 2 * tap, i, k]),
                            k * stride - pad + b * dilation + float(offset[n, 2 * tap + 1, i, k]))
                y[n, m, i, k] += v * float(w[m, c, a, b]) * (float(mask[n, tap, i, k]) if has else 1)
        case("DeformConv", title, [x, const(w), offset] + ([const(bias), mask] if has else []), y.astype(np.float32), opset=19, group=group,
             offset_group=offsets, strides=[stride] * 2, pads=[pad] * 4, dilations=[dilation] * 2)


layers()
deformed()
