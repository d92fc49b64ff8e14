using Microsoft.ML.OnnxRuntime;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Operators;

namespace ResNetEdge.Tests.Unit.Fuzz.Operators;

/// <summary>
/// Random nodes of every operator in every operator set: shapes of any rank, dimensions of 0, axes from either end, broadcasting, numbers that are
/// not. RESNETEDGE_FUZZ=N draws N nodes of each operator instead of a few, from RESNETEDGE_FUZZ_FIRST on.
/// </summary>
public class OperatorFuzzTests
{
    private const int Quick = 10;

    public static TheoryData<string> Operators => OperatorTests.Operators;

    [Fact]
    public void Every_operator_can_be_drawn() => Assert.Equal(
        OperatorTable.All.Select(static o => o.OpType).Order(StringComparer.Ordinal), OperatorDrafts.All.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_bound_is_of_an_operator() =>
        Assert.All(Fp32Bounds.Stated, static name => Assert.Contains(OperatorTable.All, o => o.OpType == name));

    /// <summary>
    /// The reference and the planned engine are within the operator's bound of what double precision gives, and equal each other where they must.
    /// </summary>
    [Theory, MemberData(nameof(Operators))]
    public void An_operator_keeps_its_bound(string name)
    {
        int answered = 0, count = Each(name, hasSpecials: true, (run, seed, draft) =>
        {
            var error = new Fp32Error(draft, run);
            for (int o = 0; o < run.Expected.Count; o++) error.AssertKept(o, run.Expected[o], "the reference");
            if (run.OnEngine(Options(seed)) is not { } found) return;
            answered++;
            for (int o = 0; o < found.Count; o++)
            {
                if (Fp32Bounds.Of(name).IsBitForBit) Fp32Error.AssertSame(run.Expected[o], found[o], $"{draft}, output {o} of the engine");
                else error.AssertKept(o, found[o], "the engine");
            }
        });
        Assert.True(answered * 2 > count, $"the engine runs only {answered} of {count} nodes of {name}");
    }

    [SkippableTheory, MemberData(nameof(Operators))]
    public void An_operator_gives_what_onnx_runtime_gives(string name)
    {
        OnnxRuntimeHere.OrSkip();
        Each(name, hasSpecials: false, (run, seed, draft) =>
        {
            if (draft.Opset < 7) return; // older ones it does not promise
            IReadOnlyList<Tensor> found;
            try
            {
                found = run.OnOnnxRuntime();
            }
            catch (OnnxRuntimeException)
            {
                return;
            }

            for (int o = 0; o < found.Count; o++) Fp32Error.AssertClose(run.Expected[o], found[o], draft, $"output {o} of ONNX Runtime");
        });
    }

    private static EngineOptions Options(int seed)
    {
        string[] tiers = [.. KernelTiers.AvailableNames];
        return new EngineOptions { Threads = 1 + seed % 3, Isa = tiers[seed / 3 % tiers.Length] };
    }

    /// <summary>Draws nodes, and gives their number without those that are refused.</summary>
    private static int Each(string name, bool hasSpecials, Action<DraftRun, int, NodeDraft> check)
    {
        var opsets = OperatorDrafts.Opsets(name);
        int refused = 0, count = FuzzSettings.Count(Quick), first = FuzzSettings.First;
        string reason = "";
        for (int seed = first; seed < first + count; seed++)
        {
            var random = new Random(seed);
            var draft = new NodeDraft(name, opsets[(seed * 7 + random.Next(opsets.Count)) % opsets.Count], random, hasSpecials);
            DraftRun run;
            try
            {
                OperatorDrafts.All[name](draft);
                run = new DraftRun(draft);
            }
            catch (EdgeException e) when (e.Kind == FailureKind.BadInput)
            {
                (refused, reason) = (refused + 1, $"seed {seed}: {e.Message}");
                continue;
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                throw new InvalidOperationException($"seed {seed}, {draft}: {e.Message}", e);
            }

            try
            {
                check(run, seed, draft);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e.Message}\n{e.StackTrace}");
            }
        }

        Assert.True(refused * 4 <= count, $"{refused} of {count} nodes of {name} are refused, the last of them with: {reason}");
        return count - refused;
    }
}
