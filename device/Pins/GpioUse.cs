using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Pins;

/// <summary>What a line is requested as.</summary>
internal readonly record struct GpioUse
{
    /// <summary>Whether it drives or listens; null: as it is.</summary>
    public bool? IsOutput { get; init; }

    /// <summary>Active is the low level.</summary>
    public bool IsActiveLow { get; init; }

    /// <summary>Of an output: what it is from the first moment.</summary>
    public bool IsActive { get; init; }

    /// <summary>Of an input: what pulls it.</summary>
    public GpioBias Bias { get; init; }

    /// <summary>Of an input: changes that are reported.</summary>
    public GpioEdges Edges { get; init; }

    /// <summary>Of an input: a level counts after it has lasted so long; the kernel measures it. Whole microseconds.</summary>
    public TimeSpan Debounce { get; init; }

    /// <summary>The same for the kernel.</summary>
    public GpioAbi.Config ToConfig()
    {
        GpioAbi.Config config = default;
        config.Flags = (IsActiveLow ? GpioAbi.ActiveLow : 0) | (IsOutput is not { } isOutput ? 0 : isOutput ? GpioAbi.Output : InputFlags());
        if (IsOutput is true) Add(ref config, GpioAbi.OutputValuesAttribute, IsActive ? 1u : 0);
        if (IsOutput is false && Debounce > TimeSpan.Zero) Add(ref config, GpioAbi.DebounceAttribute, (ulong)Debounce.TotalMicroseconds);
        return config;
    }

    private ulong InputFlags() => GpioAbi.Input
        | (Edges.HasFlag(GpioEdges.Rising) ? GpioAbi.EdgeRising : 0) | (Edges.HasFlag(GpioEdges.Falling) ? GpioAbi.EdgeFalling : 0)
        | Bias switch
        {
            GpioBias.PullUp => GpioAbi.PullUp,
            GpioBias.PullDown => GpioAbi.PullDown,
            GpioBias.Off => GpioAbi.BiasOff,
            _ => 0,
        };

    private static void Add(ref GpioAbi.Config config, uint attribute, ulong value) => config.Attributes[(int)config.AttributeCount++] =
        new GpioAbi.ConfigAttribute { Attribute = new() { Id = attribute, Value = value }, Mask = 1 };
}
