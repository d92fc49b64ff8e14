using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cuda;

/// <summary>
/// A float32 of a kernel that is being recorded: a register, or a number that is known already. An operation of known numbers is computed, any other
/// is recorded as the instruction that rounds as it does.
/// </summary>
internal readonly unsafe struct PtxFloat : IFloatLanes<PtxFloat>
{
    private readonly PtxText? _text; // null of a number
    private readonly string? _name;
    private readonly float _value;

    /// <summary>A register.</summary>
    public PtxFloat(PtxText text, string name) => (_text, _name) = (text, name);

    private PtxFloat(float value) => _value = value;

    public static int Count => 1;

    public static bool IsWide => false;

    /// <summary>As an instruction writes it.</summary>
    public string Operand => _name ?? PtxText.Of(_value);

    public static PtxFloat Of(double value) => new((float)value);

    public static PtxFloat Load(float* from) => throw Elsewhere();

    public static PtxFloat Broadcast(float* from) => throw Elsewhere();

    public void Store(float* to) => throw Elsewhere();

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxFloat operator +(PtxFloat a, PtxFloat b) => Text(a, b) is { } t ? Made(t, "add.rn.f32", a, b) : new(a._value + b._value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxFloat operator -(PtxFloat a, PtxFloat b) => Text(a, b) is { } t ? Made(t, "sub.rn.f32", a, b) : new(a._value - b._value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxFloat operator *(PtxFloat a, PtxFloat b) => Text(a, b) is { } t ? Made(t, "mul.rn.f32", a, b) : new(a._value * b._value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxFloat operator /(PtxFloat a, PtxFloat b) => Text(a, b) is { } t ? Made(t, "div.rn.f32", a, b) : new(a._value / b._value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxFloat FusedMultiplyAdd(PtxFloat a, PtxFloat b, PtxFloat c) => (Text(a, b) ?? c._text) is { } t
        ? new(t, t.Add("fma.rn.f32", "b32", a.Operand, b.Operand, c.Operand)) : new(MathF.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxFloat Sqrt(PtxFloat x) => x.Mapped("sqrt.rn.f32");

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxFloat Floor(PtxFloat x) => x.Mapped("cvt.rmi.f32.f32");

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxFloat Round(PtxFloat x) => x.Mapped("cvt.rni.f32.f32");

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxFloat Abs(PtxFloat x) => x._text is { } t ? new(t, t.Add("and.b32", "b32", x.Operand, "2147483647")) : new(MathF.Abs(x._value));

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxFloat Clamp(PtxFloat x, PtxFloat low, PtxFloat high)
    {
        x = IfLess(x, low, low, x);
        return IfLess(high, x, high, x);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxFloat IfLess(PtxFloat a, PtxFloat b, PtxFloat then, PtxFloat otherwise)
    {
        if (Text(a, b) is not { } t) return a._value < b._value ? then : otherwise;
        string isLess = t.Add("setp.lt.f32", "pred", a.Operand, b.Operand);
        return new(t, t.Add("selp.b32", "b32", then.Operand, otherwise.Operand, isLess));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PtxFloat PowerOfTwo(PtxFloat shifted)
    {
        if (shifted._text is not { } t) return new(Float32x1.PowerOfTwo(new(shifted._value)).Value);
        string exponent = t.Add("shl.b32", "b32", shifted.Operand, $"{Float32Exponential.MantissaBits}");
        return new(t, t.Add("add.u32", "b32", exponent, $"{Float32Exponential.One}"));
    }

    public PtxFloat InDouble<TFunction>(TFunction function) where TFunction : struct, IDoubleFunction
    {
        if (_text is null) return new(new Float32x1(_value).InDouble(function).Value);
        var result = function.Apply(new PtxDouble(_text, _text.Add("cvt.f64.f32", "b64", Operand)));
        return new(_text, _text.Add("cvt.rn.f32.f64", "b32", result.Operand));
    }

    private static PtxText? Text(PtxFloat a, PtxFloat b) => a._text ?? b._text;

    private static PtxFloat Made(PtxText text, string opcode, PtxFloat a, PtxFloat b) => new(text, text.Add(opcode, "b32", a.Operand, b.Operand));

    private static NotSupportedException Elsewhere() => new("kernels load and store where their templates say");

    private PtxFloat Mapped(string opcode) => _text is { } t
        ? new(t, t.Add(opcode, "b32", Operand)) : throw new NotSupportedException($"{opcode} of a constant");
}
