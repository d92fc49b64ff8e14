#!/usr/bin/python3
import math
import numpy as np
from cases import *

erf, erfc = np.vectorize(math.erf), np.vectorize(math.erfc)
single = lambda a: np.asarray(a).astype(np.float32)


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
        case(op, "a scalar", [const(np.float32(0.25)), noise_4d], exact(np.float32(0.25), noise_4d))
        case(op, "a value for each channel of a picture, given", [noise_4d, per_channel], exact(noise_4d, per_channel))
        case(op, "a value for each pixel", [noise_4d, f(2, -4, 0.5, 1, shape=(2, 2))], exact(noise_4d, f(2, -4, 0.5, 1, shape=(2, 2))))
        case(op, "integers", [m, n], ints(m, n))
        x, y = np.array([200, 7, 255], np.uint8), np.array([100, 2, 3], np.uint8)
        case(op, "bytes wrap", [x, y], x // y if op == "Div" else fn(x, y))
    case("Div", "the largest integers without a sign", [np.array([2**64 - 1, 10], np.uint64),
         np.array([2, 3], np.uint64)], np.array([2**63 - 1, 3], np.uint64))


def powers():
    x, p = f(1, 2, 3, 0.5, shape=(2, 2)), f(2, -1)
    case("Pow", "a row of exponents", [x, p], single(x.astype(np.float64) ** p))
    case("Pow", "squares", [noise_4d, const(np.float32(2))], single(noise_4d.astype(np.float64) ** 2))
    case("Pow", "integers to integers", [np.array([-2, 3, 7, 0], np.int64), np.array([3, 4, 0, 0], np.int64)], np.array([-8, 81, 1, 1], np.int64))
    case("Pow", "the result has the type of the base", [np.array([1, 2, 3], np.int32), f(2, 0.5, 3)], np.array([1, 1, 27], np.int32))
    case("Pow", "floats to integers", [f(1.5, 2, -3), np.array([2, 3, 3], np.int32)], f(2.25, 8, -27))
    m, n = np.array([-4, 7, 5, 4, -7, 8], np.int32), np.array([2, -3, 8, -2, 3, 5], np.int32)
    case("Mod", "the sign of the divisor", [m, n], np.mod(m, n))
    case("Mod", "the sign of the dividend", [m, n], np.fmod(m, n), fmod=1)
    case("Mod", "floats", [f(-4.3, 7.2, 5, -7.2), f(2.1, -3.4, 8, 3.4)], single(np.fmod(f(-4.3, 7.2, 5, -7.2), f(2.1, -3.4, 8, 3.4))), fmod=1)
    case("Mod", "integers without a sign", [np.array([200, 9], np.uint8), np.array([7], np.uint8)], np.array([4, 2], np.uint8))
    u = np.array([1, 200, 255], np.uint8)
    case("BitShift", "to the left", [u, np.array([1, 2, 9], np.uint8)], np.array([2, 32, 0], np.uint8), direction="LEFT")
    case("BitShift", "to the right", [u, np.array([1], np.uint8)], u >> 1, direction="RIGHT")
    case("BitShift", "64 bits", [np.array([2**63, 3], np.uint64), np.array([63, 64], np.uint64)], np.array([1, 0], np.uint64), direction="RIGHT")


def choices():
    a, b, row = noise(2, 3), noise(2, 3), f(2, -4, 0.5)
    nan = f(np.nan, 1, np.inf, -np.inf, 0, 3)
    for op, fn in (("Max", np.maximum), ("Min", np.minimum)):
        case(op, "two", [a, b], fn(a, b))
        case(op, "a row and a picture", [noise_4d, per_channel], fn(noise_4d, per_channel))
        case(op, "three, spread", [a, row, f(0.125)], fn(fn(a, row), np.float32(0.125)))
        case(op, "one", [a], a)
        case(op, "not a number", [nan, f(0, np.nan, 1, 1, np.inf, -np.inf)], fn(nan, f(0, np.nan, 1, 1, np.inf, -np.inf)))
        case(op, "integers without a sign", [np.array([2**63, 1], np.uint64), np.array([3, 5], np.uint64)],
             fn(np.array([2**63, 1], np.uint64), np.array([3, 5], np.uint64)))
        case(op, "signed bytes", [np.array([-128, 1], np.int8), np.array([127], np.int8)], fn(np.array([-128, 1], np.int8), np.array([127], np.int8)))
    case("Mean", "three", [a, b, row], single((a.astype(np.float64) + b + row) / 3))
    case("Mean", "one", [a], a)
    case("Where", "by rows", [np.array([[True], [False]]), a, row], np.where([[True], [False]], a, row))
    case("Where", "integers", [np.array([True, False, True]), i64(1, 2, 3), i64(-1)], i64(1, -1, 3))
    case("Where", "bytes by a picture", [noise_4d > 0, np.array([7], np.uint8), np.array([9], np.uint8)], np.where(noise_4d > 0, 7, 9).astype(np.uint8))
    m, n = np.array([[7, -7, 9], [-8, 5, 100]], np.int64), np.array([7, 5, 9], np.int64)
    for op, fn, opset in (("Equal", np.equal, 17), ("Greater", np.greater, 17), ("Less", np.less, 17), ("GreaterOrEqual", np.greater_equal, 17),
                          ("LessOrEqual", np.less_equal, 17)):
        case(op, "floats", [f(1, 2, 3), f(3, 2, 1)], fn(f(1, 2, 3), f(3, 2, 1)))
        case(op, "not a number, infinities, zeros", [f(np.nan, np.inf, -np.inf, 0), f(np.nan, np.inf, 1, -0.0)],
             fn(f(np.nan, np.inf, -np.inf, 0), f(np.nan, np.inf, 1, -0.0)))
        case(op, "a row of integers", [m, n], fn(m, n))
        case(op, "large integers", [i64(2**53, 2**53 + 1), i64(2**53 + 1)], fn(i64(2**53, 2**53 + 1), i64(2**53 + 1)))
    case("Equal", "bools", [np.array([True, False]), np.array([True])], np.array([True, False]))
    p, q = np.array([[True, True], [False, False]]), np.array([True, False])
    for op, fn in (("And", np.logical_and), ("Or", np.logical_or), ("Xor", np.logical_xor)): case(op, "a row is spread", [p, q], fn(p, q))
    case("Not", "both", [q], ~q)
    x, y = np.array([[12, -7], [0, 127]], np.int8), np.array([10, 3], np.int8)
    for op, fn in (("BitwiseAnd", np.bitwise_and), ("BitwiseOr", np.bitwise_or), ("BitwiseXor", np.bitwise_xor)):
        case(op, "a row is spread", [x, y], fn(x, y), opset=18)
        case(op, "64 bits without a sign", [np.array([2**63 + 5], np.uint64), np.array([3], np.uint64)],
             fn(np.array([2**63 + 5], np.uint64), np.array([3], np.uint64)), opset=18)
    case("BitwiseNot", "both signs", [x], ~x, opset=18)
    case("BitwiseNot", "without a sign", [np.array([0, 1], np.uint16)], np.array([65535, 65534], np.uint16), opset=18)
    case("PRelu", "a slope for each column", [a, const(row)], np.where(a < 0, single(a.astype(np.float64) * row), a))
    case("PRelu", "a slope for each channel", [noise_4d, const(per_channel)],
         single(np.where(noise_4d < 0, noise_4d.astype(np.float64) * per_channel, noise_4d)))
    case("PRelu", "integers", [np.array([-3, 3], np.int32), np.array([2], np.int32)], np.array([-6, 3], np.int32))


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
    case("Clip", "computed bounds", [x, np.float32(-0.5), np.float32(2)], np.clip(x, np.float32(-0.5), np.float32(2)))
    case("Clip", "bytes", [np.array([-100, 0, 100], np.int8), np.int8(-5), np.int8(6)], np.array([-5, 0, 6], np.int8))
    case("Clip", "bounds in the wrong order give the upper one", [x, const(np.float32(2)), const(np.float32(-1))], np.full_like(x, -1))


def functions():
    """Functions of one number, in double precision and rounded once."""
    x = f(-3, -1, -0.25, 0, 0.5, 1, 2.5, 7, shape=(2, 4))
    wide, above = x.astype(np.float64), np.abs(x) + np.float32(0.125)
    wide_above = above.astype(np.float64)
    integers = np.array([-9, 0, 4], np.int32)
    for op, ints in (("Abs", np.abs), ("Neg", np.negative), ("Sign", np.sign)):
        case(op, "floats", [x], ints(x))
        case(op, "integers", [integers], ints(integers))
        case(op, "the least byte", [np.array([-128], np.int8)], ints(np.array([-128], np.int8)))
    case("Abs", "without a sign", [np.array([2**63], np.uint64)], np.array([2**63], np.uint64))
    case("Sign", "without a sign", [np.array([2**63, 0], np.uint64)], np.array([1, 0], np.uint64))
    halves = f(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, -0.7, 0.7, 1e9)
    for op, fn in (("Ceil", np.ceil), ("Floor", np.floor), ("Round", np.round)): case(op, "both signs, halves", [halves], fn(halves))
    case("Reciprocal", "positive and negative", [f(2, -4, 0.125, np.inf)], f(0.5, -0.25, 8, 0))
    case("Sqrt", "positive", [above], single(np.sqrt(wide_above)))
    case("Sqrt", "below 0", [f(-1, 0, 4)], f(np.nan, 0, 2))
    case("Exp", "both signs", [x], single(np.exp(wide)))
    case("Exp", "out of range", [f(1000, -1000, np.inf, -np.inf)], f(np.inf, 0, np.inf, 0))
    case("Log", "positive", [above], single(np.log(wide_above)))
    case("Log", "the ends", [f(0, -1, np.inf, 1, 1e-45)], single([-np.inf, np.nan, np.inf, 0, np.log(np.float64(np.float32(1e-45)))]))
    case("Erf", "both signs", [x], single(erf(wide)))
    case("Erf", "the ends", [f(-30, 30, np.inf, -np.inf, 1e-20)], single([-1, 1, 1, -1, 1e-20 * 2 / math.sqrt(math.pi)]))
    case("Softplus", "both signs", [x], single(np.log1p(np.exp(wide))))
    case("Softplus", "far out", [f(-90, 100, -20)], single([np.exp(-90.0), 100, np.log1p(np.exp(-20.0))]))
    case("Softsign", "both signs", [x], single(wide / (1 + np.abs(wide))))
    alpha, gamma = float(np.float32(1.67326319217681884765625)), float(np.float32(1.05070102214813232421875))
    case("Selu", "ONNX's alpha and gamma", [x], single(np.where(wide > 0, gamma * wide, gamma * alpha * (np.exp(wide) - 1))))
    case("Selu", "alpha and gamma of its own", [x], single(np.where(wide > 0, 3 * wide, 3 * 2 * (np.exp(wide) - 1))), alpha=2.0, gamma=3.0)
    for a in (1.0, 2.0, -0.5):
        case("Celu", f"alpha {a}", [x], single(np.maximum(wide, 0) + np.minimum(0, a * (np.exp(wide / a) - 1))), alpha=a)
    case("Gelu", "exact", [x], single(wide * 0.5 * erfc(-wide / math.sqrt(2))), opset=20)
    by_tanh = 0.5 * wide * (1 + np.tanh(math.sqrt(2 / math.pi) * (wide + 0.044715 * wide**3)))
    case("Gelu", "by tanh", [x], single(by_tanh), opset=20, approximate="tanh")
    case("Mish", "both signs", [x], single(wide * np.tanh(np.log1p(np.exp(wide)))), opset=18)
    case("ThresholdedRelu", "ONNX's alpha", [x], single(np.where(wide > 1, wide, 0)))
    case("ThresholdedRelu", "an alpha of its own", [x], single(np.where(wide > 0.5, wide, 0)), alpha=0.5)
    case("Shrink", "hard", [x], single(np.where(wide < -0.75, wide, np.where(wide > 0.75, wide, 0))), lambd=0.75)
    case("Shrink", "soft", [x], single(np.where(wide < -0.75, wide + 0.5, np.where(wide > 0.75, wide - 0.5, 0))), lambd=0.75, bias=0.5)
    case("Shrink", "integers", [integers], np.array([-7, 0, 2], np.int32), lambd=1.5, bias=1.5)
    unit = np.clip(x / 4, -0.9, 0.9).astype(np.float32)
    for op, fn, at in (("Sin", np.sin, x), ("Cos", np.cos, x), ("Tan", np.tan, x), ("Asin", np.arcsin, unit), ("Acos", np.arccos, unit),
                       ("Atan", np.arctan, x), ("Sinh", np.sinh, x), ("Cosh", np.cosh, x), ("Asinh", np.arcsinh, x),
                       ("Acosh", np.arccosh, above + np.float32(1)), ("Atanh", np.arctanh, unit)):
        case(op, "both signs", [at], single(fn(at.astype(np.float64))))
    odd = f(1, np.nan, np.inf, -np.inf)
    case("IsNaN", "one of each", [odd], np.isnan(odd))
    case("IsInf", "both signs", [odd], np.isinf(odd))
    case("IsInf", "positive", [odd], np.isposinf(odd), detect_negative=0)
    case("IsInf", "negative", [odd], np.isneginf(odd), detect_positive=0)


def casts():
    x = f(-2.75, -0.5, 0, 0.5, 2.5, 3.5, 100.99, -100.99)
    for to, number in ((np.int8, 3), (np.int32, 6), (np.int64, 7)):
        case("Cast", f"fractions are cut off into {TYPES[to]}", [x], np.trunc(x).astype(to), to=number)
    case("Cast", "into UInt8", [f(0, 0.99, 127.5, 254.75)], np.array([0, 0, 127, 254], np.uint8), to=2)
    case("Cast", "whatever is not zero is true", [f(0, -0.25, 1)], np.array([False, True, True]), to=9)
    case("Cast", "integers become floats", [np.array([-3, 0, 16777216], np.int64)], f(-3, 0, 16777216), to=1)
    case("Cast", "bytes become integers without a sign", [np.array([0, 127, 128, 255], np.uint8)], np.array([0, 127, 128, 255], np.int64), to=7)
    case("Cast", "signed bytes keep it", [np.array([-128, -1, 0, 127], np.int8)], np.array([-128, -1, 0, 127], np.int32), to=6)


np.seterr(all="ignore")
arithmetic()
powers()
choices()
elementwise()
functions()
casts()
