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
    run_time_values(x, p)
    every_type(x)
    repetitions(x)
    indices(x)
    blocks(p)


def run_time_values(x, p):
    """Values that are known when the network runs; the shapes that they give are declared."""
    case("Reshape", "a shape that is computed", [x, i64(4, -1)], x.reshape(4, 6))
    case("Reshape", "a dimension of 0 that is kept", [x[:, :0], const(i64(0, 0, 7))], np.zeros((2, 0, 7), np.float32), allowzero=0)
    case("Reshape", "a dimension of 0 that is meant", [x[:, :0], const(i64(3, 0, 7))], np.zeros((3, 0, 7), np.float32), allowzero=1)
    case("Reshape", "to a scalar", [f(5), const(i64())], np.float32(5))
    case("Squeeze", "axes that are computed", [x[:1], i64(0)], x[0].copy())
    case("Unsqueeze", "axes that are computed", [x, i64(-1, 0)], x.reshape(1, 2, 3, 4, 1))
    case("Slice", "ends that are computed", [x, i64(0, 1), i64(1, 3), i64(1, 2), i64(1, 1)], x[:, 0:1, 1:3].copy())
    case("Slice", "nothing", [x, const(i64(2)), const(i64(2)), const(i64(1))], x[:, 2:2].copy())
    case("Slice", "backwards from beyond", [x, const(i64(9)), const(i64(-9)), const(i64(2)), const(i64(-3))], x[:, :, ::-3].copy())
    case("Gather", "indices that are computed", [x, np.array([[2, -1]], np.int64)], x[:, [[2, -1]]].copy(), axis=1)
    case("Pad", "pads that are computed", [x, i64(0, 1, 0, 1, 0, 2)], np.pad(x, ((0, 1), (1, 0), (0, 2))))
    case("Pad", "some axes", [x, const(i64(1, 2, 0, 1)), None, const(i64(-1, 0))], np.pad(x, ((2, 1), (0, 0), (1, 0))), opset=18)
    case("Pad", "some axes, all of it computed", [x, i64(1, 2, 0, 1), np.float32(3), i64(-1, 0)],
         np.pad(x, ((2, 1), (0, 0), (1, 0)), constant_values=3), opset=18)
    case("Pad", "integers", [np.arange(6, dtype=np.int64).reshape(2, 3), const(i64(0, 1, 0, 1)), const(np.int64(7))],
         np.pad(np.arange(6, dtype=np.int64).reshape(2, 3), ((0, 0), (1, 1)), constant_values=7))
    case("Pad", "from the other end", [x, const(i64(0, 2, 1, 0, 1, 3))], np.pad(x, ((0, 0), (2, 1), (1, 3)), "wrap"), opset=19, mode="wrap")
    case("Pad", "only cut", [x, const(i64(0, -1, 0, -1, 0, -2))], x[:1, 1:, :2].copy())
    case("ConstantOfShape", "a shape that is computed", [i64(2, 2)], np.full((2, 2), 5, np.int32), value=np.array([5], np.int32))
    case("ConstantOfShape", "a scalar", [const(i64())], np.float32(0))
    case("ConstantOfShape", "nothing", [const(i64(3, 0))], np.zeros((3, 0), np.float32))
    case("Dropout", "its mask", [x, const(np.float32(0.5)), const(np.array(False))], (x, np.ones(x.shape, bool)))
    case("Dropout", "told when it runs that it is not trained", [x, np.float32(0.5), np.array(False)], (x, np.ones(x.shape, bool)), seed=3)
    case("Split", "lengths that are computed", [x, i64(1, 3)], (x[:, :, :1].copy(), x[:, :, 1:].copy()), axis=2)


