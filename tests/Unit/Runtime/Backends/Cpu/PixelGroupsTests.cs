using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Conv.Fp32;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public class PixelGroupsTests
{
    [Fact]
    public void A_convolution_in_groups_of_pixels_gives_what_it_gives_pixel_by_pixel()
    {
        int widened = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            using var test = new ConvFp32Case(new Random(seed), r => RandomConv.Shape(r, 100_000) with { Groups = 1, OutputChannels = r.Next(1, 9), DilationWidth = 1 });
            int pixels = PixelGroups.Of(test.Problem);
            if (pixels == 1) continue;
            widened++;
            var wide = PixelGroups.Widen(test.Problem, pixels);
            ConvChecks.Check(wide);
            Assert.Equal(test.Problem.Shape.OutputWidth, wide.Shape.OutputWidth * pixels);
            foreach (var tier in new[] { KernelTiers.Scalar, KernelTiers.Avx2, KernelTiers.Neon, KernelTiers.Avx512Bw })
            {
                if (!tier.IsAvailable) continue;
                using var kernel = KernelTable.Prepare(wide, tier);
                using var arena = test.Arena.Copy();
                KernelCases.RunParts(kernel, arena, 1 + seed % 3);
                test.Check(arena, $"{kernel.Name}, seed {seed}, {test.Problem.Shape} in groups of {pixels}");
            }
        }

        Assert.True(widened > 60, $"only {widened} cases were widened");
    }

    [Theory]
    [InlineData(9, 3, 128, true), InlineData(3, 3, 64, true), InlineData(1, 1, 64, false), InlineData(3, 3, 67, false), InlineData(3, 64, 64, false)]
    public void Few_channels_and_a_width_that_divides_are_what_it_takes(int kernel, int channels, int width, bool isWidened)
    {
        var shape = new ConvShape
        {
            InputHeight = width,
            InputWidth = width,
            InputChannels = 32,
            OutputChannels = channels,
            KernelHeight = kernel,
            KernelWidth = kernel,
            PadTop = kernel / 2,
            PadLeft = kernel / 2,
            PadBottom = kernel / 2,
            PadRight = kernel / 2,
        };
        var problem = new ConvFp32Problem
        {
            Shape = shape,
            Weights = new float[channels * shape.Depth],
            Bias = new float[channels],
            Input = default,
            PaddingOffset = 0,
            Output = new Placement(0, channels * sizeof(float), width * channels * sizeof(float), 0),
        };
        Assert.Equal(isWidened, PixelGroups.Of(problem) > 1);
        Assert.Equal(1, PixelGroups.Of(problem with { Output = problem.Output with { PixelStride = 999 * sizeof(float) } }));
    }
}
