using ResNetEdge.Model;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// Turns a node, together with the neighbours that one kernel can do in the same pass, into steps or views. What standard ONNX
/// cannot express (int8 Conv+Add+Relu) happens here; what it can is a pass.
/// </summary>
internal abstract class Fusion
{
    /// <summary>Plans the node if this fusion applies.</summary>
    /// <returns>False when it does not apply; then nothing was changed.</returns>
    public abstract bool TryPlan(PlanBuilder plan, Node node);
}
