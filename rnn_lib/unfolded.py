"""The network unfolded for T steps, every array of it allocated once: the fast engine that trains in lessons 12 to 15.

The equations of `forward`, `cross_entropy` and `bptt`, in few and large calls. All that does not wait for another step is one
matrix product over time and batch: V x_t, U h_t, U' do_t, dU, dW, dV, dx_t. Only W h_{t-1} and W' da_{t+1} go step by step.
"""
import math
import sys

import numpy as np
from numpy import add, divide, dot, exp, log, maximum, multiply, subtract, vdot

from . import expect
from .bptt import Gradients
from .network import Parameters, identity, relu, tanh

if sys.platform == "emscripten":                        # NumPy in the browser has no BLAS: einsum takes half the time there
    def dot(a, b, out=None):
        return np.einsum("ij,jk->ik", a, b, out=out)


def _tanh_slope(h, out):
    multiply(h, h, out)
    subtract(1, out, out)


# f -> h_t = f(a_t) as (a, out), and f'(a_t) as (h, out): the state alone tells the slope
IN_PLACE = {
    tanh: (np.tanh, _tanh_slope),
    relu: (lambda a, out: maximum(a, 0, out=out), lambda h, out: np.greater(h, 0, out)),
    identity: (lambda a, out: np.copyto(out, a), lambda h, out: out.fill(1))}


