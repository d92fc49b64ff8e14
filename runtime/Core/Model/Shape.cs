using System.Diagnostics.CodeAnalysis;

namespace ResNetEdge.Model;

/// <summary>The dimensions of a tensor, outermost first. Immutable; a scalar has rank 0. Every dimension is known and not negative.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "a shape is a value, not a collection")]
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>More elements than this are refused everywhere: 2^31 - 1.</summary>
    public const long MaxElements = int.MaxValue;

    private readonly int[]? _dimensions;

    /// <summary>Creates a shape.</summary>
    /// <exception cref="ArgumentException">A dimension is negative, or the element count exceeds <see cref="MaxElements"/>.</exception>
    public Shape(params ReadOnlySpan<int> dimensions)
    {
        long count = 1;
        foreach (int d in dimensions)
        {
            if (d < 0) throw new ArgumentException($"dimension {d} is negative");
            count *= d;
            if (count > MaxElements) throw new ArgumentException($"a shape of more than {MaxElements} elements");
        }

        _dimensions = dimensions.ToArray();
    }

    /// <summary>The shape of a scalar.</summary>
    public static Shape Scalar => default;

    /// <summary>All dimensions, outermost first.</summary>
    public ReadOnlySpan<int> Dimensions => _dimensions;

    /// <summary>Number of dimensions.</summary>
    public int Rank => _dimensions?.Length ?? 0;

    /// <summary>Product of the dimensions; 1 for a scalar.</summary>
    public int ElementCount
    {
        get
        {
            int count = 1;
            foreach (int d in Dimensions) count *= d;
            return count;
        }
    }

    /// <summary>One dimension, counted from either end.</summary>
    public int this[Index axis] => Dimensions[axis];

    /// <summary>Equal dimensions in equal order.</summary>
    public static bool operator ==(Shape a, Shape b) => a.Equals(b);

    /// <summary>Different rank or a different dimension.</summary>
    public static bool operator !=(Shape a, Shape b) => !a.Equals(b);

    /// <inheritdoc/>
    public bool Equals(Shape other) => Dimensions.SequenceEqual(other.Dimensions);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int d in Dimensions) hash.Add(d);
        return hash.ToHashCode();
    }

    /// <summary>As people write it: <c>1x3x32x32</c>; <c>scalar</c> for rank 0.</summary>
    public override string ToString() => Rank == 0 ? "scalar" : string.Join('x', Dimensions.ToArray());
}
