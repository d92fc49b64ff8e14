using System.Runtime.InteropServices;
using ResNetEdge.Device.Native;
using ResNetEdge.Model;

namespace ResNetEdge.Packages;

/// <summary>
/// A graph whose weights lie in a file's bytes that nobody else needs, so that each may be let go as soon as it is packed and a network
/// is never held twice. Once disposed, constants that still lie in those bytes throw when they are read.
/// </summary>
internal sealed class TakenModel(Graph graph, FileBytes? memory) : IDisposable
{
    /// <summary>The graph.</summary>
    public Graph Graph { get; } = graph;

    /// <summary>The native memory behind bytes, or null when they lie elsewhere.</summary>
    public static FileBytes? MemoryOf(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetMemoryManager(bytes, out FileBytes? memory) ? memory : null;

    /// <summary>Lets go of a constant that nobody will read any more; nothing happens where it does not lie in the file's bytes.</summary>
    public void GiveBack(ReadOnlyMemory<byte> constant) => memory?.GiveBack(constant);

    /// <inheritdoc/>
    public void Dispose() => memory?.Close();
}
