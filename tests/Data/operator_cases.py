#!/usr/bin/python3
"""Writes operator-cases.txt: small inputs of every operator and what must come out, worked out in double precision with numpy alone.

usage: operator_cases.py > operator-cases.txt     (Debian: python3-numpy)

Each function below says what ONNX's text says of the operator, as literally as possible, and shares nothing with this project's code.
"""
import itertools, sys
import numpy as np

TYPES = {np.float32: "Float32", np.uint8: "UInt8", np.int8: "Int8", np.int32: "Int32", np.int64: "Int64", np.bool_: "Bool"}
random = np.random.default_rng(20)


def f(*values, shape=None): return np.array(values, np.float32).reshape(shape or len(values))
def i64(*values): return np.array(values, np.int64)
def noise(*shape): return np.round(random.normal(size=shape), 2).astype(np.float32)


def tensor(a):
    a = np.asarray(a)
    shape = "x".join(map(str, a.shape)) or "scalar"
    words = [("true" if v else "false") if a.dtype == np.bool_ else str(v) for v in a.ravel()]
    return f"{TYPES[a.dtype.type]} {shape}: {' '.join(words)}"


def case(op, title, inputs, output, **attributes):
    """inputs: arrays; ("constant", array) is known when the model is loaded; None is left out."""
    print(f"\ncase {op}: {title}")
    for name, v in attributes.items():
        if isinstance(v, str): print(f"attribute {name} text {v}")
        elif isinstance(v, np.ndarray): print(f"attribute {name} tensor {tensor(v)}")
        elif isinstance(v, list): print(f"attribute {name} {'floats' if any(isinstance(x, float) for x in v) else 'ints'} {' '.join(map(str, v))}")
        else: print(f"attribute {name} {'float' if isinstance(v, float) else 'int'} {v}")
    for v in inputs:
        if v is None: print("missing")
        elif isinstance(v, tuple): print("constant " + tensor(v[1]))
        else: print("input " + tensor(v))
    print("output " + tensor(output))


def const(a): return "constant", np.asarray(a)


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


noise_4d, per_channel = noise(1, 3, 2, 2), f(2, -0.5, 4, shape=(1, 3, 1, 1))


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
    scale, shift, mean, variance = f(2, -0.5), f(1, 0.25), f(0.5, -1), f(0.0001, 4)
    for title, epsilon in (("ONNX's epsilon", None), ("an epsilon of its own", 0.5)):
        k = scale.astype(np.float64) / np.sqrt(variance.astype(np.float64) + (1e-5 if epsilon is None else epsilon))
        y = (x - mean.astype(np.float64).reshape(1, 2, 1, 1)) * k.reshape(1, 2, 1, 1) + shift.reshape(1, 2, 1, 1)
        extra = {} if epsilon is None else {"epsilon": epsilon}
        case("BatchNormalization", title, [x] + [const(v) for v in (scale, shift, mean, variance)], y.astype(np.float32), **extra)
        rows = x[:, :, 0, 0]
        y = (rows - mean.astype(np.float64)) * k + shift
        case("BatchNormalization", f"{title}, a matrix", [rows] + [const(v) for v in (scale, shift, mean, variance)], y.astype(np.float32), **extra)
    a, m = noise(3, 4), noise(4, 5)
    product = lambda p, q: np.matmul(p.astype(np.float64), q.astype(np.float64))
    case("MatMul", "matrices", [a, m], product(a, m).astype(np.float32))
    case("MatMul", "constant weights", [a, const(m)], product(a, m).astype(np.float32))
    stack, other = noise(2, 3, 4), noise(2, 4, 2)
    case("MatMul", "a stack and one matrix", [stack, m], product(stack, m).astype(np.float32))
    case("MatMul", "two stacks", [stack, other], product(stack, other).astype(np.float32))
    row, column, whole = noise(5), noise(3, 1), noise(3, 5)
    case("Gemm", "a bias for each column", [a, const(m), const(row)], (product(a, m) + row).astype(np.float32))
    case("Gemm", "alpha and beta", [a, const(m), const(whole)], (0.5 * product(a, m) - 2.0 * whole.astype(np.float64)).astype(np.float32),
         alpha=0.5, beta=-2.0)
    case("Gemm", "a bias for each row", [a, const(m), const(column)], (product(a, m) + column).astype(np.float32))
    case("Gemm", "no bias", [a, const(m)], product(a, m).astype(np.float32))
    case("Gemm", "the right side transposed", [a, const(m.T.copy()), const(row)], (product(a, m) + row).astype(np.float32), transB=1)
    case("Gemm", "the left side transposed", [a.T.copy(), m], product(a, m).astype(np.float32), transA=1)


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
    case("DequantizeLinear", "s32", [np.array([-70000, 0, 5], np.int32), const(np.float32(0.5))], f(-35000, 0, 2.5))


