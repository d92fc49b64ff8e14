using Microsoft.Win32.SafeHandles;

namespace ResNetEdge.Service.Outputs;

/// <summary>Lines to stdout.</summary>
internal sealed class StdoutLines : ILineFile
{
    // Not Console: its stream swallows a reader that is gone, and then lines would count as delivered.
    private readonly FileStream _stream = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, 0);

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> lines) => _stream.Write(lines);

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
