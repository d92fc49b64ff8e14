#!/usr/bin/python3
import numpy as np
from cases import *

BOXES = f(0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, -0.1, 1, 0.9, 0, 10, 1, 11, 0, 10.1, 1, 11.1, 0, 100, 1, 101, shape=(1, 6, 4))
SCORES = f(0.9, 0.75, 0.6, 0.95, 0.5, 0.3, shape=(1, 1, 6))


def overlap(a, b):
    a, b = (np.concatenate([np.minimum(v[:2], v[2:]), np.maximum(v[:2], v[2:])]) for v in (a, b))
    inside = np.prod(np.maximum(0, np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])))
    return inside / (np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - inside)


def selected(boxes, scores, most, limit=0.0, least=-np.inf):
    rows = []
    for n in range(scores.shape[0]):
        for c in range(scores.shape[1]):
            kept = []
            for box in np.argsort(-scores[n, c], kind="stable"):
                if scores[n, c, box] > least and len(kept) < most and all(overlap(boxes[n, box], boxes[n, k]) <= limit for k in kept):
                    kept.append(box)
            rows += [(n, c, box) for box in kept]
    return np.array(rows, np.int64).reshape(-1, 3)


def detection():
    settings = [const(i64(3)), const(f(0.5)), const(f(0.0))]
    case("NonMaxSuppression", "overlapping boxes", [BOXES, SCORES, *settings], selected(BOXES, SCORES, 3, 0.5, 0))
    case("NonMaxSuppression", "of a class so many", [BOXES, SCORES, const(i64(2)), const(f(0.5)), const(f(0.0))], selected(BOXES, SCORES, 2, 0.5, 0))
    case("NonMaxSuppression", "not below a score", [BOXES, SCORES, const(i64(3)), const(f(0.5)), const(f(0.4))], selected(BOXES, SCORES, 3, 0.5, 0.4))
    turned = BOXES[:, :, [2, 1, 0, 3]].copy()
    case("NonMaxSuppression", "corners the other way round", [turned, SCORES, *settings], selected(turned, SCORES, 3, 0.5, 0))
    centred = np.concatenate([(BOXES[:, :, [1, 0]] + BOXES[:, :, [3, 2]]) / 2, BOXES[:, :, [3, 2]] - BOXES[:, :, [1, 0]]], 2).astype(np.float32)
    case("NonMaxSuppression", "centres and sizes", [centred, SCORES, *settings], selected(BOXES, SCORES, 3, 0.5, 0), center_point_box=1)
    two, more = np.concatenate([BOXES, BOXES[:, ::-1]]), np.stack([np.concatenate([SCORES[0], SCORES[0, :, ::-1]]), np.concatenate([SCORES[0]] * 2)])
    case("NonMaxSuppression", "pictures and classes", [two.copy(), more.copy(), i64(2), f(0.5), f(0)], selected(two, more, 2, 0.5, 0))
    same = np.repeat(BOXES[:, :1], 4, 1)
    case("NonMaxSuppression", "equal boxes of equal score", [same, np.full((1, 1, 4), 0.5, np.float32), const(i64(3))],
         selected(same, np.full((1, 1, 4), 0.5, np.float32), 3))
    case("NonMaxSuppression", "none unless a number is given", [BOXES, SCORES], np.zeros((0, 3), np.int64))


detection()
