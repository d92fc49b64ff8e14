#!/usr/bin/python3
import numpy as np
from cases import *

f64 = lambda x: x.astype(np.float64)
EXACT = {
    "ReduceMean": lambda x, **k: x.mean(**k),
    "ReduceSum": lambda x, **k: x.sum(**k),
    "ReduceProd": lambda x, **k: x.prod(**k),
    "ReduceMax": lambda x, **k: x.max(**k),
    "ReduceMin": lambda x, **k: x.min(**k),
    "ReduceL1": lambda x, **k: np.abs(x).sum(**k),
    "ReduceL2": lambda x, **k: np.sqrt((x * x).sum(**k)),
    "ReduceSumSquare": lambda x, **k: (x * x).sum(**k),
    "ReduceLogSum": lambda x, **k: np.log(x.sum(**k)),
    "ReduceLogSumExp": lambda x, **k: np.log(np.exp(x).sum(**k)),
}


def reductions():
    x = noise(2, 3, 4)
    for op, function in EXACT.items():
        v = np.abs(x) + np.float32(0.25) if op == "ReduceLogSum" else x
        reduced = lambda axes, keep: function(f64(v), axis=axes, keepdims=keep).astype(np.float32)
        # Axes are an attribute here, but of ReduceSum.
        def axes(*values): return ([v, const(i64(*values))], {}) if op == "ReduceSum" else ([v], {"axes": list(values)})
        for title, which, keep in (("one axis", (1,), True), ("one axis goes", (1,), False), ("axes from the end", (-1, 0), False),
                                   ("the last axis", (2,), True), ("all but the first", (1, 2), False)):
            inputs, attributes = axes(*which)
            case(op, title, inputs, reduced(which, keep), **attributes, **({} if keep else {"keepdims": 0}))
        case(op, "all axes", [v], reduced(None, True).reshape(1, 1, 1))
        case(op, "all axes go", [v], np.asarray(reduced(None, False)), keepdims=0)
        n = np.array([[3, 7, 1], [2, 5, 60000]], np.int32)
        if op in ("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceProd"):
            inputs, attributes = ([n, const(i64(1))], {}) if op == "ReduceSum" else ([n], {"axes": [1]})
            case(op, "integers", inputs, np.trunc(function(f64(n), axis=(1,), keepdims=True)).astype(np.int32), **attributes)
    for op, function in (("ReduceMax", np.max), ("ReduceMin", np.min)):
        for t in (np.int8, np.uint8):
            bytes8 = np.array([[-128, 127, 5], [3, 2, -1]], np.int16).astype(t)
            case(op, f"{TYPES[t]}", [bytes8], function(bytes8, axis=0, keepdims=True), axes=[0])
    case("ReduceSum", "no axes and nothing to do", [x], x, noop_with_empty_axes=1)
    case("ReduceSum", "an empty list of axes", [x, const(i64())], f64(x).sum(keepdims=True).astype(np.float32))
    case("ReduceSum", "axes that are computed", [x, i64(-2)], f64(x).sum(1, keepdims=True).astype(np.float32))
    case("ReduceSum", "computed axes go", [x, i64(2, 0)], f64(x).sum((0, 2)).astype(np.float32), keepdims=0)
    big = f(1000, 1001, 999, -1000)
    case("ReduceLogSumExp", "numbers whose exponential is infinite", [big],
         np.array([1001 + np.log(np.exp(f64(big) - 1001).sum())], np.float32))


def lines():
    x = noise(2, 3, 4)
    def softmax(x, axis):
        e = np.exp(f64(x) - x.max(axis, keepdims=True))
        return e / e.sum(axis, keepdims=True)
    def hardmax(x, axis):
        first = np.expand_dims(x.argmax(axis), axis)
        return (np.arange(x.shape[axis]).reshape([-1 if d == axis % x.ndim else 1 for d in range(x.ndim)]) == first).astype(np.float32)
    big = f(1000, 1001, 999)
    for op, function in (("Softmax", softmax), ("LogSoftmax", lambda x, a: np.log(softmax(x, a))), ("Hardmax", hardmax)):
        case(op, "the last axis", [x], function(x, 2).astype(np.float32))
        case(op, "the middle axis", [x], function(x, 1).astype(np.float32), axis=1)
        case(op, "the first axis, from the end", [x], function(x, 0).astype(np.float32), axis=-3)
        case(op, "numbers whose exponential is infinite", [big], function(big, 0).astype(np.float32))
    case("Hardmax", "the first of equal ones", [f(1, 3, 3, 2)], f(0, 1, 0, 0))


def sums_so_far():
    x = noise(2, 3)
    def cumsum(x, axis, exclusive=0, reverse=0):
        y = np.flip(x, axis) if reverse else x
        y = np.cumsum(y, axis) - (y if exclusive else 0)
        return np.flip(y, axis).copy() if reverse else y
    for axis, extra in ((0, {}), (-1, {}), (1, {"exclusive": 1}), (1, {"reverse": 1}), (0, {"exclusive": 1, "reverse": 1})):
        case("CumSum", f"axis {axis}, {extra or 'plain'}".replace("{", "").replace("}", "").replace("'", "").replace(":", ""),
             [x, const(np.int64(axis))], cumsum(f64(x), axis, **extra).astype(np.float32), **extra)
    case("CumSum", "an axis that is computed", [x, np.array([1], np.int32)], np.cumsum(f64(x), 1).astype(np.float32))
    n = np.array([2**31 - 1, 1, -5], np.int32)
    case("CumSum", "integers wrap", [n, const(np.int64(0))], np.cumsum(n, dtype=np.int32))


reductions()
lines()
sums_so_far()
