#!/usr/bin/python3
import numpy as np
from cases import *

SIGMOID = lambda v: 1 / (1 + np.exp(-v))
FUNCTIONS = {
    "Relu": lambda v, a, b: np.maximum(v, 0), "Tanh": lambda v, a, b: np.tanh(v), "Sigmoid": lambda v, a, b: SIGMOID(v),
    "Affine": lambda v, a, b: a * v + b, "LeakyRelu": lambda v, a, b: np.where(v >= 0, v, a * v),
    "ThresholdedRelu": lambda v, a, b: np.where(v > a, v, 0), "ScaledTanh": lambda v, a, b: a * np.tanh(b * v),
    "HardSigmoid": lambda v, a, b: np.clip(a * v + b, 0, 1), "Elu": lambda v, a, b: np.where(v >= 0, v, a * (np.exp(np.minimum(v, 0)) - 1)),
    "Softsign": lambda v, a, b: v / (1 + abs(v)), "Softplus": lambda v, a, b: np.log1p(np.exp(v))}


def recur(op, x, w, r, b=None, lens=None, h0=None, c0=None, p=None, direction="forward", functions=None, clip=None, layout=0,
          input_forget=0, linear_before_reset=0):
    """ONNX's equations, a whole batch at a time. functions: of each direction (name, alpha, beta). Gives Y, Y_h and for an LSTM Y_c."""
    x, w, r = (v.astype(np.float64) for v in (x, w, r))
    if layout: x, h0, c0 = x.swapaxes(0, 1), *(None if v is None else v.swapaxes(0, 1) for v in (h0, c0))
    steps, batch, (directions, _, hidden), gates = x.shape[0], x.shape[1], r.shape, r.shape[1] // r.shape[2]
    usual = {"RNN": ["Tanh"], "GRU": ["Sigmoid", "Tanh"], "LSTM": ["Sigmoid", "Tanh", "Tanh"]}[op]
    functions = functions or [(name, 0, 0) for name in usual * directions]
    lens = np.full(batch, steps) if lens is None else lens
    y, last_h, last_c = np.zeros((steps, directions, batch, hidden)), np.zeros((directions, batch, hidden)), np.zeros((directions, batch, hidden))
    for d in range(directions):
        mine = functions[d * len(usual):(d + 1) * len(usual)]
        act = [lambda v, m=m: FUNCTIONS[m[0]](v if clip is None else np.clip(v, -clip, clip), m[1], m[2]) for m in mine]
        wb, rb = (np.zeros(gates * hidden),) * 2 if b is None else np.split(b[d].astype(np.float64), 2)
        ws, rs, wbs, rbs = (np.split(v, gates) for v in (w[d], r[d], wb, rb))
        ps = np.split(np.zeros(3 * hidden) if p is None else p[d].astype(np.float64), 3)
        for n in range(batch):
            h = np.zeros(hidden) if h0 is None else h0[d, n].astype(np.float64)
            c = np.zeros(hidden) if c0 is None else c0[d, n].astype(np.float64)
            order = list(range(lens[n]))
            for t in reversed(order) if d == 1 or direction == "reverse" else order:
                given, state = [ws[g] @ x[t, n] + wbs[g] for g in range(gates)], lambda g, v: rs[g] @ v + rbs[g]
                if op == "RNN":
                    h = act[0](given[0] + state(0, h))
                elif op == "GRU":
                    z, reset = act[0](given[0] + state(0, h)), act[0](given[1] + state(1, h))
                    new = act[1](given[2] + (reset * state(2, h) if linear_before_reset else state(2, reset * h)))
                    h = (1 - z) * new + z * h
                else:
                    i = act[0](given[0] + state(0, h) + ps[0] * c)
                    forget = 1 - i if input_forget else act[0](given[2] + state(2, h) + ps[2] * c)
                    new = act[1](given[3] + state(3, h))
                    c = forget * c + i * new
                    o = act[0](given[1] + state(1, h) + ps[1] * c)
                    h = o * FUNCTIONS[mine[2][0]](c, *mine[2][1:]) # as ONNX Runtime has it, the clip does not hold for the cell
                y[t, d, n] = h
            last_h[d, n], last_c[d, n] = h, c
    if layout: y, last_h, last_c = y.transpose(2, 0, 1, 3), last_h.swapaxes(0, 1), last_c.swapaxes(0, 1)
    return tuple(v.astype(np.float32) for v in ((y, last_h, last_c) if op == "LSTM" else (y, last_h)))


