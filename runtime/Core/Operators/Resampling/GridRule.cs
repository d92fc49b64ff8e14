using ResNetEdge.Model;

namespace ResNetEdge.Operators.Resampling;

/// <summary>What a GridSample node says of how it samples. Source: ONNX's reference, onnx/reference/ops/op_grid_sample.py.</summary>
internal readonly struct GridRule(Node node)
{
    private const double CubicCoefficient = -0.75;

    private readonly string _mode = node.Attributes.String("mode", "bilinear"), _padding = node.Attributes.String("padding_mode", "zeros");
    private readonly bool _alignsCorners = node.Attributes.Int("align_corners", 0) != 0;

    private bool IsNearest => _mode == "nearest";

    private bool IsCubic => _mode is "bicubic" or "cubic";

    /// <summary>Where a coordinate of -1 to 1 is along an axis of that size, mapped back into it where the padding says so.</summary>
    public double Place(double coordinate, int size)
    {
        double at = _alignsCorners ? (coordinate + 1) / 2 * (size - 1) : ((coordinate + 1) * size - 1) / 2;
        if (IsNearest) at = Math.Round(at, MidpointRounding.ToEven);
        var (low, high) = Ends(size);
        // A cubic looks at elements on both sides of the border, as PyTorch and ONNX Runtime have it; each of them is mapped back.
        bool isInside = IsCubic || (at >= low && at <= high);
        // Beyond this no element of any size is near, and integers overflow; not-a-number is nowhere.
        if (!(Math.Abs(at) < 1 << 30)) at = double.IsNaN(at) || at < 0 ? -(1 << 30) : 1 << 30;
        return isInside || _padding == "zeros" ? at : _padding == "border" ? Math.Clamp(at, 0, size - 1) : Reflect(at, low, high);
    }

    /// <summary>The elements, maybe outside, that may have a weight.</summary>
    public (int First, int Count) Taps(double at) => IsNearest ? ((int)at, 1) : ((int)Math.Floor(at) - (IsCubic ? 1 : 0), IsCubic ? 4 : 2);

    /// <summary>Weight of one of them.</summary>
    public double Weight(double at, int tap)
    {
        double x = Math.Abs(at - tap);
        const double a = CubicCoefficient;
        return IsNearest ? 1
            : !IsCubic ? 1 - x
            : x <= 1 ? ((a + 2) * x - (a + 3)) * x * x + 1
            : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
    }

    /// <summary>The element that stands for one outside, or -1 when that is zero.</summary>
    public int Inside(int tap, int size)
    {
        if (tap >= 0 && tap < size) return tap;
        var (low, high) = Ends(size);
        return _padding switch
        {
            "zeros" => -1,
            "border" => Math.Clamp(tap, 0, size - 1),
            _ => Math.Clamp((int)Reflect(tap, low, high), 0, size - 1),
        };
    }

    private (double Low, double High) Ends(int size) => _alignsCorners ? (0, size - 1) : (-0.5, size - 0.5);

    private static double Reflect(double at, double low, double high)
    {
        double range = high - low;
        if (range == 0) return low;
        double beyond = at < low ? low - at : at - high;
        if (at >= low && at <= high) return at;
        double turns = Math.Floor(beyond / range), rest = beyond - turns * range;
        bool isFromNearEnd = turns % 2 == 0;
        return at < low == isFromNearEnd ? low + rest : high - rest;
    }
}
