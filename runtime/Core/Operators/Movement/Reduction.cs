using ResNetEdge.Model;

namespace ResNetEdge.Operators.Movement;

/// <summary>What ScatterElements and ScatterND do where an element is already: its attribute <c>reduction</c>.</summary>
internal static class Reduction
{
    /// <summary>Forms of the attribute that operator set 16 knows.</summary>
    public static readonly string[] Old = ["none", "add", "mul"];

    /// <summary>Forms of the attribute that operator set 18 knows.</summary>
    public static readonly string[] All = [.. Old, "max", "min"];

    /// <summary>Combines an element with an update.</summary>
    /// <param name="reduction">One of <see cref="All"/>.</param>
    /// <param name="y">Holds the element.</param>
    /// <param name="at">Its number.</param>
    /// <param name="updates">Holds the update.</param>
    /// <param name="from">Its number.</param>
    public static void Apply(string reduction, TensorView y, int at, TensorView updates, int from)
    {
        if (reduction == "none")
        {
            int size = y.Type.Size();
            updates.Bytes.Slice(from * size, size).CopyTo(y.Bytes[(at * size)..]);
        }
        else if (y.Type.IsFloat()) y.Set(at, Combined(reduction, y.Number(at), updates.Number(from)));
        else if (y.Type == ElementType.UInt64 && reduction is "max" or "min") y.Set(at, Unsigned(reduction, y.Integer(at), updates.Integer(from)));
        else y.Set(at, Combined(reduction, y.Integer(at), updates.Integer(from)));
    }

    private static double Combined(string reduction, double a, double b) => reduction switch
    {
        "add" => a + b,
        "mul" => a * b,
        "max" => Math.Max(a, b),
        _ => Math.Min(a, b),
    };

    private static long Combined(string reduction, long a, long b) => reduction switch
    {
        "add" => unchecked(a + b),
        "mul" => unchecked(a * b),
        "max" => Math.Max(a, b),
        _ => Math.Min(a, b),
    };

    private static long Unsigned(string reduction, long a, long b) =>
        (long)(reduction == "max" ? Math.Max((ulong)a, (ulong)b) : Math.Min((ulong)a, (ulong)b));
}