def every_type(x):
    for t in (np.float64, np.float16, np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.uint64, np.bool_):
        v = (x[:, :, :2] % 3).astype(t)
        case("Transpose", f"of {TYPES[t]}", [v], v.transpose(2, 0, 1).copy(), perm=[2, 0, 1])
        case("Concat", f"of {TYPES[t]}", [v, v], np.concatenate([v, v], 1), axis=1)
        case("Gather", f"of {TYPES[t]}", [v, const(i64(1, 0))], v[:, [1, 0]].copy(), axis=1)
    large = np.arange(19 * 21 * 23, dtype=np.float32).reshape(19, 21, 23)
    case("Transpose", "more than a block, each way", [large], large.transpose(2, 1, 0).copy())
    case("Transpose", "the first axis last", [large], large.transpose(1, 2, 0).copy(), perm=[1, 2, 0])
    case("Transpose", "nothing", [x[:, :0]], x[:, :0].transpose(2, 0, 1).copy(), perm=[2, 0, 1])
    case("Concat", "nothing and something", [x[:, :0], x], x, axis=1)


def repetitions(x):
    column = x[0, :, :1].copy()
    case("Expand", "a column", [column, const(i64(2, 1, 4))], np.broadcast_to(column, (2, 3, 4)).copy())
    case("Expand", "a shape that is computed", [column, i64(3, 5)], np.broadcast_to(column, (3, 5)).copy())
    case("Expand", "a scalar", [np.float32(3), const(i64(2, 2))], np.full((2, 2), 3, np.float32))
    case("Expand", "integers to nothing", [i64(4), const(i64(0))], i64())
    case("Expand", "fewer dimensions", [x, const(i64(3, 1))], x)
    case("Tile", "two axes", [x, const(i64(1, 2, 3))], np.tile(x, (1, 2, 3)))
    case("Tile", "repeats that are computed", [x[0], i64(2, 1)], np.tile(x[0], (2, 1)))
    case("Tile", "nothing", [x[0], const(i64(0, 1))], np.zeros((0, 4), np.float32))
    case("Split", "equal parts", [x], (x[:1].copy(), x[1:].copy()))
    case("Split", "of given lengths, one of 0", [x, const(i64(1, 0, 2))], (x[:, :1].copy(), x[:, :0].copy(), x[:, 1:].copy()), axis=-2)
    case("Split", "the last is shorter", [x], (x[:, :2].copy(), x[:, 2:].copy()), opset=18, axis=1, num_outputs=2)
    case("Range", "floats", [const(np.float32(v)) for v in (1, 3, 0.5)], f(1, 1.5, 2, 2.5))
    case("Range", "integers, backwards and computed", [np.int32(v) for v in (10, 4, -4)], np.array([10, 6], np.int32))
    case("Range", "none", [const(np.int64(v)) for v in (3, 3, 1)], i64())
    case("EyeLike", "above the diagonal", [x[0]], np.eye(3, 4, 1, dtype=np.float32), k=1)
    case("EyeLike", "another type, below", [x[0]], np.eye(3, 4, -1, dtype=np.int32), k=-1, dtype=6)
    case("EyeLike", "outside", [x[0]], np.zeros((3, 4), np.float32), k=9)
    for upper in (0, 1):
        triangle = np.triu if upper else np.tril
        case("Trilu", f"upper {upper}", [x], triangle(x), upper=upper)
        for k in (-2, 1, 5, -7): case("Trilu", f"upper {upper} of {k}", [x, np.int64(k)], triangle(x, k), upper=upper)
    lower = np.arange(12, dtype=np.int64).reshape(3, 4)
    case("Trilu", "integers", [lower, const(np.int64(-1))], np.tril(lower, -1), upper=0)


def one_hot(indices, depth, values, axis):
    hot = np.arange(depth) == np.where(indices < 0, indices + depth, indices)[..., None]
    return np.moveaxis(np.where(hot, values[1], values[0]), -1, axis).astype(values.dtype)


def scattered(x, indices, updates, axis, reduce):
    y = x.copy()
    for place in np.ndindex(*indices.shape):
        at = list(place)
        at[axis] = indices[place]
        y[tuple(at)] = reduce(y[tuple(at)], updates[place])
    return y


REDUCTIONS = {"none": lambda a, b: b, "add": lambda a, b: a + b, "mul": lambda a, b: a * b, "max": max, "min": min}


