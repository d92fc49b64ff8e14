using ResNetEdge.Model;

namespace ResNetEdge.Operators.Products;

/// <summary>One element of a product: Σ a·b, floats in double and rounded once, integers wrapping.</summary>
internal static class DotProduct
{
    /// <summary>A required input of a type that products are defined for.</summary>
    public static InputType Factor(this ReadOnlySpan<InputType?> inputs, Node node, int index)
    {
        var input = inputs.Required(node, index);
        bool isKnown = input.Type.IsFloat() || input.Type is ElementType.Int32 or ElementType.Int64 or ElementType.UInt32 or ElementType.UInt64;
        return isKnown ? input : throw OperatorRules.Bad(node, $"input {index} is {input.Type}, which is not supported there");
    }

    /// <summary>y[index] = Σ a[firstA + p · stepA] · b[firstB + p · stepB], p from 0 to k − 1.</summary>
    public static void Set(in TensorView y, int index, in TensorView a, int firstA, int stepA, in TensorView b, int firstB, int stepB, int k)
    {
        if (y.Type.IsFloat()) y.Set(index, Sum(a, firstA, stepA, b, firstB, stepB, k));
        else y.Set(index, Integer(a, firstA, stepA, b, firstB, stepB, k));
    }

    /// <summary>The sum of products of floats.</summary>
    public static double Sum(in TensorView a, int firstA, int stepA, in TensorView b, int firstB, int stepB, int k)
    {
        double sum = 0;
        if (a.Type == ElementType.Float32 && b.Type == ElementType.Float32)
        {
            ReadOnlySpan<float> left = a.As<float>(), right = b.As<float>();
            for (int p = 0; p < k; p++) sum += (double)left[firstA + p * stepA] * right[firstB + p * stepB];
        }
        else
        {
            for (int p = 0; p < k; p++) sum += a.Number(firstA + p * stepA) * b.Number(firstB + p * stepB);
        }

        return sum;
    }

    /// <summary>The sum of products of integers, in 64 bits that wrap.</summary>
    public static long Integer(in TensorView a, int firstA, int stepA, in TensorView b, int firstB, int stepB, int k)
    {
        long sum = 0;
        for (int p = 0; p < k; p++) sum += a.Integer(firstA + p * stepA) * b.Integer(firstB + p * stepB);
        return sum;
    }
}
