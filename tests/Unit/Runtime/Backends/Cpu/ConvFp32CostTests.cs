using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Conv.Fp32;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public class ConvFp32CostTests
{
    /// <summary>What measurement found best, AVX-512, one thread.</summary>
    [Theory]
    [InlineData(56, 64, 4)]
    [InlineData(28, 128, 4)]
    [InlineData(14, 256, 4)]
    [InlineData(7, 512, 2)]
    public void Layers_of_ImageNet_networks_take_the_method_that_measured_best(int size, int channels, int outputs) =>
        Assert.Equal(outputs, ConvFp32Cost.WinogradOutputs(Layer(size, channels, channels), KernelTiers.Avx512Vnni));

    /// <summary>
    /// A Raspberry Pi reads the weights of 4×4 tiles at 14×14 while it multiplies, and those at 7×7, 38 MB, for longer than 2×2 tiles take.
    /// </summary>
    [Theory]
    [InlineData(56, 64, 4)]
    [InlineData(28, 128, 4)]
    [InlineData(14, 256, 4)]
    [InlineData(7, 512, 2)]
    [InlineData(32, 16, 4)]
    [InlineData(1, 64, 0)]
    public void The_boards_of_the_Arm_tiers_take_what_their_memory_feeds(int size, int channels, int outputs)
    {
        Assert.Equal(outputs, ConvFp32Cost.WinogradOutputs(Layer(size, channels, channels), KernelTiers.NeonDot));
        Assert.Equal(outputs, ConvFp32Cost.WinogradOutputs(Layer(size, channels, channels), KernelTiers.Neon));
    }

    [Fact]
    public void Small_work_and_few_channels_are_computed_directly()
    {
        Assert.Equal(0, ConvFp32Cost.WinogradOutputs(Layer(224, 3, 64), KernelTiers.Avx512Vnni));
        Assert.Equal(0, ConvFp32Cost.WinogradOutputs(Layer(3, 8, 8), KernelTiers.Avx512Vnni));
        Assert.Equal(0, ConvFp32Cost.WinogradOutputs(Layer(1, 64, 64), KernelTiers.Avx512Vnni));
    }

    [Fact]
    public void Only_dense_3x3_with_stride_1_comes_into_question()
    {
        var layer = Layer(56, 64, 64);
        Assert.NotEqual(0, ConvFp32Cost.WinogradOutputs(layer, KernelTiers.Avx512Vnni));
        Assert.Equal(0, ConvFp32Cost.WinogradOutputs(layer, KernelTiers.Scalar));
        foreach (var other in new[]
        {
            layer with { KernelHeight = 1 }, layer with { KernelWidth = 5 }, layer with { StrideHeight = 2 }, layer with { StrideWidth = 2 },
            layer with { KernelDepth = 3, PadFront = 1, PadBack = 1 }, layer with { Groups = 2 },
        })
            Assert.Equal(0, ConvFp32Cost.WinogradOutputs(other, KernelTiers.Avx512Vnni));
    }

    [Theory]
    [InlineData(65, 2, 4), InlineData(32, 6, 2), InlineData(32, 18, 2), InlineData(16, 16, 0)]
    public void A_dilation_is_as_many_pictures_between_each_other(int size, int dilation, int outputs)
    {
        var layer = Layer(size, 128, 128) with
        {
            DilationHeight = dilation,
            DilationWidth = dilation,
            PadTop = dilation,
            PadLeft = dilation,
            PadBottom = dilation,
            PadRight = dilation,
        };
        Assert.Equal(outputs, ConvFp32Cost.WinogradOutputs(layer, KernelTiers.Avx512Vnni));
    }

    [Fact]
    public void The_choice_is_never_predicted_to_cost_more_than_the_direct_kernel()
    {
        var random = new Random(1);
        int chosen = 0;
        for (int i = 0; i < 500; i++)
        {
            var layer = Layer(random.Next(1, 113), random.Next(1, 600), random.Next(1, 600)) with { Batch = random.Next(1, 4) };
            foreach (var tier in new[] { KernelTiers.Avx2, KernelTiers.Avx512Vnni, KernelTiers.Neon, KernelTiers.NeonDot })
            {
                int outputs = ConvFp32Cost.WinogradOutputs(layer, tier);
                if (outputs == 0)
                    continue;
                chosen++;
                Assert.True(ConvFp32Cost.Winograd(layer, tier, outputs) < ConvFp32Cost.Direct(layer, tier), $"{layer}");
                Assert.True(ConvFp32Cost.Winograd(layer, tier, outputs) <= ConvFp32Cost.Winograd(layer, tier, 6 - outputs), $"{layer}");
            }
        }

        Assert.InRange(chosen, 600, 1999);
    }

    private static ConvShape Layer(int size, int inputs, int outputs) => new()
    {
        InputHeight = size,
        InputWidth = size,
        InputChannels = inputs,
        OutputChannels = outputs,
        KernelHeight = 3,
        KernelWidth = 3,
        PadTop = 1,
        PadLeft = 1,
        PadBottom = 1,
        PadRight = 1,
    };
}
