using BenchmarkDotNet.Attributes;
using ResNetEdge.Backends.Cpu;

namespace ResNetEdge.Benchmarks.Micro;

/// <summary>All convolutions of a network one after the other, for each tier; no managed memory may be allocated.</summary>
[MemoryDiagnoser]
public class ConvBenchmarks
{
    private readonly List<BenchConv> _layers = [];

    public static IEnumerable<string> Networks => LayerShapes.Networks;

    public static IEnumerable<string> Tiers => KernelTiers.AvailableNames.Where(name => name != KernelTiers.Scalar.Name);

    [ParamsSource(nameof(Networks))]
    public string Network { get; set; } = "";

    [ParamsSource(nameof(Tiers))]
    public string Tier { get; set; } = "";

    [Params("int8", "fp32")]
    public string Precision { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        var tier = KernelTiers.Find(Tier);
        foreach (var (shape, times) in LayerShapes.Read(Network))
        {
            for (int i = 0; i < times; i++)
                _layers.Add(
                    Precision == "int8" ? BenchConv.Int8(shape, residual: i % 2 == 1, tier) : BenchConv.Fp32(shape, residual: i % 2 == 1, tier));
        }
    }

    [Benchmark]
    public void Convolutions()
    {
        foreach (var layer in _layers)
            layer.Run();
    }

    [GlobalCleanup]
    public void Free() => _layers.ForEach(layer => layer.Dispose());
}
