using ResNetEdge.Model;

namespace ResNetEdge.Operators.Recurrent;

/// <summary>The activation of one gate: a function by its ONNX name, and what it needs of activation_alpha and activation_beta.</summary>
/// <param name="Kind">Which function.</param>
/// <param name="Alpha">Its first parameter.</param>
/// <param name="Beta">Its second parameter.</param>
/// <param name="Clip">Its argument is clamped to −Clip and Clip; infinity where it is not.</param>
internal readonly record struct GateFunction(GateFunction.Function Kind, double Alpha, double Beta, double Clip)
{
    /// <summary>ONNX's functions for gates.</summary>
    public enum Function
    {
        Relu, Tanh, Sigmoid, Affine, LeakyRelu, ThresholdedRelu, ScaledTanh, HardSigmoid, Elu, Softsign, Softplus,
    }

    private static readonly string[] Names =
        ["Relu", "Tanh", "Sigmoid", "Affine", "LeakyRelu", "ThresholdedRelu", "ScaledTanh", "HardSigmoid", "Elu", "Softsign", "Softplus"];

    /// <summary>Resolves the functions of every direction, in the node's order.</summary>
    /// <param name="node">The node.</param>
    /// <param name="defaults">The functions of one direction where the node names none.</param>
    /// <param name="functions">Room for those of all directions.</param>
    /// <exception cref="EdgeException">Exit 3: an unknown name, or not as many names as there are gates.</exception>
    public static void Resolve(Node node, ReadOnlySpan<Function> defaults, Span<GateFunction> functions)
    {
        ReadOnlySpan<string> names = node.Attributes["activations"] as string[];
        if (!names.IsEmpty && names.Length != functions.Length)
            throw OperatorRules.Bad(node, $"it has {names.Length} activations where {functions.Length} are expected");
        ReadOnlySpan<float> alphas = node.Attributes.Floats("activation_alpha"), betas = node.Attributes.Floats("activation_beta");
        float clip = node.Attributes.Float("clip", 0);
        for (int i = 0; i < functions.Length; i++)
        {
            var kind = names.IsEmpty ? defaults[i % defaults.Length] : Named(node, names[i]);
            var (alpha, beta) = Defaults(kind);
            // A parameter is taken from the list only by a function that has it.
            functions[i] = new(kind, Next(alpha, ref alphas), Next(beta, ref betas), clip > 0 ? clip : double.PositiveInfinity);
        }
    }

    /// <summary>Its value for an argument that is clamped.</summary>
    public double Of(double x) => OfAny(x > Clip ? Clip : x < -Clip ? -Clip : x);

    /// <summary>Its value for an argument as it is.</summary>
    public double OfAny(double x) => Kind switch
    {
        Function.Relu => Math.Max(x, 0),
        Function.Tanh => Math.Tanh(x),
        Function.Sigmoid => 1 / (1 + Math.Exp(-x)),
        Function.Affine => Alpha * x + Beta,
        Function.LeakyRelu => x >= 0 ? x : Alpha * x,
        Function.ThresholdedRelu => x > Alpha ? x : 0,
        Function.ScaledTanh => Alpha * Math.Tanh(Beta * x),
        Function.HardSigmoid => Math.Min(Math.Max(Alpha * x + Beta, 0), 1),
        Function.Elu => x >= 0 ? x : Alpha * (Math.Exp(x) - 1),
        Function.Softsign => x / (1 + Math.Abs(x)),
        _ => x > 0 ? x + Math.Log(1 + Math.Exp(-x)) : Math.Log(1 + Math.Exp(x)),
    };

    // NaN where a function has no such parameter.
    private static (double Alpha, double Beta) Defaults(Function kind) => kind switch
    {
        Function.Affine => (1, 0),
        Function.LeakyRelu => (0.01f, double.NaN),
        Function.ThresholdedRelu or Function.Elu => (1, double.NaN),
        Function.ScaledTanh => (1, 1),
        Function.HardSigmoid => (0.2f, 0.5),
        _ => (double.NaN, double.NaN),
    };

    private static double Next(double otherwise, ref ReadOnlySpan<float> given)
    {
        if (double.IsNaN(otherwise) || given.IsEmpty) return otherwise;
        float value = given[0];
        given = given[1..];
        return value;
    }

    private static Function Named(Node node, string name)
    {
        for (int i = 0; i < Names.Length; i++)
            if (string.Equals(Names[i], name, StringComparison.OrdinalIgnoreCase)) return (Function)i;
        throw OperatorRules.Bad(node, $"activation '{name}' is not supported; those are {string.Join(", ", Names)}");
    }
}
