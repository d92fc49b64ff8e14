using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Integer arithmetic as ONNX has it, on numbers that come as 64 bits; those of UInt64 come as their bits.</summary>
internal static class Integers
{
    /// <summary>a / b, truncated towards zero; the least number by -1 wraps.</summary>
    /// <exception cref="EdgeException">Exit 3: b is 0.</exception>
    public static long Quotient(Node node, long a, long b, ElementType type)
    {
        if (b == 0) throw OperatorRules.Bad(node, "integer division by zero");
        return type == ElementType.UInt64 ? (long)((ulong)a / (ulong)b) : b == -1 ? -a : a / b;
    }

    /// <summary>What a / b leaves, with the sign of a.</summary>
    /// <exception cref="EdgeException">Exit 3: b is 0.</exception>
    public static long Remainder(Node node, long a, long b, ElementType type)
    {
        if (b == 0) throw OperatorRules.Bad(node, "integer division by zero");
        return type == ElementType.UInt64 ? (long)((ulong)a % (ulong)b) : b == -1 ? 0 : a % b;
    }

    /// <summary>a to the power of an exponent that is not negative; wraps.</summary>
    public static long Power(long a, long exponent)
    {
        long power = 1;
        for (ulong rest = (ulong)exponent; rest != 0; rest >>= 1, a *= a)
            if ((rest & 1) != 0) power *= a;
        return power;
    }

    /// <summary>Whether a is less than b.</summary>
    public static bool IsLess(long a, long b, ElementType type) => type == ElementType.UInt64 ? (ulong)a < (ulong)b : a < b;
}
