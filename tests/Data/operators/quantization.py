#!/usr/bin/python3
import numpy as np
from cases import *


def dynamic(x, title):
    low, high = min(0.0, float(x.min())), max(0.0, float(x.max()))
    scale = np.float32(1) if low == high else np.float32(np.float32(high - low) / np.float32(255))
    zero = np.clip(np.rint(np.float32(-low) / scale), 0, 255)
    q = np.clip(np.rint(x / scale) + zero, 0, 255).astype(np.uint8)
    case("DynamicQuantizeLinear", title, [x], (q, scale, np.uint8(zero)))


def quantization():
    x = f(-1000, -1.25, -0.75, -0.25, 0, 0.25, 0.75, 1.25, 1.3, 1000, shape=(2, 5))
    def quantize(x, scale, zero, low, high):
        steps = x.astype(np.float64) / scale
        return np.clip(np.rint(steps) + zero, low, high) # numpy's rint takes ties to the even number
    case("QuantizeLinear", "u8, ties to even", [x, const(np.float32(0.5)), const(np.uint8(10))], quantize(x, 0.5, 10, 0, 255).astype(np.uint8))
    case("QuantizeLinear", "s8", [x, const(np.float32(0.5)), const(np.int8(-3))], quantize(x, 0.5, -3, -128, 127).astype(np.int8))
    case("QuantizeLinear", "no zero point", [x, const(np.float32(0.25))], quantize(x, 0.25, 0, 0, 255).astype(np.uint8))
    scale, zero = f(0.5, 0.125), np.array([-1, 4], np.int8)
    case("QuantizeLinear", "a scale for each row", [x, const(scale), const(zero)],
         quantize(x, scale[:, None], zero[:, None], -128, 127).astype(np.int8), axis=0)
    u, s = np.array([[0, 1, 127], [128, 254, 255]], np.uint8), np.array([[-128, -1, 0], [1, 64, 127]], np.int8)
    case("DequantizeLinear", "u8", [u, const(np.float32(0.5)), const(np.uint8(128))], ((u.astype(np.float64) - 128) * 0.5).astype(np.float32))
    case("DequantizeLinear", "s8 without a zero point", [s, const(np.float32(0.25))], (s.astype(np.float64) * 0.25).astype(np.float32))
    column, zeros = f(0.5, 2, 0.25), np.array([1, 0, -2], np.int8)
    case("DequantizeLinear", "a scale for each column", [s, const(column), const(zeros)],
         ((s.astype(np.float64) - zeros) * column).astype(np.float32))
    rows = f(0.5, 4)
    case("DequantizeLinear", "a scale for each row", [s, const(rows)], (s.astype(np.float64) * rows[:, None]).astype(np.float32), axis=0)
    case("QuantizeLinear", "a scale that is computed", [x, np.float32(0.5), np.uint8(10)], quantize(x, 0.5, 10, 0, 255).astype(np.uint8))
    case("QuantizeLinear", "scales that are computed", [x, scale, zero],
         quantize(x, scale[:, None], zero[:, None], -128, 127).astype(np.int8), axis=0)
    case("DequantizeLinear", "a scale that is computed", [u, np.float32(0.5), np.uint8(128)], ((u.astype(np.float64) - 128) * 0.5).astype(np.float32))
    y = f(-3, -1.2, 0.4, 0, 2.5, 7)
    dynamic(y, "both signs")
    dynamic(f(0.5, 3, 1, 2.25), "no value below zero")
    dynamic(f(-1, -4, -0.125), "no value above zero")
    dynamic(np.zeros(3, np.float32), "zeros alone")
    case("DequantizeLinear", "s32", [np.array([-70000, 0, 5], np.int32), const(np.float32(0.5))], f(-35000, 0, 2.5))


quantization()
