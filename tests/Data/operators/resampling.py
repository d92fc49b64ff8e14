#!/usr/bin/python3
import itertools
import math
import numpy as np
from cases import *


def place(mode, at, size, out, scale, region):
    """Where an output's element is in the input: the table of ONNX's text of Resize."""
    start, end = region
    return {
        "half_pixel": lambda: (at + 0.5) / scale - 0.5,
        "half_pixel_symmetric": lambda: size / 2 * (1 - out / (scale * size)) + (at + 0.5) / scale - 0.5,
        "pytorch_half_pixel": lambda: (at + 0.5) / scale - 0.5 if out > 1 else 0.0,
        "align_corners": lambda: 0.0 if out == 1 else at * (size - 1) / (out - 1),
        "asymmetric": lambda: at / scale,
        "tf_half_pixel_for_nn": lambda: (at + 0.5) / scale,
        "tf_crop_and_resize": lambda:
            start * (size - 1) + at * (end - start) * (size - 1) / (out - 1) if out > 1 else 0.5 * (start + end) * (size - 1),
    }[mode]()


def cubic(x, a):
    x = abs(x)
    return (a + 2) * x**3 - (a + 3) * x**2 + 1 if x <= 1 else a * x**3 - 5 * a * x**2 + 8 * a * x - 4 * a if x < 2 else 0.0


ROUND = {"round_prefer_floor": lambda x: math.ceil(x - 0.5), "round_prefer_ceil": lambda x: math.floor(x + 0.5), "floor": math.floor, "ceil": math.ceil}


def resize(x, sizes, scales, mode="nearest", coordinates="half_pixel", nearest="round_prefer_floor", a=-0.75, exclude=False, antialias=False,
           region=None, outside=0.0):
    """A matrix for each axis; elements outside repeat the edge, or have no weight."""
    y, beyond = x.astype(np.float64), np.zeros((1,) * x.ndim, bool)
    for d, (out, scale) in enumerate(zip(sizes, scales)):
        size = x.shape[d]
        weights, gone = np.zeros((out, size)), np.zeros(out, bool)
        ends = (0, 1) if region is None else (region[d], region[d + x.ndim])
        if size == out and scale == 1 and region is None: continue
        for i in range(out):
            at = place(coordinates, i, size, out, scale, ends)
            gone[i] = coordinates == "tf_crop_and_resize" and not 0 <= at <= size - 1
            shrink = min(scale, 1) if antialias else 1
            for tap in range(math.floor(at) - 40, math.floor(at) + 42):
                if mode == "nearest": w = float(tap == ROUND[nearest](at))
                elif mode == "linear": w = max(0, 1 - abs(tap - at) * shrink)
                else: w = cubic((tap - at) * shrink, a)
                if not (exclude and not 0 <= tap < size): weights[i, min(max(tap, 0), size - 1)] += w
        weights /= weights.sum(1, keepdims=True)
        y = np.moveaxis(np.tensordot(weights, y, (1, d)), 0, d)
        beyond = beyond | gone.reshape([-1 if k == d else 1 for k in range(x.ndim)])
    return np.where(beyond, outside, y).astype(np.float32)


