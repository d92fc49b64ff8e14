using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Tests.Unit.Fuzz.Operators;

/// <summary>How far results of one drawn node are from what double precision gives, measured by the operator's bound.</summary>
internal sealed class Fp32Error
{
    // How far ONNX Runtime's own functions and sums are from exact results, and its normalisations, which take two large numbers from each other.
    private const double OnnxRuntimes = 3e-5, OnnxRuntimesNormalizations = 2e-3;

    private readonly NodeDraft _draft;
    private readonly DraftRun _run;
    private readonly Fp32Bound _bound;
    private readonly double[]? _exact, _sizes;
    private readonly int _terms;

    // A convolution may compute several outputs of the same inputs, some times 0: then a number that is not spreads to them, and is never lost
    // (docs/decisions/0049-windows.md).
    private readonly bool _mayLoseNumbers;

    public Fp32Error(NodeDraft draft, DraftRun run)
    {
        (_draft, _run, _bound) = (draft, run, Fp32Bounds.Of(draft.OpType));
        if (run.Expected[0].Type != ElementType.Float32) return;
        _mayLoseNumbers = draft.OpType is "Conv" or "ConvTranspose"
            && draft.Inputs.Any(static input => input is not null && Array.Exists(input.ToFloats(), static x => !float.IsFinite(x)));
        _exact = run.Exact();
        _sizes = _exact is null ? null : Sizes(_exact);
        _terms = Math.Max(1, draft.Inputs.Select(static input => input?.Shape.ElementCount ?? 0).DefaultIfEmpty().Max());
    }

    /// <summary>A result is within the bound; outputs after the first, and those that are not float32, are as the reference has them.</summary>
    public void AssertKept(int output, Tensor found, string by)
    {
        if (output > 0 || _exact is null || _sizes is null)
        {
            if (!ReferenceEquals(found, _run.Expected[output]))
                AssertNear(_run.Expected[output], found, $"{_draft}, output {output} of {by}", OnnxRuntimes);
            return;
        }

        Assert.Equal(_run.Expected[0].Shape, found.Shape);
        float[] values = found.ToFloats(), reference = _run.Expected[0].ToFloats();
        for (int i = 0; i < values.Length; i++)
        {
            // Where numbers are lost, what is left is the reference's business.
            if (_mayLoseNumbers && !float.IsFinite(values[i])) continue;
            Assert.False(_mayLoseNumbers && float.IsNaN(reference[i]), $"{_draft}, element {i} of {by}: {values[i]:G9} instead of not a number");
            if (!float.IsFinite(reference[i]) || !float.IsFinite((float)_exact[i]) || !IsInRange(_sizes[i])) continue;
            double error = Math.Abs(values[i] - _exact[i]), most = _bound.Of(_sizes[i], _terms);
            if (error <= most) continue;
            double units = error / Math.Max(double.Epsilon, Fp32Bound.Unit * _sizes[i]);
            Assert.Fail($"{_draft}, element {i} of {by}: {values[i]:G9} instead of {_exact[i]:G17}, an error of {units:F2} units, {_bound}");
        }
    }

    /// <summary>The same bits, any NaN being any other.</summary>
    public static void AssertSame(Tensor expected, Tensor found, string what)
    {
        Assert.Equal((what, expected.Type, expected.Shape), (what, found.Type, found.Shape));
        if (expected.Type != ElementType.Float32)
        {
            Assert.True(expected.Bytes.Span.SequenceEqual(found.Bytes.Span), $"{what} differs");
            return;
        }

        float[] wanted = expected.ToFloats(), got = found.ToFloats();
        for (int i = 0; i < wanted.Length; i++)
        {
            bool isSame = BitConverter.SingleToInt32Bits(wanted[i]) == BitConverter.SingleToInt32Bits(got[i])
                || (float.IsNaN(wanted[i]) && float.IsNaN(got[i]));
            Assert.True(isSame, $"{what}, element {i}: {got[i]:G9} instead of {wanted[i]:G9}");
        }
    }

    /// <summary>Close enough for another runtime; integers are equal.</summary>
    public static void AssertClose(Tensor expected, Tensor found, NodeDraft draft, string what)
    {
        bool isNormalization = draft.OpType.EndsWith("Normalization", StringComparison.Ordinal);
        AssertNear(expected, found, $"{draft}, {what}", isNormalization ? OnnxRuntimesNormalizations : OnnxRuntimes);
    }

    // Neither sums nor products on the way to the result overflow or underflow.
    private bool IsInRange(double size) => size * _terms < 1e37 && (size >= 1e-30 || _bound.Measure != BoundMeasure.Terms);

    /// <summary>Within a share of the largest number, which counts as 1 at least; integers are equal.</summary>
    public static void AssertNear(Tensor expected, Tensor found, string what, double bound)
    {
        Assert.Equal((what, expected.Type, expected.Shape), (what, found.Type, found.Shape));
        if (!expected.Type.IsFloat())
        {
            AssertSame(expected, found, what);
            return;
        }

        float[] wanted = expected.ToFloats(), got = found.ToFloats();
        double largest = Math.Max(1, wanted.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max());
        for (int i = 0; i < wanted.Length; i++)
        {
            bool isClose = got[i].Equals(wanted[i]) || Math.Abs(got[i] - wanted[i]) <= bound * largest;
            Assert.True(isClose, $"{what}, element {i}: {got[i]:G9} instead of {wanted[i]:G9}");
        }
    }

    private static double Largest(double[] exact) =>
        Math.Max(1, exact.Where(static x => Math.Abs(x) < float.MaxValue).Select(Math.Abs).DefaultIfEmpty().Max());

    /// <summary>What the error of each element is measured by.</summary>
    private double[]? Sizes(double[] exact) => _bound.Measure switch
    {
        BoundMeasure.Nothing => exact,
        BoundMeasure.Result => [.. exact.Select(Math.Abs)],
        BoundMeasure.Input => [.. _draft.Inputs[0]!.ToFloats().Select(static x => (double)Math.Abs(x))],
        BoundMeasure.Data => [.. Enumerable.Repeat((double)_draft.Inputs[0]!.ToFloats().Select(Math.Abs).DefaultIfEmpty().Max(), exact.Length)],
        BoundMeasure.Terms => _run.Magnitudes(),
        _ => [.. Enumerable.Repeat(Largest(exact), exact.Length)],
    };
}
