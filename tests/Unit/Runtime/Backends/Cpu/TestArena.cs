using System.Runtime.InteropServices;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

/// <summary>
/// An arena for kernel tests: reservations with random gaps, everything filled with garbage first. Comparing whole arenas finds a
/// wrong output and a byte written where none belongs alike.
/// </summary>
internal sealed unsafe class TestArena : IDisposable
{
    private const int Gap = 96;
    private readonly Random _random;
    private byte* _base;
    private long _length = Gap;

    public TestArena(Random random) => _random = random;

    public byte* Base => _base;

    public Span<byte> Bytes => new(_base, (int)_length);

    /// <summary>Reserves memory before <see cref="Create"/>.</summary>
    public long Reserve(long bytes, int alignment)
    {
        long offset = (_length + _random.Next(32)) / alignment * alignment;
        _length = offset + bytes + Gap;
        return offset;
    }

    /// <summary>Allocates; every byte is garbage (0xFF makes a NaN of floats, so that a float read astray shows).</summary>
    public void Create(bool floats)
    {
        _base = (byte*)NativeMemory.AlignedAlloc((nuint)_length, 64);
        if (floats)
            Bytes.Fill(0xFF);
        else
            _random.NextBytes(Bytes);
    }

    /// <summary>Makes every four bytes a finite float.</summary>
    public void FillFloats()
    {
        foreach (ref float value in MemoryMarshal.Cast<byte, float>(Bytes))
            value = _random.NextSingle() * 200 - 100;
    }

    /// <summary>Fills it with finite float16 numbers; read as float32 they are finite too.</summary>
    public void FillHalves()
    {
        foreach (ref Half value in MemoryMarshal.Cast<byte, Half>(Bytes))
            value = (Half)(_random.NextSingle() * 200 - 100);
    }

    /// <summary>A second arena with the same contents.</summary>
    public TestArena Copy()
    {
        var copy = new TestArena(_random) { _length = _length, _base = (byte*)NativeMemory.AlignedAlloc((nuint)_length, 64) };
        Bytes.CopyTo(copy.Bytes);
        return copy;
    }

    public void Dispose() => NativeMemory.AlignedFree(_base);
}
