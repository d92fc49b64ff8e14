using ResNetEdge.Model;

namespace ResNetEdge.Operators.Reductions;

/// <summary>The elements that become one.</summary>
/// <param name="values">What is reduced.</param>
/// <param name="groups">Its elements in groups.</param>
/// <param name="group">Number of this one.</param>
internal readonly ref struct ReducedGroup(TensorView values, ReducedGroups groups, int group)
{
    private readonly TensorView _values = values;
    private readonly ReducedGroups _groups = groups;
    private readonly int _first = groups.First(group);

    /// <summary>Type of the elements.</summary>
    public ElementType Type => _values.Type;

    /// <summary>How many there are; may be 0.</summary>
    public int Count => _groups.Size;

    /// <summary>One element as a float.</summary>
    public double Number(int index) => _values.Number(_first + _groups.Within(index));

    /// <summary>One element of an integer or bool type.</summary>
    public long Integer(int index) => _values.Integer(_first + _groups.Within(index));
}
