using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cuda;
using ResNetEdge.Steps;
using ResNetEdge.Tests.Fakes.Cuda;
using ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cuda;

/// <summary>Every kernel for GPUs, interpreted, against the scalar definition: whole arenas, byte for byte.</summary>
[Collection(CudaRig.Collection)]
public class CudaKernelTests
{
    private const int Orin = 87, Xavier = 72;

    /// <summary>Every kernel on the oldest processor that has it: later ones get the same text.</summary>
    public static TheoryData<string, int> Kernels
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var entry in CudaKernelTable.All) data.Add(entry.Name, entry.Processor > Xavier ? Orin : Xavier);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_kernel_equals_the_scalar_definition_bit_for_bit_or_within_its_bound(string name, int processor)
    {
        using var rig = new CudaRig(new FakeCudaSettings { Processor = processor, Seed = processor });
        int count = CudaCases.Run(rig, name, out string difference);
        Assert.Empty(difference);
        Assert.True(count >= CudaCases.Least, $"{count} cases");
    }

    /// <summary>
    /// Values with which one rounding and two give different bytes. Of random ones about one in a million does.
    /// </summary>
    [Theory]
    [InlineData("ConvInt8CudaMatrix")]
    [InlineData("ConvInt8CudaDirect")]
    public void A_residual_is_added_with_one_rounding(string name)
    {
        using var rig = new CudaRig(new FakeCudaSettings());
        using var ties = new CudaTies();
        Assert.Equal(CudaTies.Count, ties.Telling);
        rig.Run(CudaCases.Entry(name).Prepare(ties.Problem), ties.Arena.Bytes);
        Assert.Equal(ties.Expected, ties.Result);
    }

    [Fact]
    public void A_kernel_takes_no_more_than_its_parameters()
    {
        foreach (int target in CudaKernels.Targets)
        {
            var module = new Fakes.Ptx.PtxModule(System.Text.Encoding.UTF8.GetString(CudaKernels.Text(target)[..^1]));
            Assert.Equal(target, module.Target);
            foreach (var entry in CudaKernelTable.All.Where(e => e.Processor <= target))
            {
                var step = CudaCases.Any(entry);
                var function = step.Written is { } written
                    ? new Fakes.Ptx.PtxModule(System.Text.Encoding.UTF8.GetString(CudaKernels.Text([written])[..^1])).Functions[written.Name]
                    : module.Functions[step.Function];
                Assert.Equal([sizeof(long), sizeof(long), step.Arguments.Length], function.Parameters.Values.Select(p => p.Size));
                Assert.Equal(CudaStep.Threads, function.MostThreads);
            }
        }
    }

    [Fact]
    public void What_no_kernel_computes_is_not_taken()
    {
        var backend = new CudaBackend(Orin);
        var place = new Placement(0, 16, 32, 64);
        var stack = new ConvShape
        {
            InputDepth = 2,
            KernelDepth = 2,
            InputHeight = 2,
            InputWidth = 2,
            InputChannels = 4,
            OutputChannels = 4,
            KernelHeight = 1,
            KernelWidth = 1,
        };
        var problem = new ConvFp32Problem { Shape = stack, Weights = default, Bias = [], Input = place, PaddingOffset = 0, Output = place };
        Assert.False(backend.Takes(problem));
        Assert.True(backend.Takes(problem with { Shape = stack with { InputDepth = 1, KernelDepth = 1 } }));
        using var arena = new TestArena(new Random(1));
        var attention = AttentionTests.Make(new Random(1), arena);
        Assert.False(backend.Takes(attention with { Keys = 4097 }));
        Assert.True(backend.Takes(attention with { Keys = 4096 }));
    }
}
