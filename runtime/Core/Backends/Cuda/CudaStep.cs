using System.Runtime.InteropServices;

namespace ResNetEdge.Backends.Cuda;

/// <summary>
/// A kernel bound to one layer: how many blocks run it and with what. A kernel's parameters are the arena's address, that of the step's constants,
/// and one structure whose places count from these two; so sessions with arenas of their own share it.
/// </summary>
/// <param name="name">As in the table.</param>
/// <param name="function">The kernel's name in the module.</param>
/// <param name="blocks">Columns and rows of blocks.</param>
/// <param name="arguments">The structure's bytes.</param>
/// <param name="constants">Packed weights and tables, for the device.</param>
/// <param name="written">The kernel's text, if it is written when a model is loaded; null when it is one of those that are checked in.</param>
internal sealed class CudaStep(
    string name, string function, (uint X, uint Y) blocks, byte[] arguments, byte[] constants, CudaFunction? written = null) : IStepKernel
{
    /// <summary>Of every block.</summary>
    public const int Threads = 128;

    public string Name => name;

    /// <summary>The kernel's name in the module.</summary>
    public string Function => function;

    /// <summary>What the kernel's text is written from; null when it is checked in.</summary>
    public CudaFunction? Written => written;

    /// <summary>Columns and rows of blocks.</summary>
    public (uint X, uint Y) Blocks => blocks;

    /// <summary>The structure's bytes.</summary>
    public ReadOnlyMemory<byte> Arguments => arguments;

    public long PackedBytes { get; } = constants.Length;

    /// <summary>Hands out the packed constants, which are on the device from then on and no longer here.</summary>
    public byte[] TakeConstants()
    {
        var taken = constants;
        constants = [];
        return taken;
    }

    /// <summary>A step with one thread for each element.</summary>
    public static CudaStep ForEach<T>(
        string name, string function, long elements, T arguments, byte[] constants, CudaFunction? written = null) where T : unmanaged =>
        new(name, function, ((uint)((elements + Threads - 1) / Threads), 1), Bytes(arguments), constants, written);

    /// <summary>A structure's bytes.</summary>
    public static byte[] Bytes<T>(T arguments) where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in arguments)).ToArray();

    public void Dispose()
    {
    }
}
