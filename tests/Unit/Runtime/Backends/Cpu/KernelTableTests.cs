using ResNetEdge.Backends.Cpu;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public class KernelTableTests
{
    [Fact]
    public void Every_kind_of_problem_has_kernels()
    {
        var kinds = typeof(StepProblem).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(StepProblem)) && !type.IsAbstract);
        Assert.Equal(kinds.OrderBy(kind => kind.Name), KernelTable.All.Select(entry => entry.Kind).Distinct().OrderBy(kind => kind.Name));
    }
}
