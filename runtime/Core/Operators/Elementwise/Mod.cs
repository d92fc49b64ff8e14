using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Remainder, element by element, with broadcasting: with the sign of the divisor as in Python, or with fmod as C's has it.</summary>
internal sealed class Mod : Arithmetic
{
    public override string OpType => "Mod";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(10, 2, 2, Int("fmod").Only(0L, 1L))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var outputs = base.Infer(node, inputs);
        return outputs[0].Type.IsInteger() || IsFmod(node) ? outputs
            : throw OperatorRules.Bad(node, $"inputs of type {outputs[0].Type} without fmod, which is not supported; set fmod to 1");
    }

    protected override double Apply(double a, double b) => a % b;

    protected override long Apply(Node node, long a, long b, ElementType type)
    {
        long remainder = Integers.Remainder(node, a, b, type);
        bool isOfOtherSign = type.IsSigned() && remainder != 0 && remainder < 0 != b < 0;
        return isOfOtherSign && !IsFmod(node) ? remainder + b : remainder;
    }

    private static bool IsFmod(Node node) => node.Attributes.Int("fmod", 0) != 0;
}
