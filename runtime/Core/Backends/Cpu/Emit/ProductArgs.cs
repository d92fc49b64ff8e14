using System.Runtime.InteropServices;

namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>
/// What the emitted matrix products for Arm read: some products, each of groups of four rows with sixteen columns. Compiled into both the runtime
/// and the generator.
/// </summary>
/// <remarks>
/// A step multiplies one element of each of the four rows, of 32 bits (one float32, four s8) or 16 (one s16), with as many weights of sixteen
/// columns. The elements of a row lie in blocks of sixteen bytes, and blocks of four rows take turns.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ProductArgs
{
    /// <summary>Rows that are multiplied together, and columns.</summary>
    public const int Rows = 4, Columns = 16;

    /// <summary>[product][group][block][4 rows][16 bytes]; of columns [product][group][step][4 rows].</summary>
    public void* Inputs;

    /// <summary>[product][step][16 columns].</summary>
    public void* Weights;

    /// <summary>Receives [product][group][4 rows][16 columns] of 32 bits.</summary>
    public void* Output;

    /// <summary>[16], what sums start from; of pairs [4].</summary>
    public void* Start;

    /// <summary>[group][4 rows][16] float32 that are added to the start, or null; of products that are finished.</summary>
    public void* Residual;

    /// <summary>Bytes from one group's inputs to the next one's.</summary>
    public long GroupPitch;

    /// <summary>Bytes from one row of the output to the next.</summary>
    public long OutputStride;

    /// <summary>The same of the residual.</summary>
    public long ResidualStride;

    /// <summary>Steps of a sum, at least 1.</summary>
    public long Steps;

    /// <summary>Groups of four rows, at least 1.</summary>
    public long Groups;

    /// <summary>Products, at least 1, and bytes from the inputs, the weights and the output of one to those of the next.</summary>
    public long Count, NextInputs, NextWeights, NextOutput;

    /// <summary>Clamps, of products that are finished.</summary>
    public float Low, High;

    /// <summary>[steps / 32], not zero where four products of pairs fit 16 bits; of pairs.</summary>
    public int* Fours;
}
