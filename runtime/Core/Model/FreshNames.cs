using System.Runtime.InteropServices;

namespace ResNetEdge.Model;

/// <summary>Names that nothing in a graph has yet. Linear in what is asked for, however often the same name is wished.</summary>
/// <param name="taken">Every name there is.</param>
internal sealed class FreshNames(IEnumerable<string> taken)
{
    private readonly HashSet<string> _taken = new(taken, StringComparer.Ordinal);
    private readonly Dictionary<string, int> _last = new(StringComparer.Ordinal);

    /// <summary>The name itself, or <c>name.2</c> and so on, and takes it.</summary>
    public string Of(string wished)
    {
        if (_taken.Add(wished)) return wished;
        ref int last = ref CollectionsMarshal.GetValueRefOrAddDefault(_last, wished, out bool isKnown);
        if (!isKnown) last = 1;
        string name;
        do name = $"{wished}.{++last}"; while (!_taken.Add(name));
        return name;
    }
}
