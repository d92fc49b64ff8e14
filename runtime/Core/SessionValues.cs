using ResNetEdge.Model;
using ResNetEdge.Naming;

namespace ResNetEdge;

/// <summary>
/// The inputs or the outputs of a session: which one a name or number means, and whether a span fits it. Allocates only to complain.
/// </summary>
/// <param name="kind">"input" or "output", for messages.</param>
/// <param name="infos">In the model's order.</param>
internal sealed class SessionValues(string kind, IReadOnlyList<TensorInfo> infos)
{
    private readonly Dictionary<string, int> _numbers =
        infos.Select((info, number) => (info.Name, number)).ToDictionary(pair => pair.Name, pair => pair.number, StringComparer.Ordinal);

    /// <summary>In the model's order.</summary>
    public IReadOnlyList<TensorInfo> Infos => infos;

    /// <summary>The number of a name.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public int Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_numbers.TryGetValue(name, out int index)) return index;
        string suggestion = Spelling.Suggestion(name, [.. infos.Select(info => info.Name)]);
        throw new ArgumentException($"unknown {kind} '{name}' of the network; {suggestion}", nameof(name));
    }

    /// <summary>Refuses a number that is out of range, and a span of another type or length than the value has.</summary>
    /// <param name="index">The value's number.</param>
    /// <param name="count">The span's length.</param>
    /// <exception cref="ArgumentException">It does not fit; the message has the value's name, type and shape, and what was given.</exception>
    public void Check<T>(int index, int count) where T : unmanaged
    {
        if ((uint)index >= (uint)infos.Count)
        {
            string kinds = infos.Count == 1 ? kind : $"{kind}s";
            throw new ArgumentOutOfRangeException(nameof(index), index, $"the network has {infos.Count} {kinds}, numbered from 0");
        }

        var info = infos[index];
        var given = ElementTypes.OfOrUndefined<T>();
        if (given.StandsFor(info.Type) && count == info.Shape.ElementCount) return;
        string type = given == ElementType.Undefined ? typeof(T).Name : given.ToString();
        string expected = $"{info.Type}[{info.Shape}], {info.Shape.ElementCount} values of {info.Type}";
        throw new ArgumentException($"{kind} '{info.Name}' is {expected}; a span of {count} values of {type} was given");
    }
}
