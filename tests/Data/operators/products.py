#!/usr/bin/python3
import numpy as np
from cases import *


def products():
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


products()
