using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>The weights of a checkpoint: parameter name to tensor, in the file's order, every float finite. Immutable.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "torch's word")]
internal sealed class StateDict
{
    /// <summary>More tensors than any checkpoint has (ResNet-1202 has 7,208).</summary>
    public const int MaxTensors = 200_000;

    private readonly OrderedDictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _namesInFile = new(StringComparer.Ordinal);
    private readonly Func<string, string> _original = static name => name;

    /// <summary>Checks and keeps a checkpoint's tensors.</summary>
    /// <param name="fileName">The checkpoint's path as the user gave it; messages begin with it.</param>
    /// <param name="format">The format's name, e.g. <c>torch zip</c>.</param>
    /// <param name="tensors">Parameters and buffers in the file's order.</param>
    /// <param name="metadata">Scalars stored beside them, e.g. <c>best_prec1</c>.</param>
    /// <exception cref="EdgeException">Exit 3: no tensor at all, a name twice, or a value that is NaN or infinite.</exception>
    public StateDict(string fileName, string format, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        (FileName, Format, Metadata) = (fileName, format, metadata);
        foreach (var (name, tensor) in tensors)
        {
            if (!_tensors.TryAdd(name, tensor))
                throw EdgeException.BadInput($"{fileName}: the parameter {FileText.Quote(name)} occurs twice; save the checkpoint again");
            if (FirstNonFinite(tensor) is { } at)
            {
                throw EdgeException.BadInput(
                    $"{fileName}: parameter {FileText.Quote(name)} holds {tensor.ToFloats()[at]} at element {at} of shape {tensor.Shape}; "
                        + "the training diverged or the file is damaged, use another checkpoint");
            }
        }

        if (_tensors.Count == 0) throw EdgeException.BadInput($"{fileName}: the checkpoint holds no tensor; save model.state_dict()");
    }

    private StateDict(StateDict from, IEnumerable<(string Name, string Original)> names, IReadOnlyList<string> leftOut, Func<string, string> original)
    {
        (FileName, Format, Metadata, LeftOut, _original) = (from.FileName, from.Format, from.Metadata, leftOut, original);
        foreach (var (name, old) in names)
        {
            if (!_tensors.TryAdd(name, from._tensors[old]))
                throw EdgeException.BadInput($"{FileName}: {FileText.Quote(old)} and {FileText.Quote(NameInFile(name))} are the same parameter "
                    + "of the network; save only the network");
            _namesInFile[name] = from.NameInFile(old);
        }
    }

    /// <summary>The checkpoint's path as the user gave it.</summary>
    public string FileName { get; }

    /// <summary>The format's name.</summary>
    public string Format { get; }

    /// <summary>Scalars stored beside the weights, as text; for people.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Names that are not part of the network, such as training state.</summary>
    public IReadOnlyList<string> LeftOut { get; } = [];

    /// <summary>Names in the file's order.</summary>
    public IReadOnlyList<string> Names => _tensors.Keys;

    /// <summary>The tensor of that name, or null.</summary>
    public Tensor? this[string name] => _tensors.GetValueOrDefault(name);

    /// <summary>Whether there is a tensor of that name.</summary>
    public bool Has(string name) => _tensors.ContainsKey(name);

    /// <summary>The same tensors under other names, which are checked already.</summary>
    /// <param name="names">New name and present one.</param>
    /// <param name="leftOut">Present names that get no new one.</param>
    /// <param name="original">What the file would call a parameter of a new name that it has not.</param>
    /// <exception cref="EdgeException">Exit 3: two tensors would get one name.</exception>
    public StateDict Renamed(IEnumerable<(string Name, string Original)> names, IReadOnlyList<string> leftOut, Func<string, string> original) =>
        new(this, names, leftOut, original);

    /// <summary>What the file calls a parameter, or would call it.</summary>
    public string NameInFile(string name) => _namesInFile.GetValueOrDefault(name) ?? _original(name);

    // All exponent bits set is NaN or infinity, in every IEEE format.
    private static int? FirstNonFinite(Tensor tensor) => tensor.Type switch
    {
        ElementType.Float32 => Find(MemoryMarshal.Cast<byte, uint>(tensor.Bytes.Span), static v => (v & 0x7F80_0000) == 0x7F80_0000),
        ElementType.Float16 => Find(MemoryMarshal.Cast<byte, ushort>(tensor.Bytes.Span), static v => (v & 0x7C00) == 0x7C00),
        ElementType.BFloat16 => Find(MemoryMarshal.Cast<byte, ushort>(tensor.Bytes.Span), static v => (v & 0x7F80) == 0x7F80),
        // Too large for binary32 counts as infinite: that is what it would become.
        ElementType.Float64 => Find(MemoryMarshal.Cast<byte, double>(tensor.Bytes.Span), static v => !float.IsFinite((float)v)),
        _ => null,
    };

    private static int? Find<T>(ReadOnlySpan<T> values, Func<T, bool> isBad)
    {
        for (int i = 0; i < values.Length; i++)
            if (isBad(values[i])) return i;
        return null;
    }
}
