namespace ResNetEdge.Service.Outputs;

/// <summary>What an item of a <see cref="SinkRing"/> is.</summary>
internal enum SinkItemKind : byte
{
    /// <summary>A frame's result.</summary>
    Result,

    /// <summary>A rule turned on or off.</summary>
    Event,
}

/// <summary>An item taken from a <see cref="SinkRing"/>; its memory is used again for the next.</summary>
internal sealed class SinkItem
{
    /// <summary>Between the names of a camera and a rule, as no name has it.</summary>
    public const byte CameraEnd = (byte)'\n';

    private byte[] _name = new byte[64], _json = new byte[1024];
    private int _nameLength, _jsonLength;

    /// <summary>Result or event.</summary>
    public SinkItemKind Kind { get; set; }

    /// <summary>
    /// What it is about, UTF-8: the rule of an event, empty for a result; in a service of several cameras the camera's name and
    /// <see cref="CameraEnd"/> come first.
    /// </summary>
    public ReadOnlySpan<byte> Name => _name.AsSpan(0, _nameLength);

    /// <summary>Name of the camera; empty where the only one has none.</summary>
    public ReadOnlySpan<byte> Camera => Name[..Math.Max(0, Name.IndexOf(CameraEnd))];

    /// <summary>Name of the rule; empty for results.</summary>
    public ReadOnlySpan<byte> Rule => Name[(Name.IndexOf(CameraEnd) + 1)..];

    /// <summary>One JSON object, UTF-8, without a line end.</summary>
    public ReadOnlySpan<byte> Json => _json.AsSpan(0, _jsonLength);

    /// <summary>Number of the picture that goes with it; 0: none.</summary>
    public uint Picture { get; set; }

    /// <summary>Makes room for a name.</summary>
    public Span<byte> SetName(int length) => Room(ref _name, _nameLength = length);

    /// <summary>Makes room for the JSON.</summary>
    public Span<byte> SetJson(int length) => Room(ref _json, _jsonLength = length);

    private static Span<byte> Room(ref byte[] memory, int length)
    {
        if (memory.Length < length) memory = new byte[Math.Max(length, memory.Length * 2)];
        return memory.AsSpan(0, length);
    }
}
