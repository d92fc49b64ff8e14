#!/usr/bin/python3
"""Cases of operators: small inputs and what must come out, worked out in double precision with numpy alone.

Each file beside this one holds the operators of one folder of runtime/Core/Operators and says what ONNX's text says of them, as literally as
possible; it shares nothing with this project's code. usage: ROOM.py > ROOM.txt, or all of them: write.sh     (Debian: python3-numpy)
"""
import numpy as np

TYPES = {np.float32: "Float32", np.float64: "Float64", np.float16: "Float16", np.bool_: "Bool", np.uint8: "UInt8", np.int8: "Int8",
         np.uint16: "UInt16", np.int16: "Int16", np.uint32: "UInt32", np.int32: "Int32", np.uint64: "UInt64", np.int64: "Int64"}
random = np.random.default_rng(20)


def f(*values, shape=None): return np.array(values, np.float32).reshape(shape or len(values))
def i64(*values): return np.array(values, np.int64)
def noise(*shape): return np.round(random.normal(size=shape), 2).astype(np.float32)


def tensor(a):
    a = np.asarray(a)
    shape = "x".join(map(str, a.shape)) or "scalar"
    words = [("true" if v else "false") if a.dtype == np.bool_ else str(v) for v in a.ravel()]
    return f"{TYPES[a.dtype.type]} {shape}: {' '.join(words)}"


def case(op, title, inputs, output, opset=17, domain="", **attributes):
    """inputs: arrays; ("constant", array) is known when the model is loaded; None is left out. output: an array, or a tuple of those given."""
    print(f"\ncase {op}: {title}")
    if opset != 17: print(f"opset {opset}")
    if domain: print(f"domain {domain}")
    for name, v in attributes.items():
        if isinstance(v, str): print(f"attribute {name} text {v}")
        elif isinstance(v, np.ndarray): print(f"attribute {name} tensor {tensor(v)}")
        elif isinstance(v, list) and isinstance(v[0], str): print(f"attribute {name} texts {' '.join(v)}")
        elif isinstance(v, list): print(f"attribute {name} {'floats' if any(isinstance(x, float) for x in v) else 'ints'} {' '.join(map(str, v))}")
        else: print(f"attribute {name} {'float' if isinstance(v, float) else 'int'} {v}")
    for v in inputs:
        if v is None: print("missing")
        elif isinstance(v, tuple): print("constant " + tensor(v[1]))
        else: print("input " + tensor(v))
    for v in output if isinstance(output, tuple) else (output,):
        print("missing output" if v is None else "output " + tensor(v))


def const(a): return "constant", np.asarray(a)


noise_4d, per_channel = noise(1, 3, 2, 2), f(2, -0.5, 4, shape=(1, 3, 1, 1))
