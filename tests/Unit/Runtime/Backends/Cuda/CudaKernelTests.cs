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

    /// <summary>Every kernel on every processor for which it is the best one.</summary>
    public static TheoryData<string, int> Kernels
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var entry in CudaKernelTable.All)
                foreach (int processor in (int[])[Orin, Xavier])
                    if (entry.Processor <= processor) data.Add(entry.Name, processor);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_kernel_equals_the_scalar_definition_bit_for_bit(string name, int processor)
    {
        using var rig = new CudaRig(new FakeCudaSettings { Processor = processor, Seed = processor });
        Assert.True(CudaCases.Run(rig, name, out string difference) >= CudaCases.Least, difference);
        Assert.Empty(difference);
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
                var function = module.Functions[step.Function];
                Assert.Equal([sizeof(long), sizeof(long), step.Arguments.Length], function.Parameters.Values.Select(p => p.Size));
                Assert.Equal(CudaStep.Threads, function.MostThreads);
            }
        }
    }

    [Fact]
    public void What_no_kernel_computes_is_not_taken()
    {
        var backend = new CudaBackend(Orin);
        var shape = new NhwcShape(1, 2, 2, 4);
        var place = new Placement(0, 16, 32, 64);
        Assert.False(backend.Takes(new AddFp32Problem { Shape = shape, Left = place, Right = place, Output = place }));
        Assert.True(backend.Takes(new AddInt8Problem
        {
            Shape = shape,
            Left = place,
            Right = place,
            Output = place,
            LeftMultiplier = 1,
            RightMultiplier = 1,
        }));
    }
}
