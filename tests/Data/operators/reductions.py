#!/usr/bin/python3
import numpy as np
from cases import *


def reductions():
    x = noise(2, 3, 4)
    mean = lambda axes, keep: x.astype(np.float64).mean(axes, keepdims=keep).astype(np.float32)
    case("ReduceMean", "one axis", [x], mean((1,), True), axes=[1])
    case("ReduceMean", "one axis goes", [x], mean((1,), False), axes=[1], keepdims=0)
    case("ReduceMean", "axes from the end", [x], mean((0, 2), False), axes=[-1, 0], keepdims=0)
    case("ReduceMean", "all axes", [x], mean(None, True).reshape(1, 1, 1))
    def softmax(axis):
        e = np.exp(x.astype(np.float64) - x.max(axis, keepdims=True))
        return (e / e.sum(axis, keepdims=True)).astype(np.float32)
    case("Softmax", "the last axis", [x], softmax(2))
    case("Softmax", "the middle axis", [x], softmax(1), axis=1)
    case("Softmax", "the first axis, from the end", [x], softmax(0), axis=-3)
    big = f(1000, 1001, 999)
    e = np.exp(big.astype(np.float64) - 1001)
    case("Softmax", "numbers whose exponential is infinite", [big], (e / e.sum()).astype(np.float32))


reductions()