def resizes():
    p = noise(1, 2, 4, 5)
    up, down = [1.0, 1.0, 2.0, 3.0], [1.0, 1.0, 0.5, 0.6]
    def sizes_of(scales): return [math.floor(n * s) for n, s in zip(p.shape, scales)]
    def scaled(title, scales, opset=17, **more):
        sizes = sizes_of(scales)
        names = dict(coordinates="coordinate_transformation_mode", nearest="nearest_mode", a="cubic_coeff_a", exclude="exclude_outside")
        given = {names.get(k, k): int(v) if isinstance(v, bool) else v for k, v in more.items()}
        case("Resize", title, [p, None, const(f(*scales))], resize(p, sizes, [float(np.float32(s)) for s in scales], **more), opset=opset, **given)
    for mode in ("nearest", "linear", "cubic"):
        for coordinates in ("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"):
            scaled(f"{mode} {coordinates}, larger", up, mode=mode, coordinates=coordinates)
        scaled(f"{mode}, smaller", down, mode=mode)
    for nearest in ROUND:
        scaled(f"{nearest}, larger", [1.0, 1.0, 2.5, 1.5], nearest=nearest)
        scaled(f"{nearest} asymmetric, smaller", [1.0, 1.0, 0.5, 0.5], nearest=nearest, coordinates="asymmetric")
    scaled("cubic with another coefficient", up, mode="cubic", a=-0.5)
    scaled("cubic without what is outside", down, mode="cubic", a=-0.5, exclude=True)
    for mode in ("linear", "cubic"): scaled(f"{mode}, without aliases", down, opset=18, mode=mode, antialias=True, exclude=True)
    scaled("symmetric", [1.0, 1.0, 0.7, 0.5], opset=19, mode="linear", coordinates="half_pixel_symmetric")
    sizes = [1, 2, 3, 7]
    for mode in ("nearest", "linear", "cubic"):
        case("Resize", f"{mode}, to sizes", [p, None, None, const(i64(*sizes))],
             resize(p, sizes, [o / n for o, n in zip(sizes, p.shape)], mode), mode=mode)
    case("Resize", "nearest, as TensorFlow has it", [p, const(f()), const(f()), const(i64(*sizes))],
         resize(p, sizes, [o / n for o, n in zip(sizes, p.shape)], coordinates="tf_half_pixel_for_nn"), opset=11,
         coordinate_transformation_mode="tf_half_pixel_for_nn")
    case("Resize", "sizes that are computed", [p, None, None, i64(*sizes)], resize(p, sizes, [o / n for o, n in zip(sizes, p.shape)], "linear"),
         mode="linear")
    case("Resize", "scales that are computed", [p, None, f(*up)], resize(p, sizes_of(up), up, "linear"), mode="linear")
    region = f(0, 0, 0.25, 0.2, 1, 1, 0.75, 1.3)
    case("Resize", "a region, and beyond", [p, const(region), None, const(i64(1, 2, 3, 4))],
         resize(p, (1, 2, 3, 4), (1, 1, 0.75, 0.8), "linear", "tf_crop_and_resize", region=region.astype(float), outside=7.0), mode="linear",
         coordinate_transformation_mode="tf_crop_and_resize", extrapolation_value=7.0)
    for policy, choose in (("not_larger", min), ("not_smaller", max)):
        scale = choose(7 / 4, 8 / 5)
        fitted = [1, 2, math.floor(4 * scale + 0.5), math.floor(5 * scale + 0.5)]
        case("Resize", policy, [p, None, None, const(i64(7, 8))], resize(p, fitted, (1, 1, scale, scale), "linear"), opset=18, mode="linear",
             axes=[2, 3], keep_aspect_ratio_policy=policy)
    whole = np.arange(20, dtype=np.uint8).reshape(1, 1, 4, 5)
    case("Resize", "bytes", [whole, None, const(f(1, 1, 2, 2))], whole.repeat(2, 2).repeat(2, 3), nearest_mode="floor",
         coordinate_transformation_mode="asymmetric")
    line = noise(2, 7)
    case("Resize", "every axis", [line, None, const(f(1.5, 0.5))], resize(line, (3, 3), (1.5, 0.5), "linear"), mode="linear")


def reflect(at, low, high):
    span = high - low
    if span == 0: return low
    at = abs(at - low) % (2 * span)
    return low + (2 * span - at if at > span else at)


def sample(x, grid, mode, padding, align):
    n, c, *size = x.shape
    out = np.zeros((n, c, *grid.shape[1:-1]))
    for batch in range(n):
        for spot in np.ndindex(*grid.shape[1:-1]):
            taps = []
            for d, length in enumerate(size):
                g = float(grid[(batch, *spot)][len(size) - 1 - d])
                at = (g + 1) / 2 * (length - 1) if align else ((g + 1) * length - 1) / 2
                if mode == "nearest": at = float(np.rint(at))
                low, high = (0, length - 1) if align else (-0.5, length - 0.5)
                if not low <= at <= high and mode != "bicubic":
                    if padding == "border": at = min(max(at, 0), length - 1)
                    if padding == "reflection": at = reflect(at, low, high)
                base, axis = math.floor(at), []
                for tap in range(base - 1, base + 3):
                    w = float(tap == at) if mode == "nearest" else max(0, 1 - abs(at - tap)) if "linear" in mode else cubic(at - tap, -0.75)
                    inside = tap
                    if not 0 <= tap < length:
                        if padding == "zeros": continue
                        inside = min(max(tap if padding == "border" else int(reflect(tap, low, high)), 0), length - 1)
                    axis.append((inside, w))
                taps.append(axis)
            for combination in itertools.product(*taps):
                out[(batch, slice(None), *spot)] += x[(batch, slice(None), *(t for t, _ in combination))] * np.prod([w for _, w in combination])
    return out.astype(np.float32)