def indices(x):
    which = np.array([[1, 7], [-1, 3]], np.int64)
    case("OneHot", "the last axis, from the end, outside", [which, const(np.int64(4)), f(2, 5)], one_hot(which, 4, f(2, 5), -1))
    case("OneHot", "the first axis", [which, const(np.int64(5)), const(i64(0, 1))], one_hot(which, 5, i64(0, 1), 0), axis=0)
    case("OneHot", "float indices and a depth that is computed", [f(1, 2), np.float32(3), f(0, 1)],
         one_hot(i64(1, 2), 3, f(0, 1), -1))
    steps = np.arange(24, dtype=np.float32).reshape(4, 3, 2)
    turned = steps.copy()
    for b, n in enumerate((2, 4, 0)): turned[:n, b] = steps[:n, b][::-1]
    case("ReverseSequence", "time outside", [steps, i64(2, 4, 0)], turned, time_axis=0, batch_axis=1)
    turned = steps.copy()
    for b, n in enumerate((1, 2, 3, 2)): turned[b, :n] = steps[b, :n][::-1]
    case("ReverseSequence", "batch outside", [steps, i64(1, 2, 3, 2)], turned, time_axis=1, batch_axis=0)
    some = np.array([False, True, True])
    case("Compress", "an axis", [x, const(some)], x[:, some].copy(), axis=-2)
    case("Compress", "shorter, computed", [x, some[:2]], x[:, :, 1:2].copy(), axis=2)
    case("Compress", "elements", [x, const(np.array([True, False, False, True]))], f(0, 3))
    case("Compress", "none", [x, some & False], x[:, :0].copy(), axis=1)
    holes = np.where(x % 5 == 1, 0, x).astype(np.float32)
    case("NonZero", "computed", [holes], np.array(np.nonzero(holes), np.int64))
    case("NonZero", "of a constant", [const(np.array([[True, False], [True, True]]))], i64(0, 1, 1, 0, 0, 1).reshape(2, 3))
    case("NonZero", "none", [np.zeros((2, 2), np.int64)], np.zeros((2, 0), np.int64))
    values = f(2, 1, 1, 3, 4, 3)
    y, first, inverse, counts = np.unique(values, return_index=True, return_inverse=True, return_counts=True)
    case("Unique", "sorted", [values], (y, *(v.astype(np.int64) for v in (first, inverse, counts))))
    case("Unique", "as they come", [values], (f(2, 1, 3, 4), i64(0, 1, 3, 4), i64(0, 1, 1, 2, 3, 2), i64(1, 2, 2, 1)), sorted=0)
    case("Unique", "of a constant", [const(i64(5, -1, 5))], (i64(-1, 5), None, i64(1, 0, 1)))
    rows = f(1, 0, 0, 1, 0, 0, 2, 3, 4, shape=(3, 3))
    case("Unique", "rows", [rows], (rows[1:] * 0 + f(1, 0, 0, 2, 3, 4, shape=(2, 3)), i64(0, 2), i64(0, 0, 1), i64(2, 1)), axis=0)
    columns = np.stack([x[0], x[0], x[1]], 2)
    case("Unique", "an axis in between", [np.moveaxis(columns, 2, 1).copy()],
         (np.moveaxis(np.stack([x[0], x[1]], 2), 2, 1).copy(), i64(0, 2), i64(0, 0, 1), i64(2, 1)), axis=-2)
    places = np.array([[[2, -3, 0, 0]], [[1, 1, -1, 2]]], np.int64)
    case("GatherElements", "an axis in between", [x, places], np.take_along_axis(x, places % 3, 1), axis=1)
    case("GatherElements", "the first axis, 32-bit indices", [x, const(np.array([[[1, 0]], [[-1, 1]]], np.int32))],
         np.take_along_axis(x[:, :1, :2], np.array([[[1, 0]], [[1, 1]]]), 0))
    case("GatherND", "elements", [x, const(i64(0, 1, 2, 1, -1, 3).reshape(2, 3))], f(6, 23))
    case("GatherND", "rows of computed indices", [x, i64(1, 0, 0, -1).reshape(2, 1, 2)], np.stack([x[1, 0], x[0, 2]]).reshape(2, 1, 4))
    case("GatherND", "in a batch", [x, i64(1, -1).reshape(2, 1)], np.stack([x[0, 1], x[1, 2]]), batch_dims=1)
    updates = np.arange(1, 9, dtype=np.float32).reshape(2, 1, 4) - 3
    for name, reduce in REDUCTIONS.items():
        later = dict(opset=18) if name in ("max", "min") else {}
        case("ScatterElements", name, [x, places, updates], scattered(x, places, updates, 1, reduce), axis=1, reduction=name, **later)
        more = i64(1, 0, 1, 2, 1, 0).reshape(3, 2)  # the first row twice
        y = x.copy()
        for i, (a, b) in enumerate(more): y[a, b] = [reduce(u, v) for u, v in zip(y[a, b], x[0, i] * 2 - 3)]
        case("ScatterND", name, [x, more, x[0] * 2 - 3], y, reduction=name, **later)
    whole, twice = i64(1, 2, 3), i64(0, -1, 0)
    case("ScatterElements", "integers, twice at one place", [whole, const(twice), i64(4, 5, 6)], i64(11, 2, 8), reduction="add")
    case("ScatterND", "an element", [x, const(i64(1, -1, 0).reshape(1, 3)), f(-5)],
         np.where(np.arange(24).reshape(2, 3, 4) == 20, -5, x).astype(np.float32))


