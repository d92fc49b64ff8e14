using System.Runtime.InteropServices;

namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>All kernels for 64-bit Arm in one run of position-independent code, each at the start of a cache line.</summary>
internal sealed class Arm64CodeSet
{
    /// <summary>Bytes; what lies between kernels is the instruction that is never defined, UDF 0.</summary>
    private const int Alignment = 64;

    private readonly List<byte> _code = [];
    private readonly List<(string Name, int Offset)> _entries = [];

    public Arm64CodeSet()
    {
        foreach (var (name, emit) in Arm64Kernels.All)
        {
            var assembler = new Arm64Assembler();
            emit(assembler);
            _entries.Add((name, _code.Count));
            _code.AddRange(assembler.Assemble());
            _code.AddRange(new byte[(Alignment - _code.Count % Alignment) % Alignment]);
        }
    }

    /// <summary>The code, a multiple of eight bytes.</summary>
    public ReadOnlySpan<byte> Code => CollectionsMarshal.AsSpan(_code);

    /// <summary>Where each kernel begins.</summary>
    public IReadOnlyList<(string Name, int Offset)> Entries => _entries;
}
