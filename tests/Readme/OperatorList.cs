using System.Globalization;
using System.Text;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;
using ResNetEdge.Plans;
using ResNetEdge.Tests.Unit.Runtime.Operators;

namespace ResNetEdge.Tests.Readme;

/// <summary>The list of operators for people, made from the operator table, its traits, and what the planner makes of the stored cases.</summary>
internal static class OperatorList
{
    /// <summary>docs/operators.md.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder("""
            # Operators

            Every ONNX operator that the engine `fused` runs. An operator, attribute or value that is not listed is refused by name; nothing is
            ignored. Models of the operator sets 1 to 23 are accepted, and forms that differ from operator set 17 are converted to it when the model
            is read ([decision 0034](decisions/0034-one-opset.md)).

            - **opset**: the operator sets in which the operator took a form that is known here.
            - **attributes**: those of the newest form; values in parentheses are the only ones supported.
            - **types**: element types of the first input, or of the output if there is none, that are tested.
            - **fp32**: *kernels* run it fast; *reference* is plain, exact and slow code; *both* depends on shapes and attributes; *none* needs no
              code when the network runs, because the node is folded or only relabels memory; *epilogue* costs nothing after a convolution or an Add.
            - **error**: the bound of a float32 result, while nothing overflows or underflows, in units u of 2⁻²⁴. *exact*: nothing is rounded. Otherwise it is
              so many u of the size of the result y, of the element x of the first input, of that input's largest element (max(x)), of the largest result
              but at least of 1 (max), or of Σ, the sum of the sizes of the n numbers that are added; where Winograd's method computes a Conv, of the
              products of its transforms. Where it is exact or of y or x, all kernels give the same bits.
            - **int8**: *computes* on quantised values; *passes* them through with their scale; otherwise values are dequantised for it.

            A test generates this page from the operator table (`RESNETEDGE_WRITE_DOCS=1`). To add one:
            [adding an operator](adding-an-operator.md).

            | operator | opset | attributes | types | fp32 | error | int8 |
            | --- | --- | --- | --- | --- | --- | --- |

            """);
        foreach (var op in OperatorTable.All.OrderBy(o => o.OpType, StringComparer.Ordinal))
        {
            var cases = OperatorCase.Of(op.OpType);
            string[] cells =
            [
                op.OpType, string.Join(", ", op.Signatures.Select(s => s.Since)), Attributes(op.Signatures[^1]),
                string.Join(", ", cases.Select(TypeOf).Distinct().Order()), Fp32(op, cases), Fp32Bounds.Of(op.OpType).ToString(), Int8(op, cases),
            ];
            text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
        }

        text.Append("""

            If, Loop and Scan are written out when the model is read: their conditions and trip counts must be constants, but for an If whose branches give
            the same shapes, of which both are computed.

            ## Refused for good

            A model that uses one of these operators is refused with the reason; they will not be added.

            | reason | operators |
            | --- | --- |

            """);
        foreach (var (reason, operators) in UnsupportedOperators.ForGood)
            text.Append("| ").Append(reason).Append(" | ").AppendJoin(", ", operators).Append(" |\n");
        return text.ToString();
    }

    private static string Attributes(Signature signature) =>
        signature.Attributes.Length == 0 ? "-" : string.Join(", ", signature.Attributes.Select(Attribute));

    private static string Attribute(AttributeRule rule) => rule.Supported is { } values
        ? string.Create(CultureInfo.InvariantCulture, $"`{rule.Name}` ({string.Join(", ", values.Select(value => Value(rule, value)))})")
        : $"`{rule.Name}`";

    // Element types are numbers in a file; 0 is the type that the other inputs imply.
    private static object Value(AttributeRule rule, object value) =>
        rule.Name is not ("to" or "output_dtype" or "precision") ? value : value is 0L ? "implied" : (ElementType)(long)value;

    private static ElementType TypeOf(OperatorCase stored) => (stored.Inputs.FirstOrDefault(i => i is not null) ?? stored.Expected[0]!).Type;

    private static string Fp32(Operator op, IReadOnlyList<OperatorCase> cases)
    {
        var ways = cases.Where(IsFloat).Select(Way).Distinct().ToList();
        if (ways.Count == 0 || op.Traits.IsQuantization) return "-";
        string way = (ways.Contains("kernels"), ways.Contains("reference")) switch
        {
            (true, true) => "both",
            (true, false) => "kernels",
            (false, true) => "reference",
            _ => "none",
        };
        return op.Traits.IsClamp ? $"epilogue, {way}" : way;
    }

    private static bool IsFloat(OperatorCase stored) => TypeOf(stored) == ElementType.Float32 || stored.Expected[0]!.Type == ElementType.Float32;

    // Planned for the scalar tier, so that the page is the same on every machine. A node that reads constants alone is folded before.
    private static string Way(OperatorCase stored)
    {
        if (stored.Constants.All(static isConstant => isConstant)) return "none";
        using var plan = Planner.Make(PassList.Run(stored.Graph()), new CpuBackend(KernelTiers.Scalar), 1);
        return Array.Exists(plan.Steps, step => step.Kernel is OperatorReference) ? "reference" : plan.Steps.Length > 0 ? "kernels" : "none";
    }

    private static string Int8(Operator op, IReadOnlyList<OperatorCase> cases)
    {
        var rules = cases.Where(IsFloat).Select(c => c.Graph()).Select(g => op.Quantization(g.Nodes[0], g)).ToHashSet();
        return op.Traits.IsQuantization || op.Traits.HasInt8Form || rules.Contains(QuantizationRule.ComputesInInt8) ? "computes"
            : rules.Contains(QuantizationRule.PassesScale) ? "passes"
            : op.Traits.IsClamp ? "epilogue" : "-";
    }
}
