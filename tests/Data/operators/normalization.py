#!/usr/bin/python3
import numpy as np
from cases import *


def batch_normalization():
    x = noise(2, 2, 5, 4)
    scale, shift, mean, variance = f(2, -0.5), f(1, 0.25), f(0.5, -1), f(0.0001, 4)
    for title, epsilon in (("ONNX's epsilon", None), ("an epsilon of its own", 0.5)):
        k = scale.astype(np.float64) / np.sqrt(variance.astype(np.float64) + (1e-5 if epsilon is None else epsilon))
        y = (x - mean.astype(np.float64).reshape(1, 2, 1, 1)) * k.reshape(1, 2, 1, 1) + shift.reshape(1, 2, 1, 1)
        extra = {} if epsilon is None else {"epsilon": epsilon}
        case("BatchNormalization", title, [x] + [const(v) for v in (scale, shift, mean, variance)], y.astype(np.float32), **extra)
        rows = x[:, :, 0, 0]
        y = (rows - mean.astype(np.float64)) * k + shift
        case("BatchNormalization", f"{title}, a matrix", [rows] + [const(v) for v in (scale, shift, mean, variance)], y.astype(np.float32), **extra)
        volume = x.reshape(2, 2, 5, 2, 2)
        y = (volume - mean.astype(np.float64).reshape(1, 2, 1, 1, 1)) * k.reshape(1, 2, 1, 1, 1) + shift.reshape(1, 2, 1, 1, 1)
        case("BatchNormalization", f"{title}, a volume", [volume] + [const(v) for v in (scale, shift, mean, variance)], y.astype(np.float32), **extra)
        series = x[:, :, :, 0].copy()
        y = (series - mean.astype(np.float64).reshape(1, 2, 1)) * k.reshape(1, 2, 1) + shift.reshape(1, 2, 1)
        case("BatchNormalization", f"{title}, a series", [series] + [const(v) for v in (scale, shift, mean, variance)], y.astype(np.float32), **extra)


def normal(x, axes, epsilon):
    x = x.astype(np.float64)
    mean, variance = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
    return (x - mean) / np.sqrt(variance + epsilon), mean, 1 / np.sqrt(variance + epsilon)


def instance_normalization():
    scale, bias = f(2, -0.5, 1), f(1, 0.25, -3)
    for title, shape, extra in (("pictures", (2, 3, 4, 5), {}), ("a series and an epsilon", (2, 3, 7), {"epsilon": 0.5}), ("a volume", (1, 3, 2, 3, 4), {})):
        x = noise(*shape)
        per = [1, 3] + [1] * (x.ndim - 2)
        y = normal(x, tuple(range(2, x.ndim)), extra.get("epsilon", 1e-5))[0] * scale.reshape(per) + bias.reshape(per)
        case("InstanceNormalization", title, [x, const(scale), const(bias)], y.astype(np.float32), **extra)


def layer_normalization():
    x = noise(2, 3, 4)
    for axis in (-1, 1, 0, -2):
        shape = x.shape[axis if axis >= 0 else axis + 3:]
        scale, bias = noise(*shape), noise(*shape)
        y, mean, factor = normal(x, tuple(range(3 - len(shape), 3)), 1e-5)
        extra = {} if axis == -1 else {"axis": axis}
        case("LayerNormalization", f"from axis {axis}", [x, const(scale), const(bias)], (y * scale + bias).astype(np.float32), **extra)
        case("LayerNormalization", f"from axis {axis}, all outputs", [x, scale],
             tuple(v.astype(np.float32) for v in (y * scale, mean, factor)), **extra)
    scale = noise(4)
    y, _, factor = normal(x, (2,), 0.25)
    case("LayerNormalization", "an epsilon and no mean", [x, const(scale)], ((y * scale).astype(np.float32), None, factor.astype(np.float32)), epsilon=0.25)
    wide = noise(3, 37)
    scale, bias = noise(37), noise(37)
    case("LayerNormalization", "long lines", [wide, const(scale), const(bias)], (normal(wide, (1,), 1e-5)[0] * scale + bias).astype(np.float32))


def rms_normalization():
    x = noise(2, 3, 4)
    for axis in (-1, 1, 0):
        shape = x.shape[axis if axis >= 0 else axis + 3:]
        axes = tuple(range(3 - len(shape), 3))
        for title, scale in (("a scale for each element", noise(*shape)), ("a scale for each column", noise(4))):
            w = x.astype(np.float64)
            y = w / np.sqrt((w * w).mean(axes, keepdims=True) + 1e-5) * scale
            extra = {} if axis == -1 else {"axis": axis}
            case("RMSNormalization", f"from axis {axis}, {title}", [x, const(scale)], y.astype(np.float32), opset=23, **extra)
    w, scale = noise(3, 37), noise(37)
    y = w / np.sqrt((w.astype(np.float64) ** 2).mean(1, keepdims=True) + 0.5) * scale
    case("RMSNormalization", "long lines, a scale that is computed and an epsilon", [w, scale], y.astype(np.float32), opset=23, epsilon=0.5)


def norms():
    x = noise(2, 3, 4)
    x[0, 0] = 0
    for axis in (-1, 0, 1):
        for p in (1, 2):
            norm = np.linalg.norm(x.astype(np.float64), p, axis, keepdims=True)
            case("LpNormalization", f"p {p}, axis {axis}", [x], (x / np.where(norm == 0, 1, norm)).astype(np.float32), axis=axis, p=p)
    pictures = noise(2, 3, 4, 2)
    for title, axes, extra in (("ONNX's axes", (0, 2, 3), {}), ("axes of its own", (1, 2), {"axes": [1, 2]}), ("axes from the end", (1, 3), {"axes": [-1, 1]})):
        w = pictures.astype(np.float64)
        y = (w - w.mean(axes, keepdims=True)) / (w.std(axes, keepdims=True) + 1e-9)
        case("MeanVarianceNormalization", title, [pictures], y.astype(np.float32), **extra)
    many = noise(2, 7, 3, 2)
    for size, extra in ((3, {}), (5, {"alpha": 0.5, "beta": 0.5, "bias": 2.0}), (7, {"alpha": 1.5})):
        squares = np.zeros(many.shape)
        for c in range(7):
            from_, to = max(0, c - (size - 1) // 2), min(6, c + -(-(size - 1) // 2))
            squares[:, c] = (many[:, from_:to + 1].astype(np.float64) ** 2).sum(1)
        y = many / (extra.get("bias", 1.0) + extra.get("alpha", 1e-4) / size * squares) ** extra.get("beta", 0.75)
        case("LRN", f"{size} channels", [many], y.astype(np.float32), size=size, **extra)


batch_normalization()
instance_normalization()
layer_normalization()
rms_normalization()
norms()