class Unfolded:
    """The network unfolded for T steps and B sequences: forward, cross-entropy and all gradients, fast.

        net = Unfolded(params, T, B)
        loss = net.forward(x, y)           (1)-(5)
        gradients = net.backward()         (6)-(14)   equal to those of `bptt`, in arrays of your own

    params: Parameters, read anew by every forward: change its arrays in place, or set net.params (same shapes, same dtype)
    f: tanh, relu or identity     net.h, .yhat, .da and .slope may be looked at: the next pass overwrites them
    raises: TypeError, ValueError
    """

    def __init__(self, params, T, B, f=tanh):
        if min(T, B) < 1:
            raise ValueError(f"T and B must be at least 1, got T={T}, B={B}")
        if f not in IN_PLACE:
            raise TypeError(f"f must be tanh, relu or identity, got {f!r}: any other runs in forward and bptt")
        self.params, (self.f, self.slope_of) = Parameters(*expect.parameters(params)), IN_PLACE[f]
        self.kinds, self.dtype = _kinds(self.params), np.result_type(*self.params)
        if self.dtype.kind != "f":
            raise TypeError(f"params must hold real numbers, got {self.dtype}")
        (H, D), K, N = self.params.V.shape, len(self.params.U), T * B
        self.shapes = {"x": (T, B, D), "y": (T, B), "h_0": (B, H)}

        self.h = self._zeros(T + 1, B, H)                      # h[0]: h_0     h[t]: V x_t + b_h, then a_t, then h_t
        self.yhat = self._zeros(T, B, K)                       # o_t, then yhat_t, then do_t
        self.da = self._zeros(T, B, H)                         # U' do_t, then dh_t, then da_t
        self.slope = self._zeros(T, B, H)                      # f'(a_t)
        self.carry = self._zeros(B, H)                         # from step to step: W h_{t-1} forward, W' da_{t+1} backward
        self.W, self.WT = self._zeros(H, H), self._zeros(H, H)
        self.steps = list(zip(self.h[:-1], self.h[1:], strict=True))                 # h_{t-1}, h_t
        self.steps_back = list(zip(self.da, self.slope, strict=True))[::-1]          # da_t, f'(a_t), the last step first
        # The same memory as N rows, time and batch merged.
        self.h_rows, self.h_prev_rows = self.h[1:].reshape(N, H), self.h[:-1].reshape(N, H)
        self.yhat_rows, self.da_rows, self.slope_rows = (v.reshape(N, -1) for v in (self.yhat, self.da, self.slope))
        self.yhat_flat, self.row_starts = self.yhat.reshape(-1), np.arange(0, N * K, K)
        self.sum_k, self.sum_n = np.ones(K, self.dtype), np.ones(N, self.dtype)      # v.dot(ones): the fastest sum
        self.no_overflow = (math.log(np.finfo(self.dtype).max) / 2) ** 2             # exp(o) is safe when |o|^2 is less
        self.ready = False

    def forward(self, x, y, h_0=None, mask=None):
        """The loss, summed over time and batch.

        x: (T, B, D), not copied: leave it as it is until backward     y: (T, B) labels     h_0: (B, H), zeros when None
        mask: (T, B), 1 = counts, 0 = leaves the loss out, whatever the label (x and h_0 must be finite all the same)
        returns: float [nats]     raises: ValueError for shapes, labels out of range, NaN, infinity; TypeError for dtypes
        """
        self.ready = False
        if _kinds(self.params) != self.kinds:
            raise ValueError(f"params must keep their shapes and dtypes, {self.kinds}, got {_kinds(self.params)}")
        self.used = V, W, U, b_h, b_y = self.params
        h, o, Wh, WT = self.h_rows, self.yhat_rows, self.carry, self.WT
        x = self.x = self._array("x", x, "(T, B, D)").reshape(len(h), -1)
        keep = True if mask is None else expect.mask(mask, self.shapes["y"])
        y = self._labels(y, keep)
        self.h[0] = 0 if h_0 is None else self._array("h_0", h_0, "(B, H)")

        dot(x, V.T, h)
        add(h, b_h, h)                                         # V x_t + b_h
        entering = vdot(self.h, self.h)                        # not finite as soon as x, V, b_h or h_0 is not
        WT[:] = W.T
        for h_prev, h_t in self.steps:
            h_prev.dot(WT, Wh)
            add(h_t, Wh, h_t)                                  # (1)
            self.f(h_t, h_t)                                   # (2)   tanh would hide an infinity
        dot(h, U.T, o)
        add(o, b_y, o)                                         # (3)
        scores = vdot(o, o)
        if not math.isfinite(entering + vdot(Wh, Wh) + scores):
            self._name_what_is_not_finite()
        if scores > self.no_overflow:
            subtract(o, o.max(1, keepdims=True), o)

        self.target = self.row_starts + y.ravel()
        o_target = self.yhat_flat[self.target]
        self.keep = self.sum_n if mask is None else keep.ravel().astype(self.dtype)
        exp(o, o)
        total = o.dot(self.sum_k)
        multiply(o, divide(self.keep, total)[:, None], o)      # (4)   0 where masked
        self.ready = True
        return float(self.keep.dot(log(total) - o_target))     # (5)

    def backward(self, dx=True):
        """The gradients of the loss that forward has just returned, once for each forward.

        dx: False leaves out the gradient of x (None then), one matrix product: only embeddings need it
        returns: Gradients, new arrays     raises: RuntimeError when there is no forward to go back through
        """
        if not self.ready:
            raise RuntimeError("call forward first: each forward serves one backward, which overwrites what it needs")
        self.ready = False
        V, W, U, _, _ = self.used
        h, do, da, Wda = self.h_rows, self.yhat_rows, self.da_rows, self.carry
        self.yhat_flat[self.target] -= self.keep               # (6)
        dot(do, U, da)                                         # U' do_t
        self.slope_of(h, self.slope_rows)
        self.W[:] = W
        Wda.fill(0)                                            # W' da_{T+1} = 0
        for da_t, slope_t in self.steps_back:
            add(da_t, Wda, da_t)                               # (9)
            multiply(da_t, slope_t, da_t)                      # (10)
            da_t.dot(self.W, Wda)
        return Gradients(
            V=dot(da.T, self.x),                               # (12)
            W=dot(da.T, self.h_prev_rows),                     # (11)
            U=dot(do.T, h),                                    # (7)
            b_h=self.sum_n.dot(da),                            # (13)
            b_y=self.sum_n.dot(do),                            # (7)
            h_0=Wda.copy(),                                    # (14)
            x=dot(da, V).reshape(self.shapes["x"]) if dx else None)        # (14)

    def last_state(self):
        """A copy of h_T, (B, H): the h_0 of the steps that come next, in truncated BPTT."""
        return self.h[-1].copy()

    def _array(self, name, value, rule):
        """value with the shape and dtype that it must have; whether it is finite, forward sees from what it leads to."""
        value = np.asarray(value)
        if value.shape == self.shapes[name] and value.dtype == self.dtype:
            return value
        value = expect.shaped(name, value, self.shapes[name], rule)
        if not np.can_cast(value.dtype, self.dtype):
            raise TypeError(f"{name} must be {self.dtype} like the parameters, got {value.dtype}: "
                            f"write {name}.astype(np.{self.dtype})")
        return value.astype(self.dtype)

    def _labels(self, y, keep):
        """y as it is when one look finds it in range (unsigned, -1 is huge), else what `expect.labels` makes or says of it."""
        y, K = np.asarray(y), len(self.sum_k)
        usual = keep is True and y.shape == self.shapes["y"] and y.dtype == np.intp
        if not usual or maximum.reduce(y.view(np.uintp), None) >= K:
            y = expect.labels("y", y, self.shapes["y"], K, keep).astype(np.intp)
        return y

    def _name_what_is_not_finite(self):
        """raises: ValueError for an argument that is not finite, else for the scores; if only squares overflowed, all is well"""
        expect.parameters(self.params)
        for name, value in (("x", self.x.reshape(self.shapes["x"])), ("h_0", self.h[0]), ("o", self.yhat)):
            expect.numbers(name, value)

    def _zeros(self, *shape):
        """Zeros that start where a line of the cache does, every 64 bytes: a product with W there takes up to 30 % less."""
        size = math.prod(shape) * self.dtype.itemsize
        memory = np.zeros(size + 64, np.uint8)
        start = -memory.__array_interface__["data"][0] % 64
        return memory[start:start + size].view(self.dtype).reshape(shape)


def _kinds(params):
    return [(v.shape, v.dtype) for v in params]
