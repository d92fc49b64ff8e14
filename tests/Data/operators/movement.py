#!/usr/bin/python3
import numpy as np
from cases import *


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


movement()
