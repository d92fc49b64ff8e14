namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>Up to eight constants in half precision that a kernel keeps in one register and multiplies by, element by element.</summary>
internal sealed class HalfConstants
{
    private const int Most = 8;
    private readonly V _register;
    private readonly double[] _values;
    private readonly Label _label = new();

    /// <param name="register">0 to 15.</param>
    /// <param name="values">What each is rounded from.</param>
    public HalfConstants(V register, params double[] values) => (_register, _values) = (register, values);

    /// <summary>The element that holds a constant.</summary>
    public Lane this[double value] => _register.H8[Array.IndexOf(_values, value)];

    /// <summary>Loads them.</summary>
    public void Load(Arm64Assembler a, X temporary)
    {
        a.Adr(temporary, _label);
        a.Ldr(_register.Q, temporary.At(0));
    }

    /// <summary>Appends them behind the code.</summary>
    public void Append(Arm64Assembler a)
    {
        a.Mark(_label);
        Span<ushort> halves = stackalloc ushort[Most];
        halves.Clear();
        for (int i = 0; i < _values.Length; i++)
            halves[i] = BitConverter.HalfToUInt16Bits((Half)_values[i]);
        a.Data(halves);
    }
}
