using System.Runtime.InteropServices;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Add;
using ResNetEdge.CommandLine;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public class KernelTierTests
{
    [Fact]
    public void An_unknown_tier_is_exit_5_and_names_what_is_there()
    {
        var failure = Assert.Throws<EdgeException>(() => KernelTiers.Choose("mmx"));
        Assert.Equal(FailureKind.Unavailable, failure.Kind);
        Assert.Contains("'mmx'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("scalar", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_scalar_tier_takes_references_only()
    {
        var shape = new NhwcShape(1, 1, 1, 1);
        var place = new Placement(0, 1, 1, 1);
        var problem = new AddInt8Problem { Shape = shape, Left = place, Right = place, Output = place, LeftMultiplier = 1, RightMultiplier = 1 };
        using var kernel = KernelTable.Prepare(problem, KernelTiers.Find("scalar"));
        Assert.Equal(nameof(AddInt8Reference), kernel.Name);
    }

    [Fact]
    public void A_tier_takes_its_own_kernels_and_lower_ones_of_its_ladder()
    {
        var tiers = KernelTiers.All;
        for (int asked = 0; asked < tiers.Count; asked++)
        {
            for (int kernel = 0; kernel < tiers.Count; kernel++)
            {
                bool sameLadder = IsArm(tiers[kernel]) == IsArm(tiers[asked]) || tiers[kernel] == KernelTiers.Scalar;
                Assert.Equal(kernel >= asked && sameLadder, KernelTiers.Serves(tiers[kernel], tiers[asked]));
            }
        }
    }

    [Fact]
    public void Tiers_of_another_architecture_are_exit_5_and_say_so()
    {
        bool onArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        var strangers = KernelTiers.All.Where(tier => tier != KernelTiers.Scalar && IsArm(tier) != onArm).ToList();
        Assert.NotEmpty(strangers);
        Assert.All(strangers, tier =>
        {
            var failure = Assert.Throws<EdgeException>(() => KernelTiers.Choose(tier.Name));
            Assert.Equal(FailureKind.Unavailable, failure.Kind);
            Assert.Contains(onArm ? "lacks" : "needs a 64-bit Arm one", failure.Message, StringComparison.Ordinal);
        });
        Assert.False(IsArm(KernelTiers.Best) && !onArm);
    }

    [Fact]
    public void A_machine_lists_the_ladder_of_its_own_architecture()
    {
        bool onArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        Assert.Equal(KernelTiers.All.Where(tier => tier == KernelTiers.Scalar || IsArm(tier) == onArm), KernelTiers.OfThisArchitecture);
    }

    [SkippableFact]
    public void A_missing_tier_is_exit_5_and_says_why()
    {
        var missing = KernelTiers.All.FirstOrDefault(tier => !tier.IsAvailable);
        Skip.If(missing is null, "this machine has every tier");
        var failure = Assert.Throws<EdgeException>(() => KernelTiers.Find(missing.Name));
        Assert.Equal(FailureKind.Unavailable, failure.Kind);
        Assert.Contains(missing.Obstacle!, failure.Message, StringComparison.Ordinal);
    }

    public static IEnumerable<object[]> Kinds => KernelTable.All.Select(entry => entry.Kind).Distinct().Select(kind => new object[] { kind });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_kernels_of_a_kind_of_problem_have_names_of_their_own_and_end_with_the_reference(Type kind)
    {
        var kernels = KernelTable.All.Where(entry => entry.Kind == kind).ToList();
        Assert.Equal(kernels.Count, kernels.Select(entry => entry.Name).Distinct().Count());
        Assert.All(kernels, entry => Assert.Equal(entry.Tier == KernelTiers.Scalar, entry.Name.EndsWith("Reference", StringComparison.Ordinal)));
        // What the backend itself makes of a problem has the problem's reference.
        if (kind.Namespace == typeof(StepProblem).Namespace)
            Assert.Equal(KernelTiers.Scalar, kernels[^1].Tier);
    }

    private static bool IsArm(KernelTier tier) => tier == KernelTiers.Neon || tier == KernelTiers.NeonDot || tier == KernelTiers.NeonHalf;
}
