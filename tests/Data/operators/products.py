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
    vector, wide = noise(4), noise(3, 1, 4, 2)
    case("MatMul", "vectors", [vector, row := noise(4)], product(vector, row).astype(np.float32))
    case("MatMul", "a vector and a matrix", [vector, m], product(vector, m).astype(np.float32))
    case("MatMul", "a matrix and a vector", [a, vector], product(a, vector).astype(np.float32))
    case("MatMul", "a vector and a stack", [vector, other], product(vector, other).astype(np.float32))
    case("MatMul", "stacks that are broadcast", [stack, wide], product(stack, wide).astype(np.float32))
    case("MatMul", "a stack of four axes and constant weights", [four := noise(2, 3, 2, 4), const(m)], product(four, m).astype(np.float32))
    case("MatMul", "integers that wrap", [(big := np.array([[2**31 - 1, 3], [-5, 7]], np.int32)), (two := np.array([[2, -1], [1, 4]], np.int32))],
         np.matmul(big.astype(np.int64), two.astype(np.int64)).astype(np.int32))
    bytes_a, bytes_b = np.array([[11, 7, 3], [10, 6, 2], [9, 255, 1], [8, 4, 0]], np.uint8), np.array([[1, 4], [2, 5], [3, 255]], np.uint8)
    difference = lambda p, z: p.astype(np.int64) - np.asarray(z).astype(np.int64)
    case("MatMulInteger", "no zero points", [bytes_a, bytes_b], np.matmul(difference(bytes_a, 0), difference(bytes_b, 0)).astype(np.int32))
    case("MatMulInteger", "a zero point of each side", [bytes_a, bytes_b, const(np.uint8(12)), const(np.uint8(3))],
         np.matmul(difference(bytes_a, 12), difference(bytes_b, 3)).astype(np.int32))
    columns, signed = np.array([1, -2], np.int8), np.array([[1, -4], [2, 5], [-128, 127]], np.int8)
    case("MatMulInteger", "a zero point for each column", [bytes_a, const(signed), const(np.uint8(12)), const(columns)],
         np.matmul(difference(bytes_a, 12), difference(signed, columns)).astype(np.int32))
    byte_stack = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    case("MatMulInteger", "a stack and a matrix", [byte_stack, signed], np.matmul(difference(byte_stack, 0), difference(signed, 0)).astype(np.int32))
    row, column, whole = noise(5), noise(3, 1), noise(3, 5)
    case("Gemm", "a bias for each column", [a, const(m), const(row)], (product(a, m) + row).astype(np.float32))
    case("Gemm", "alpha and beta", [a, const(m), const(whole)], (0.5 * product(a, m) - 2.0 * whole.astype(np.float64)).astype(np.float32),
         alpha=0.5, beta=-2.0)
    case("Gemm", "a bias for each row", [a, const(m), const(column)], (product(a, m) + column).astype(np.float32))
    case("Gemm", "no bias", [a, const(m)], product(a, m).astype(np.float32))
    case("Gemm", "the right side transposed", [a, const(m.T.copy()), const(row)], (product(a, m) + row).astype(np.float32), transB=1)
    case("Gemm", "the left side transposed", [a.T.copy(), m], product(a, m).astype(np.float32), transA=1)


def einsum():
    a, b, v, s = noise(3, 4), noise(4, 5), noise(4), noise(2, 3, 3)
    def say(title, equation, *terms):
        case("Einsum", title, list(terms), np.einsum(equation, *[t.astype(np.float64) for t in terms]).astype(np.float32), equation=equation)
    say("a product of matrices", "ij,jk->ik", a, b)
    say("a product of matrices, implied", "ij,jk", a, b)
    say("a transposition", "ij->ji", a)
    say("a transposition, implied", "ba", a)
    say("a sum", "ij->", a)
    say("a sum along an axis", "ij->i", a)
    say("diagonals of a stack", "...ii->...i", s)
    say("an outer product", "i,j->ij", v, a[:, 0].copy())
    say("an inner product", "i,i", v, v)
    say("three terms", "ij,jk,j->ki", a, b, v)
    say("stacks that are broadcast", "...ij,...jk->...ik", noise(2, 1, 3, 4), noise(1, 3, 4, 2))
    say("both cases", "bA->Ab", a)
    say("a trace, implied", "...ii", s)
    whole = np.arange(6, dtype=np.int64).reshape(2, 3)
    case("Einsum", "integers", [whole, whole], np.einsum("ij,kj->ik", whole, whole), equation="ij,kj->ik")
    say("attention", "bqhd,bkhd->bhqk", noise(2, 3, 2, 4), noise(2, 5, 2, 4))


def determinants():
    one, stack = f(0, 2, 3, 1, -1, 4, 5, 0, 2, shape=(3, 3)), noise(2, 2, 4, 4)
    # By expansion along the first row, which shares nothing with elimination.
    def det(m): return m[0, 0] if len(m) == 1 else sum(
        (-1) ** c * m[0, c] * det(np.delete(np.delete(m, 0, 0), c, 1)) for c in range(len(m)))
    all_of = lambda s: np.array([det(m) for m in s.astype(np.float64).reshape(-1, *s.shape[-2:])]).reshape(s.shape[:-2]).astype(np.float32)
    case("Det", "a pivot that is zero", [one], all_of(one))
    case("Det", "stacks of matrices", [stack], all_of(stack))
    case("Det", "no inverse", [f(1, 2, 2, 4, shape=(2, 2))], np.float32(0))


products()
einsum()
determinants()