def movement():
    x = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    p = np.arange(1, 25, dtype=np.float32).reshape(1, 4, 3, 2)
    case("Identity", "a picture", [p], p)
    case("Dropout", "inference", [x], x)
    for axis, shape in ((1, (2, 12)), (0, (1, 24)), (2, (6, 4)), (-1, (6, 4)), (3, (24, 1))):
        case("Flatten", f"axis {axis}", [x], x.reshape(shape), axis=axis)
    case("Flatten", "a picture, from its channels on", [p], p.reshape(1, 24))
    case("Reshape", "0 keeps, -1 is the rest", [x, const(i64(0, -1))], x.reshape(2, 12))
    case("Reshape", "a picture", [p, const(i64(1, 2, 3, 4))], p.reshape(1, 2, 3, 4))
    thin = x[:1].reshape(1, 3, 1, 4)
    case("Squeeze", "one axis", [thin, const(i64(-2))], thin.reshape(1, 3, 4))
    case("Squeeze", "every axis of one", [thin], thin.reshape(3, 4))
    case("Unsqueeze", "in front and behind", [x[0], const(i64(0, -1))], x[0].reshape(1, 3, 4, 1))
    case("Unsqueeze", "between", [x, const(i64(1))], x.reshape(2, 1, 3, 4))
    case("Transpose", "reversed", [x], x.transpose(2, 1, 0).copy())
    case("Transpose", "turned round", [x], x.transpose(1, 2, 0).copy(), perm=[1, 2, 0])
    case("Transpose", "channels last", [p], p.transpose(0, 2, 3, 1).copy(), perm=[0, 2, 3, 1])
    case("Concat", "the first axis", [x, x + 100], np.concatenate([x, x + 100], 0), axis=0)
    case("Concat", "three of different length, from the end", [x, x[:, :, :1] + 100, x[:, :, :2] + 200],
         np.concatenate([x, x[:, :, :1] + 100, x[:, :, :2] + 200], 2), axis=-1)
    case("Concat", "channels of pictures", [p, p[:, :1] + 100], np.concatenate([p, p[:, :1] + 100], 1), axis=1)
    case("Slice", "from and to", [x, const(i64(0, 1)), const(i64(1, 3)), const(i64(1, 2))], x[:, 0:1, 1:3].copy())
    case("Slice", "steps", [x, const(i64(0, 1)), const(i64(99, 99)), const(i64(1, 2)), const(i64(2, 2))], x[:, ::2, 1::2].copy())
    case("Slice", "backwards", [x, const(i64(-1)), const(i64(-99)), const(i64(2)), const(i64(-1))], x[:, :, ::-1].copy())
    case("Slice", "counted from the end", [x, const(i64(-3)), const(i64(-1)), const(i64(-1))], x[:, :, -3:-1].copy())
    case("Slice", "no axes", [x, const(i64(1, 1)), const(i64(2, 3))], x[1:2, 1:3].copy())
    case("Slice", "every other pixel", [p, const(i64(0, 0)), const(i64(9, 9)), const(i64(2, 3)), const(i64(2, 2))], p[:, :, ::2, ::2].copy())
    case("Slice", "32-bit lists", [x] + [const(np.array([v], np.int32)) for v in (1, 3, 2)], x[:, :, 1:3].copy())
    case("Gather", "rows", [x, const(i64(1, 0, 1))], x[[1, 0, 1]])
    case("Gather", "an axis, from the end too", [x, const(i64(-1, 0))], x[:, :, [-1, 0]], axis=2)
    case("Gather", "one index takes the axis away", [x, const(np.array(1, np.int64))], x[:, 1].copy(), axis=1)
    case("Gather", "indices of two axes", [x, const(np.array([[0, 2], [1, -1]], np.int32))], x[:, [[0, 2], [1, -1]]], axis=1)
    case("Pad", "zeros", [x, const(i64(0, 1, 0, 1, 0, 2))], np.pad(x, ((0, 1), (1, 0), (0, 2))))
    case("Pad", "a value", [p, const(i64(0, 1, 1, 0, 0, 2, 0, 1)), const(np.float32(-9))],
         np.pad(p, ((0, 0), (1, 2), (1, 0), (0, 1)), constant_values=-9))
    case("Pad", "the edge", [x, const(i64(1, 0, 2, 0, 1, 1))], np.pad(x, ((1, 0), (0, 1), (2, 1)), "edge"), mode="edge")
    case("Pad", "mirrored", [x, const(i64(1, 0, 2, 0, 1, 3))], np.pad(x, ((1, 0), (0, 1), (2, 3)), "reflect"), mode="reflect")
    case("Pad", "negative pads cut", [x, const(i64(0, -1, 1, 0, 0, -2))], np.pad(x[:, 1:, :-2], ((0, 0), (0, 0), (1, 0))))
    value = f(1.5, -2, 0.25)
    case("Constant", "a tensor", [], value, value=value)
    case("Constant", "a number", [], np.float32(2.5), value_float=2.5)
    case("Constant", "an integer", [], np.int64(-7), value_int=-7)
    case("Constant", "numbers", [], f(1.5, -3), value_floats=[1.5, -3.0])
    case("Constant", "integers", [], i64(4, -5), value_ints=[4, -5])
    case("ConstantOfShape", "zeros", [const(i64(2, 3))], np.zeros((2, 3), np.float32))
    case("ConstantOfShape", "a value", [const(i64(4))], np.full(4, -3, np.int64), value=i64(-3))


print("# What every operator must give, written by operator_cases.py with numpy; not by this project's code.")
for part in (arithmetic, elementwise, casts, layers, reductions, quantization, movement): part()
