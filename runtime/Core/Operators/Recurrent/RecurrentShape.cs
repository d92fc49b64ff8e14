using ResNetEdge.Model;

namespace ResNetEdge.Operators.Recurrent;

/// <summary>Sizes of a recurrent layer, and where its values lie in both layouts.</summary>
/// <param name="Steps">Time steps.</param>
/// <param name="Batch">Sequences side by side.</param>
/// <param name="Inputs">Numbers of each step.</param>
/// <param name="Hidden">Numbers of the state.</param>
/// <param name="Directions">2 for both directions.</param>
/// <param name="BatchFirst">Layout 1: X [batch][step][inputs], Y [batch][step][direction][hidden], states [batch][direction][hidden].</param>
internal readonly record struct RecurrentShape(int Steps, int Batch, int Inputs, int Hidden, int Directions, bool BatchFirst)
{
    /// <summary>Reads them from the shapes of X and R.</summary>
    public static RecurrentShape Of(Node node, Shape x, Shape r)
    {
        bool batchFirst = node.Attributes.Int("layout", 0) != 0;
        return new(x[batchFirst ? 1 : 0], x[batchFirst ? 0 : 1], x[2], r[2], r[0], batchFirst);
    }

    /// <summary>Shape of the output of every step.</summary>
    public Shape Sequence(Node node) =>
        BatchFirst ? OperatorRules.ShapeOf(node, Batch, Steps, Directions, Hidden) : OperatorRules.ShapeOf(node, Steps, Directions, Batch, Hidden);

    /// <summary>Shape of a state.</summary>
    public Shape State(Node node) =>
        BatchFirst ? OperatorRules.ShapeOf(node, Batch, Directions, Hidden) : OperatorRules.ShapeOf(node, Directions, Batch, Hidden);

    /// <summary>First number of a step of X.</summary>
    public int InputAt(int step, int batch) => (BatchFirst ? batch * Steps + step : step * Batch + batch) * Inputs;

    /// <summary>First number of a step of Y.</summary>
    public int OutputAt(int step, int direction, int batch) =>
        (BatchFirst ? (batch * Steps + step) * Directions + direction : (step * Directions + direction) * Batch + batch) * Hidden;

    /// <summary>First number of a state.</summary>
    public int StateAt(int direction, int batch) => (BatchFirst ? batch * Directions + direction : direction * Batch + batch) * Hidden;

    /// <summary>Whether a direction goes from the last step to the first.</summary>
    public static bool IsReverse(Node node, int direction) => direction == 1 || node.Attributes.String("direction", "forward") == "reverse";
}
