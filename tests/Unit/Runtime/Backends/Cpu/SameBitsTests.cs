using System.Runtime.InteropServices;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Engines;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

/// <summary>
/// int8 gives the same bits on every processor. The checksums stand here, so that x86-64 and Arm (tests/Arm64) are held to the same ones;
/// a change of the random cases or of the seeded network changes them.
/// </summary>
public class SameBitsTests
{
    private const int Cases = 120;

    public static IEnumerable<object[]> Tiers => KernelTiers.All.Select(tier => new object[] { tier.Name });

    [Fact]
    public unsafe void The_int8_reference_gives_the_same_bits_everywhere()
    {
        uint sum = 0;
        for (int seed = 0; seed < Cases; seed++)
        {
            using var test = new ConvInt8Case(seed);
            using var kernel = KernelTable.Prepare(test.Problem, KernelTiers.Scalar);
            kernel.Run(test.Arena.Base, 0, 1);
            sum = Checksum(sum, test.Values);
        }

        Assert.Equal(0x5E2C9E16u, sum);
    }

    [SkippableTheory]
    [MemberData(nameof(Tiers))]
    public void A_whole_int8_network_gives_the_same_bits_in_every_tier(string name)
    {
        var tier = KernelTiers.All.Single(candidate => candidate.Name == name);
        Skip.If(!tier.IsAvailable, $"needs the tier {tier}: {tier.Obstacle}");
        using var engine = new FusedEngine(SeededNetworks.Int8("cifar_resnet20"), new EngineOptions { Isa = name });
        var random = new Random(1);
        float[] input = new float[engine.Inputs[0].Shape.ElementCount], logits = new float[engine.Outputs[0].Shape.ElementCount];
        foreach (ref float value in input.AsSpan())
            value = random.NextSingle() * 2 - 1;
        engine.SetInput<float>(0, input);
        engine.Run();
        engine.GetOutput<float>(0, logits);
        Assert.Equal(0xFC22BD0Au, Checksum(0, MemoryMarshal.AsBytes<float>(logits)));
    }

    private static uint Checksum(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
            sum = sum * 31 + value;
        return sum;
    }
}
