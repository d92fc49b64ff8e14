#!/usr/bin/python3
import numpy as np
from cases import *


def best(x, k, axis, largest):
    """Stable, so that of equal elements that with the lower index comes first."""
    keys = -x.astype(np.float64) if largest else x.astype(np.float64)
    indices = np.take(np.argsort(keys, axis, kind="stable"), range(k), axis).astype(np.int64)
    return np.take_along_axis(x, indices, axis), indices


def top_k():
    x, ties = noise(2, 5, 3), f(2, 7, 2, 7, 1, 7)
    for title, k, extra in (("the largest", 2, {}), ("the middle axis", 3, {"axis": 1}), ("the first axis from the end", 1, {"axis": -3}),
                            ("the smallest", 2, {"largest": 0}), ("all of the middle axis", 5, {"axis": 1, "largest": 0})):
        case("TopK", title, [x, const(i64(k))], best(x, k, extra.get("axis", -1), extra.get("largest", 1)), **extra)
    case("TopK", "of equal ones the first", [ties, const(i64(4))], best(ties, 4, 0, 1))
    case("TopK", "of equal small ones the first", [ties, const(i64(3))], best(ties, 3, 0, 0), largest=0)
    case("TopK", "integers", [np.array([[3, -7, 2**40]], np.int64), const(i64(2))], (np.array([[2**40, 3]], np.int64), np.array([[2, 0]], np.int64)))
    case("TopK", "a number that is computed", [x, i64(2)], best(x, 2, -1, 1))


def arguments():
    x, ties = noise(2, 3, 4), np.array([[4, 1, 4, 1], [0, 2, 2, 0]], np.float32)
    for op, function in (("ArgMax", np.argmax), ("ArgMin", np.argmin)):
        case(op, "the first axis", [x], np.expand_dims(function(x, 0), 0))
        case(op, "the middle axis goes", [x], function(x, 1), axis=1, keepdims=0)
        case(op, "the last axis, from the end", [x], np.expand_dims(function(x, 2), 2), axis=-1)
        case(op, "the first of equal ones", [ties], np.expand_dims(function(ties, 1), 1), axis=1)
        case(op, "the last of equal ones", [ties], np.expand_dims(3 - function(ties[:, ::-1], 1), 1), axis=1, select_last_index=1)
        case(op, "integers", [np.array([[-5, 3], [7, 3]], np.int32)], np.array([[[1, 0]], [[0, 0]]][op == "ArgMin"], np.int64))


top_k()
arguments()
