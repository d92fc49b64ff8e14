using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cuda;

/// <summary>A float64 of a kernel that is being recorded; see <see cref="PtxFloat"/>.</summary>
internal readonly unsafe struct PtxDouble : IDoubleLanes<PtxDouble>
{
    private readonly PtxText? _text; // null of a number
    private readonly string? _name;
    private readonly double _value;

    /// <summary>A register.</summary>
    public PtxDouble(PtxText text, string name) => (_text, _name) = (text, name);

    private PtxDouble(double value) => _value = value;

    public static int Count => 1;

    /// <summary>As an instruction writes it.</summary>
    public string Operand => _name ?? PtxText.Of(_value);

    public static PtxDouble Of(double value) => new(value);

    public static PtxDouble Load(float* from) => throw Elsewhere();

    public void Store(float* to) => throw Elsewhere();

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxDouble operator +(PtxDouble a, PtxDouble b) => Text(a, b) is { } t ? Made(t, "add.rn.f64", a, b) : new(a._value + b._value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxDouble operator -(PtxDouble a, PtxDouble b) => Text(a, b) is { } t ? Made(t, "sub.rn.f64", a, b) : new(a._value - b._value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxDouble operator *(PtxDouble a, PtxDouble b) => Text(a, b) is { } t ? Made(t, "mul.rn.f64", a, b) : new(a._value * b._value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxDouble operator /(PtxDouble a, PtxDouble b) => Text(a, b) is { } t ? Made(t, "div.rn.f64", a, b) : new(a._value / b._value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxDouble FusedMultiplyAdd(PtxDouble a, PtxDouble b, PtxDouble c) => (Text(a, b) ?? c._text) is { } t
        ? new(t, t.Add("fma.rn.f64", "b64", a.Operand, b.Operand, c.Operand)) : new(Math.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxDouble Sqrt(PtxDouble x) => x.Mapped("sqrt.rn.f64");

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxDouble Floor(PtxDouble x) => x.Mapped("cvt.rmi.f64.f64");

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxDouble Round(PtxDouble x) => x.Mapped("cvt.rni.f64.f64");

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxDouble Abs(PtxDouble x) => x.Mapped("and.b64", $"{long.MaxValue}");

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxDouble Clamp(PtxDouble x, PtxDouble low, PtxDouble high)
    {
        x = IfLess(x, low, low, x);
        return IfLess(high, x, high, x);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxDouble IfLess(PtxDouble a, PtxDouble b, PtxDouble then, PtxDouble otherwise)
    {
        if (Text(a, b) is not { } t) return a._value < b._value ? then : otherwise;
        string isLess = t.Add("setp.lt.f64", "pred", a.Operand, b.Operand);
        return new(t, t.Add("selp.b64", "b64", then.Operand, otherwise.Operand, isLess));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxDouble PowerOfTwo(PtxDouble shifted) =>
        shifted.Mapped("add.s64", $"{Exponential.Bias}").Mapped("shl.b64", $"{Exponential.MantissaBits}");

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxDouble Exponent(PtxDouble x) =>
        x.Mapped("shr.u64", $"{Exponential.MantissaBits}").Mapped("add.s64", $"{-Exponential.Bias}").Mapped("cvt.rn.f64.s64");

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxDouble Mantissa(PtxDouble x) => x.Mapped("and.b64", $"{Logarithm.MantissaMask}").Mapped("or.b64", $"{Logarithm.One}");

    private static PtxText? Text(PtxDouble a, PtxDouble b) => a._text ?? b._text;

    private static PtxDouble Made(PtxText text, string opcode, PtxDouble a, PtxDouble b) => new(text, text.Add(opcode, "b64", a.Operand, b.Operand));

    private static NotSupportedException Elsewhere() => new("kernels load and store where their templates say");

    private PtxDouble Mapped(string opcode, params ReadOnlySpan<string> more) => _text is { } t
        ? new(t, t.Add(opcode, "b64", [Operand, .. more])) : throw new NotSupportedException($"{opcode} of a constant");
}