def layers():
    steps, batch, size, hidden = 4, 3, 2, 5
    x, lens = noise(steps, batch, size), np.array([4, 1, 3], np.int32)
    h1, h2, c2 = noise(1, batch, hidden), noise(2, batch, hidden), noise(2, batch, hidden)
    for op, gates in (("RNN", 1), ("GRU", 3), ("LSTM", 4)):
        w1, r1, b1 = noise(1, gates * hidden, size), noise(1, gates * hidden, hidden) / 2, noise(1, 2 * gates * hidden)
        w2, r2, b2 = noise(2, gates * hidden, size), noise(2, gates * hidden, hidden) / 2, noise(2, 2 * gates * hidden)
        def say(title, inputs, output, **more): case(op, title, inputs, output, hidden_size=hidden, **more)
        say("forward", [x, const(w1), const(r1)], recur(op, x, w1, r1))
        say("a bias", [x, const(w1), const(r1), const(b1)], recur(op, x, w1, r1, b1))
        say("reverse with lengths", [x, const(w1), const(r1), const(b1), lens], recur(op, x, w1, r1, b1, lens, direction="reverse"), direction="reverse")
        both = recur(op, x, w2, r2, b2, lens, h2, direction="bidirectional")
        say("both directions, lengths and a first state", [x, const(w2), const(r2), const(b2), lens, h2], both, direction="bidirectional")
        say("the last state alone", [x, const(w1), const(r1)], (None, recur(op, x, w1, r1)[1]))
        say("every step alone", [x, const(w1), const(r1), None, None, h1], recur(op, x, w1, r1, h0=h1)[:1])
        say("weights that are computed", [x, w1, r1, b1], recur(op, x, w1, r1, b1))
        say("clip", [x, const(w1), const(r1)], recur(op, x, w1, r1, clip=0.5), clip=0.5)
        usual = {"RNN": 1, "GRU": 2, "LSTM": 3}[op]
        other = [("HardSigmoid", 0.25, 0.5), ("Softsign", 0, 0), ("ScaledTanh", 1.5, 0.5)]
        if op == "RNN": other = [("LeakyRelu", 0.1, 0)]
        say("other activations", [x, const(w1), const(r1)], recur(op, x, w1, r1, functions=other[:usual]),
            activations=[o[0] for o in other[:usual]], activation_alpha=[o[1] for o in other[:usual] if o[1]],
            **(dict(activation_beta=[o[2] for o in other[:usual] if o[2]]) if any(o[2] for o in other[:usual]) else {}))
    for name, alpha, beta in (("Relu", 0, 0), ("Affine", 0.5, 0.25), ("ThresholdedRelu", 0.3, 0), ("Elu", 0.7, 0), ("Softplus", 0, 0), ("Sigmoid", 0, 0)):
        w1, r1 = noise(1, hidden, size), noise(1, hidden, hidden) / 4
        more = dict(activation_alpha=[alpha]) if alpha else {}
        if beta: more["activation_beta"] = [beta]
        case("RNN", name, [x, const(w1), const(r1)], recur("RNN", x, w1, r1, functions=[(name, alpha, beta)]), hidden_size=hidden, activations=[name], **more)
    w1, r1, b1 = noise(1, 3 * hidden, size), noise(1, 3 * hidden, hidden) / 2, noise(1, 6 * hidden)
    case("GRU", "linear_before_reset", [x, const(w1), const(r1), const(b1)], recur("GRU", x, w1, r1, b1, linear_before_reset=1),
         hidden_size=hidden, linear_before_reset=1)
    w2, r2, b2, p2 = noise(2, 4 * hidden, size), noise(2, 4 * hidden, hidden) / 2, noise(2, 8 * hidden), noise(2, 3 * hidden)
    case("LSTM", "peepholes and a first cell", [x, const(w2), const(r2), const(b2), lens, h2, c2, const(p2)],
         recur("LSTM", x, w2, r2, b2, lens, h2, c2, p2, "bidirectional"), hidden_size=hidden, direction="bidirectional")
    case("LSTM", "input_forget", [x, const(w2[:1]), const(r2[:1]), const(b2[:1])], recur("LSTM", x, w2[:1], r2[:1], b2[:1], input_forget=1),
         hidden_size=hidden, input_forget=1)
    case("LSTM", "the last cell alone", [x, const(w2[:1]), const(r2[:1])], (None, None, recur("LSTM", x, w2[:1], r2[:1])[2]), hidden_size=hidden)


layers()
