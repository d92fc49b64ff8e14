using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Tests.Unit.Fuzz.Operators;

/// <summary>
/// Random nodes whose floats are of half or double precision: the planned engine, which widens or narrows them, gives what the operator's reference
/// gives in the type itself. RESNETEDGE_FUZZ as in <see cref="OperatorFuzzTests"/>.
/// </summary>
public class OtherFloatTests
{
    private const int Quick = 3;

    /// <summary>A step of float16 beside 1, and what float32 leaves of double precision.</summary>
    private const double HalfBound = 1.0 / 1024, DoubleBound = 3e-5;

    public static IEnumerable<object[]> Cases =>
        OperatorTable.All.SelectMany(static o => new[] { ElementType.Float16, ElementType.Float64 }.Select(type => new object[] { o.OpType, type }));

    [SkippableTheory, MemberData(nameof(Cases))]
    public void An_operator_gives_what_its_reference_gives_in_the_same_type(string name, ElementType type)
    {
        var opsets = OperatorDrafts.Opsets(name);
        int answered = 0;
        for (int seed = FuzzSettings.First; seed < FuzzSettings.First + FuzzSettings.Count(Quick); seed++)
        {
            var random = new Random(seed);
            var draft = new NodeDraft(name, opsets[(seed * 7 + random.Next(opsets.Count)) % opsets.Count], random, hasSpecials: false);
            if (Run(draft, type, seed) is not { } run) continue;
            var options = new EngineOptions { Threads = 1 + seed % 3, HalfByReference = seed % 2 == 0 };
            if (run.OnEngine(options) is not { } found) continue;
            answered++;
            for (int o = 0; o < found.Count; o++)
                Fp32Error.AssertNear(
                    run.Expected[o], found[o], $"seed {seed}, {draft}, output {o} of {type}", type == ElementType.Float16 ? HalfBound : DoubleBound);
        }

        Skip.If(answered == 0, $"no node of {name} that was drawn takes {type}");
    }

    private static DraftRun? Run(NodeDraft draft, ElementType type, int seed)
    {
        try
        {
            OperatorDrafts.All[draft.OpType](draft);
            bool isOther = false;
            for (int i = 0; i < draft.Inputs.Count; i++)
            {
                if (draft.Inputs[i] is not { Type: ElementType.Float32 } input) continue;
                isOther = true;
                if (TakesOther(draft, i)) draft.Inputs[i] = As(input, type);
            }

            return isOther ? new DraftRun(draft, isLiteral: true) : null;
        }
        catch (EdgeException e) when (e.Kind == FailureKind.BadInput)
        {
            return null;
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"seed {seed}, {draft}: {e.Message}", e);
        }
    }

    // Factors of a Resize are float32 whatever the picture is.
    private static bool TakesOther(NodeDraft draft, int input) => draft.OpType is not ("Resize" or "Upsample") || input == 0;

    private static Tensor As(Tensor input, ElementType type) => type == ElementType.Float16
        ? Tensor.From<Half>(input.Shape, [.. input.ToFloats().Select(static x => (Half)x)])
        : Tensor.From<double>(input.Shape, [.. input.ToFloats().Select(static x => (double)x)]);
}
