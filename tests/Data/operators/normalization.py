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


batch_normalization()
