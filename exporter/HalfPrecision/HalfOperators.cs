using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Exporter.HalfPrecision;

/// <summary>
/// Which operators of a float network may compute in float16. Layers, pools, arithmetic and functions whose results are about as large as what they
/// read; moved elements. Exponentials, quotients, reductions, normalisations, softmax and recurrent layers are not among them: their results or what
/// they sum up on the way need the range of float32.
/// </summary>
internal static class HalfOperators
{
    /// <summary>Elements from which on the weights of a layer that computes in float32 are stored in float16.</summary>
    private const int WorthStoring = 1024;

    /// <summary>Whether a node may compute in float16; what its values hold is another question.</summary>
    /// <param name="node">The node.</param>
    /// <param name="graph">Its graph, of float32.</param>
    public static bool Allow(Node node, Graph graph)
    {
        var (entry, traits) = (OperatorTable.Of(node), OperatorTable.TraitsOf(node));
        if (traits.SpreadsRange || traits.IsQuantization) return false;
        return traits.HasInt8Form || traits.Elements is ElementFlow.Kept or ElementFlow.Moved or ElementFlow.Selected
            || entry.Quantization(node, graph) is QuantizationRule.ComputesInInt8 or QuantizationRule.FollowsReaders or QuantizationRule.PassesScale;
    }

    /// <summary>Whether a node multiplies and adds, for which float16 is worth two conversions.</summary>
    public static bool IsLayer(Node node) => OperatorTable.TraitsOf(node).IsWeighted;

    /// <summary>Whether an input of a node that computes in float32 may be stored in float16: the weights of recurrent layers.</summary>
    public static bool Stores(Node node, int input, Tensor value) =>
        !OperatorTable.TraitsOf(node).HasInt8Form && OperatorTable.TraitsOf(node).RoleOf(input) == InputRole.Weight
        && value.Shape.ElementCount >= WorthStoring && HalfRange.Misfit(HalfRange.MagnitudeOf(value.As<float>())) is null;
}
