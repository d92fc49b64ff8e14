using System.Runtime.InteropServices;

namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>What an emitted function of every element reads: the contract between C# and the machine code, see <see cref="ConvArgs"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FunctionArgs
{
    /// <summary>The elements.</summary>
    public float* Input;

    /// <summary>As many, maybe at the same place.</summary>
    public float* Output;

    /// <summary>How many there are.</summary>
    public long Count;
}
