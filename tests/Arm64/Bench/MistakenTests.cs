using ResNetEdge.Backends.Cpu.Conv.Int8;
using ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

namespace ResNetEdge.Tests.Arm64;

/// <summary>A test that must fail, which shows that the runner and the comparison can.</summary>
public class MistakenTests
{
    [Fact]
    public void One_byte_of_a_result_is_changed()
    {
        using var test = new ConvInt8Case(0);
        KernelCases.AssertEqual(test.Arena, new ConvInt8Reference(test.Problem), new FlawedConvInt8(test.Problem), 1, "a deliberate mistake");
    }
}