def blocks(p):
    n, c, h, w = p.shape
    dcr = p.reshape(n, 2, 2, c // 4, h, w).transpose(0, 3, 4, 1, 5, 2).reshape(n, c // 4, h * 2, w * 2)
    case("DepthToSpace", "a block of 2", [p], dcr, blocksize=2)
    wide = np.arange(2 * 8 * 3 * 5, dtype=np.float32).reshape(2, 8, 3, 5)
    crd = wide.reshape(2, 2, 2, 2, 3, 5).transpose(0, 1, 4, 2, 5, 3).reshape(2, 2, 6, 10)
    case("DepthToSpace", "the block inside", [wide], crd, blocksize=2, mode="CRD")
    even = np.arange(2 * 3 * 4 * 6, dtype=np.float32).reshape(2, 3, 4, 6)
    case("SpaceToDepth", "a block of 2", [even], even.reshape(2, 3, 2, 2, 3, 2).transpose(0, 3, 5, 1, 2, 4).reshape(2, 12, 2, 3), blocksize=2)
    box = np.arange(2 * 5 * 4, dtype=np.float32).reshape(2, 5, 4)
    case("CenterCropPad", "an odd element is at the end", [box, const(i64(3, 2, 7))],
         np.pad(box[:, 1:3], ((0, 1), (0, 0), (1, 2))), opset=18)
    case("CenterCropPad", "some axes, computed", [box, i64(6, 1)], np.pad(box[:, :, 1:2], ((0, 0), (0, 1), (0, 0))), opset=18, axes=[1, -1])
    for title, size, kernel, more in (
            ("plain", (4, 5), (2, 3), {}), ("strided", (5, 5), (2, 2), dict(strides=[3, 1])), ("padded", (4, 4), (3, 3), dict(pads=[1, 0, 1, 2])),
            ("dilated", (6, 5), (2, 2), dict(dilations=[2, 3])), ("one dimension", (7,), (3,), dict(strides=[2]))):
        col2im(title, size, kernel, **more)


def col2im(title, size, kernel, strides=None, pads=None, dilations=None):
    rank = len(size)
    s, d, b = strides or [1] * rank, dilations or [1] * rank, pads or [0] * (2 * rank)
    counts = [(size[i] + b[i] + b[rank + i] - d[i] * (kernel[i] - 1) - 1) // s[i] + 1 for i in range(rank)]
    columns = noise(2, 3 * int(np.prod(kernel)), int(np.prod(counts)))
    parts = columns.reshape(2, 3, *kernel, *counts).astype(np.float64)
    image = np.zeros((2, 3, *(size[i] + b[i] + b[rank + i] for i in range(rank))))
    for tap in np.ndindex(*kernel):
        for place in np.ndindex(*counts):
            image[(..., *(place[i] * s[i] + tap[i] * d[i] for i in range(rank)))] += parts[(..., *tap, *place)]
    cut = image[(..., *(slice(b[i], b[i] + size[i]) for i in range(rank)))]
    given = {k: v for k, v in dict(strides=strides, pads=pads, dilations=dilations).items() if v}
    case("Col2Im", title, [columns, const(i64(*size)), const(i64(*kernel))], cut.astype(np.float32), opset=18, **given)


movement()
