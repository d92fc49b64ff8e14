namespace ResNetEdge.Cli.Reports;

/// <summary>What <c>bench</c> measured. One inference is: feed every input, run, read every output.</summary>
/// <param name="Model">As given on the command line.</param>
/// <param name="Machine">The machine on which it was timed.</param>
/// <param name="Seconds">Timed, all engines together, warm-up not counted.</param>
/// <param name="Input">Where the input came from.</param>
/// <param name="Engines">In the order given.</param>
/// <param name="OnnxRuntimeVersion">When that engine took part.</param>
internal sealed record BenchReport(
    string Model,
    MachineReport Machine,
    double Seconds,
    string Input,
    IReadOnlyList<EngineBench> Engines,
    string? OnnxRuntimeVersion);

/// <summary>One engine's figures.</summary>
internal sealed record EngineBench
{
    public required string Engine { get; init; }

    public required int Threads { get; init; }

    /// <summary>Number of inferences timed.</summary>
    public required int Runs { get; init; }

    public required double P50Ms { get; init; }

    public required double P90Ms { get; init; }

    public required double P99Ms { get; init; }

    public required double MinMs { get; init; }

    /// <summary>From the file on disk to an engine that can run.</summary>
    public required double LoadMs { get; init; }

    /// <summary>The first inference after loading, cold caches and all.</summary>
    public required double FirstInferMs { get; init; }

    /// <summary>From the start of the process to the first result; of the first engine only. Up to 10 ms too long (see ProcessAge).</summary>
    public double? FirstResultMs { get; init; }

    /// <summary>
    /// Most memory resident at once, from the start of the process to the end of this engine's
    /// first inference: with several engines, those before it are in it.
    /// </summary>
    public double? PeakRssMib { get; init; }

    /// <summary>How far loading and the first inference of this engine raised resident memory at most; null where the system cannot tell.</summary>
    public double? PeakRssIncreaseMib { get; init; }

    /// <summary>Managed memory; 0 as it should be.</summary>
    public required long AllocatedBytesPerRun { get; init; }
}
