using System.Buffers.Binary;

namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>
/// Encodes the instructions of 64-bit Arm (A64) that our kernels use, each a constant word with fields for registers and numbers. An operand that the
/// instruction cannot take is an exception here, not another instruction.
/// </summary>
/// <remarks>Encodings: Arm Architecture Reference Manual for A-profile, DDI 0487, chapters C4.1, C6.2 and C7.2.</remarks>
internal sealed partial class Arm64Assembler
{
    private readonly List<uint> _words = [];
    private readonly List<(int Place, Label Label, int Shift, int Bits)> _branches = [];

    /// <summary>The instructions so far, branches not yet resolved.</summary>
    public IReadOnlyList<uint> Words => _words;

    /// <summary>The code, with every branch resolved; relative, so that it runs wherever it is mapped.</summary>
    /// <exception cref="InvalidOperationException">A branch goes to a label that is not marked, or too far.</exception>
    public byte[] Assemble()
    {
        foreach (var (place, label, shift, bits) in _branches)
        {
            int distance = (label.Place ?? throw new InvalidOperationException("a branch goes to a label that is not marked")) - place;
            _words[place] |= Signed(distance, bits) << shift;
        }

        _branches.Clear();
        byte[] bytes = new byte[_words.Count * sizeof(uint)];
        for (int i = 0; i < _words.Count; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint)), _words[i]);
        return bytes;
    }

    /// <summary>Marks the next instruction.</summary>
    public void Mark(Label label)
    {
        if (label.Place is not null)
            throw new InvalidOperationException("the label is marked twice");
        label.Place = _words.Count;
    }

    /// <summary>Appends constants of 16 bits, an even number of them.</summary>
    public void Data(ReadOnlySpan<ushort> values)
    {
        for (int i = 0; i < values.Length; i += 2)
            _words.Add(values[i] | (uint)values[i + 1] << 16);
    }

    /// <summary>Appends a word with registers in their usual fields.</summary>
    private void Emit(uint word, int d, int n = 0, int m = 0) =>
        _words.Add(word | Field(d, 5) | Field(n, 5) << 5 | Field(m, 5) << 16);

    /// <summary>A number that must fit into so many bits.</summary>
    private static uint Field(int value, int bits) => value >= 0 && value < 1 << bits
        ? (uint)value : throw new ArgumentOutOfRangeException(nameof(value), $"{value} does not fit into {bits} bits");

    /// <summary>A signed number that must fit into so many bits.</summary>
    private static uint Signed(int value, int bits) => value >= -(1 << (bits - 1)) && value < 1 << (bits - 1)
        ? (uint)value & ((1u << bits) - 1) : throw new ArgumentOutOfRangeException(nameof(value), $"{value} does not fit into {bits} signed bits");

    /// <summary>A multiple of a power of two, divided by it.</summary>
    private static int Scaled(int bytes, int size) => bytes % (1 << size) == 0
        ? bytes >> size : throw new ArgumentException($"{bytes} is no multiple of {1 << size}");

    private static void Require(bool condition, string what)
    {
        if (!condition)
            throw new ArgumentException(what);
    }
}