def grids():
    p = noise(2, 2, 3, 4)
    grid = np.round(random.uniform(-1.4, 1.4, (2, 3, 5, 2)), 2).astype(np.float32)
    for mode, padding, align in itertools.product(("bilinear", "nearest", "bicubic"), ("zeros", "border", "reflection"), (0, 1)):
        case("GridSample", f"{mode}, {padding}, corners {align}", [p, grid], sample(p, grid, mode, padding, align),
             mode=mode, padding_mode=padding, align_corners=align)
    box, places = noise(1, 1, 3, 2, 4), np.round(random.uniform(-1.2, 1.2, (1, 2, 2, 3, 3)), 2).astype(np.float32)
    for mode in ("linear", "nearest"):
        case("GridSample", f"{mode} in three dimensions", [box, places], sample(box, places, mode, "zeros", 0), opset=20, mode=mode)
    for align in (0, 1):
        for size in ((2, 3, 4, 5), (2, 3, 2, 4, 3)):
            axes = len(size) - 2
            theta = noise(2, axes, axes + 1)
            ends = [np.linspace(-1, 1, n) if align else (2 * np.arange(n) + 1) / n - 1 for n in size[2:]]
            spots = np.stack([*reversed(np.meshgrid(*ends, indexing="ij")), np.ones(size[2:])], -1)
            case("AffineGrid", f"{axes} axes, corners {align}", [theta, const(i64(*size))],
                 np.einsum("nij,...j->n...i", theta.astype(np.float64), spots).astype(np.float32), opset=20, align_corners=align)


def pooled(x, rois, batches, size, ratio, scale, mode, half):
    out = np.zeros((len(rois), x.shape[1], *size))
    def corner(at, length):
        at = max(at, 0.0)
        low = min(int(at), length - 1)
        return (low, low, 0.0) if low >= length - 1 else (low, low + 1, at - low)
    for r, roi in enumerate(rois.astype(np.float64)):
        shift = 0.5 if half else 0.0
        left, top, right, bottom = roi * scale - shift
        lengths = [bottom - top, right - left] if half else [max(bottom - top, 1), max(right - left, 1)]
        bins = [lengths[i] / size[i] for i in range(2)]
        counts = [ratio if ratio > 0 else math.ceil(b) for b in bins]
        for i, k in np.ndindex(*size):
            values = []
            for a, b in np.ndindex(*counts):
                y = top + i * bins[0] + (a + 0.5) * bins[0] / counts[0]
                z = left + k * bins[1] + (b + 0.5) * bins[1] / counts[1]
                if not (-1 <= y <= x.shape[2] and -1 <= z <= x.shape[3]):
                    values.append(np.zeros(x.shape[1]))
                    continue
                (t, u, dy), (l, m, dx) = corner(y, x.shape[2]), corner(z, x.shape[3])
                v = x[batches[r]].astype(np.float64)
                four = [(1 - dy) * (1 - dx) * v[:, t, l], (1 - dy) * dx * v[:, t, m], dy * (1 - dx) * v[:, u, l], dy * dx * v[:, u, m]]
                values.append(np.max(four, 0) if mode == "max" else np.sum(four, 0))
            out[r, :, i, k] = np.max(values, 0) if mode == "max" else np.mean(values, 0)
    return out.astype(np.float32)


def regions():
    x = noise(2, 2, 6, 7)
    rois, batches = f(0, 0, 6, 5, 1.5, 2, 4.5, 4, 3, 3, 3.4, 3.2, -2, -1, 9, 8, shape=(4, 4)), i64(0, 1, 1, 0)
    for mode, half, ratio in itertools.product(("avg", "max"), (True, False), (0, 2)):
        case("RoiAlign", f"{mode}, {'half a pixel' if half else 'no shift'}, {ratio} samples", [x, rois, batches],
             pooled(x, rois, batches, (3, 2), ratio, 0.75, mode, half), mode=mode, output_height=3, output_width=2, sampling_ratio=ratio,
             spatial_scale=0.75, coordinate_transformation_mode="half_pixel" if half else "output_half_pixel")


def largest_of_regions():
    x = noise(2, 2, 6, 7)
    rois = f(0, 0, 0, 6, 5, 1, 1.5, 2, 4.5, 4, 1, 3, 3, 3.4, 3.2, 0, -2, -1, 9, 8, 1, 8, 8, 12, 12, shape=(5, 5))
    for scale in (1.0, 0.5):
        out = np.zeros((5, 2, 3, 2), np.float32)
        for r, (batch, *ends) in enumerate(rois):
            left, top, right, bottom = (int(np.floor(abs(v * scale) + 0.5) * np.sign(v)) for v in ends)
            high, wide = np.float32(max(bottom - top + 1, 1)) / np.float32(3), np.float32(max(right - left + 1, 1)) / np.float32(2)
            for i, k in itertools.product(range(3), range(2)):
                rows = np.clip([int(np.floor(np.float32(i) * high)) + top, int(np.ceil(np.float32(i + 1) * high)) + top], 0, 6)
                columns = np.clip([int(np.floor(np.float32(k) * wide)) + left, int(np.ceil(np.float32(k + 1) * wide)) + left], 0, 7)
                bin_ = x[int(batch), :, rows[0]:rows[1], columns[0]:columns[1]]
                if bin_.size: out[r, :, i, k] = bin_.max((1, 2))
        extra = {} if scale == 1 else {"spatial_scale": scale}
        case("MaxRoiPool", f"a scale of {scale}", [x, rois], out, pooled_shape=[3, 2], **extra)


resizes()
grids()
regions()
largest_of_regions()
