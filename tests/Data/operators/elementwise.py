#!/usr/bin/python3
import numpy as np
from cases import *


def arithmetic():
    a, b, row, column = noise(2, 3), f(0.5, -2, 4, 3, -1.25, 0.75, shape=(2, 3)), f(2, -4, 0.5), f(3, -2, shape=(2, 1))
    m, n = np.array([[7, -7, 9], [-8, 5, 100]], np.int64), np.array([2, 2, -4], np.int64)
    trunc = lambda p, q: np.trunc(p / q).astype(np.int64)
    for op, fn, ints in (("Add", np.add, np.add), ("Sub", np.subtract, np.subtract), ("Mul", np.multiply, np.multiply), ("Div", np.divide, trunc)):
        exact = lambda p, q: fn(p.astype(np.float64), q.astype(np.float64)).astype(np.float32)
        case(op, "equal shapes", [a, b], exact(a, b))
        case(op, "a row and a column are spread", [row, column], exact(row, column))
        case(op, "a constant on the left", [const(f(8)), b], exact(f(8), b))
        case(op, "a constant for each channel", [noise_4d, const(per_channel)], exact(noise_4d, per_channel))
        case(op, "integers", [m, n], ints(m, n))


def elementwise():
    x = f(-3, -1, -0.25, 0, 0.5, 1, 2.5, 7, shape=(2, 4))
    case("Relu", "both signs", [x], np.where(x > 0, x, 0).astype(np.float32))
    case("Relu", "a picture", [noise_4d], np.where(noise_4d > 0, noise_4d, 0).astype(np.float32))
    case("Sigmoid", "both signs", [x], (1 / (1 + np.exp(-x.astype(np.float64)))).astype(np.float32))
    wide = x.astype(np.float64)
    case("Tanh", "both signs", [x], np.tanh(wide).astype(np.float32))
    case("Elu", "ONNX's alpha", [x], np.where(wide < 0, np.exp(wide) - 1, wide).astype(np.float32))
    case("Elu", "an alpha of its own", [x], np.where(wide < 0, 0.5 * (np.exp(wide) - 1), wide).astype(np.float32), alpha=0.5)
    case("LeakyRelu", "ONNX's alpha", [x], np.where(wide < 0, 0.01 * wide, wide).astype(np.float32))
    case("LeakyRelu", "an alpha of its own", [x], np.where(wide < 0, 0.25 * wide, wide).astype(np.float32), alpha=0.25)
    case("HardSigmoid", "ONNX's alpha and beta", [x], np.clip(0.2 * wide + 0.5, 0, 1).astype(np.float32))
    case("HardSigmoid", "alpha and beta of its own", [x], np.clip(0.5 * wide + 0.25, 0, 1).astype(np.float32), alpha=0.5, beta=0.25)
    case("HardSwish", "both signs", [x], (wide * np.clip(wide / 6 + 0.5, 0, 1)).astype(np.float32))
    case("Clip", "both bounds", [x, const(np.float32(-0.5)), const(np.float32(2))], np.minimum(np.maximum(x, np.float32(-0.5)), np.float32(2)))
    case("Clip", "only a lower bound", [x, const(np.float32(0.75))], np.maximum(x, np.float32(0.75)))
    case("Clip", "only an upper bound", [x, None, const(np.float32(-0.75))], np.minimum(x, np.float32(-0.75)))
    case("Clip", "no bounds", [x], x)


def casts():
    x = f(-2.75, -0.5, 0, 0.5, 2.5, 3.5, 100.99, -100.99)
    for to, number in ((np.int8, 3), (np.int32, 6), (np.int64, 7)):
        case("Cast", f"fractions are cut off into {TYPES[to]}", [x], np.trunc(x).astype(to), to=number)
    case("Cast", "into UInt8", [f(0, 0.99, 127.5, 254.75)], np.array([0, 0, 127, 254], np.uint8), to=2)
    case("Cast", "whatever is not zero is true", [f(0, -0.25, 1)], np.array([False, True, True]), to=9)
    case("Cast", "integers become floats", [np.array([-3, 0, 16777216], np.int64)], f(-3, 0, 16777216), to=1)
    case("Cast", "bytes become integers without a sign", [np.array([0, 127, 128, 255], np.uint8)], np.array([0, 127, 128, 255], np.int64), to=7)
    case("Cast", "signed bytes keep it", [np.array([-128, -1, 0, 127], np.int8)], np.array([-128, -1, 0, 127], np.int32), to=6)


arithmetic()
elementwise()
casts()
