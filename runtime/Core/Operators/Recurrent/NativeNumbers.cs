using System.Runtime.InteropServices;

namespace ResNetEdge.Operators.Recurrent;

/// <summary>Doubles off the managed heap, for the state of one evaluation: its size is the model's, so that no stack need hold it.</summary>
/// <param name="count">How many; they are 0.</param>
internal readonly unsafe ref struct NativeNumbers(int count)
{
    private readonly double* _memory = (double*)NativeMemory.AllocZeroed((nuint)count, sizeof(double));

    /// <summary>A part of them.</summary>
    public Span<double> Slice(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start + (uint)length, (uint)count);
        return new(_memory + start, length);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => NativeMemory.Free(_memory);
}
