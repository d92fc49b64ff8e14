using System.Text;
using ResNetEdge.Backends.Cuda;
using ResNetEdge.Tests.Fakes.Cuda;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cuda;

/// <summary>The tests of the kernels can fail: each of many mistakes in their code is noticed.</summary>
[Collection(CudaRig.Collection)]
public class CudaMutantTests
{
    public static TheoryData<string, string> Mutants
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var mutant in CudaMutants.All) data.Add(mutant.Kernel, mutant.What);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Mutants))]
    public void A_mistake_is_noticed(string kernel, string what)
    {
        var mutant = CudaMutants.All.Single(m => m.Kernel == kernel && m.What == what);
        string whole = Encoding.UTF8.GetString(CudaKernels.Text(87)[..^1]), broken = mutant.In(whole);
        Assert.NotEqual(whole, broken);
        Assert.NotEqual("", Trace(mutant, broken));
    }

    [Fact]
    public void Every_kernel_has_mistakes() =>
        Assert.Equal(CudaKernelTable.All.Select(e => e.Name).Order(), CudaMutants.All.Select(m => m.Kernel).Distinct().Order());

    /// <summary>What shows the mistake; empty when nothing does.</summary>
    internal static string Trace(CudaMutants mutant, string ptx)
    {
        FakeCuda? driver = null;
        try
        {
            using var rig = new CudaRig(new FakeCudaSettings(), ptx);
            driver = rig.Driver;
            CudaCases.Run(rig, mutant.Kernel, out string difference);
            if (difference.Length > 0 || mutant.Kernel is not ("ConvInt8CudaMatrix" or "ConvInt8CudaDirect")) return difference;
            using var ties = new CudaTies();
            rig.Run(CudaCases.Entry(mutant.Kernel).Prepare(ties.Problem), ties.Arena.Bytes);
            return ties.Expected.SequenceEqual(ties.Result) ? "" : "ties are rounded twice";
        }
        catch (EdgeException e)
        {
            return driver?.Faults.FirstOrDefault() ?? e.Message;
        }
    }
}
