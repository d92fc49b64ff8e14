using ResNetEdge.Exporter.Checkpoints;

namespace ResNetEdge.Exporter.Architectures.Names;

/// <summary>
/// Finds where in a checkpoint a residual network lies, whatever module holds it (<c>model.backbone.</c>, <c>net.module.</c>), and gives its
/// parameters the names that the families declare. Training state beside it is left out; everything else stays and is reported when it has no place.
/// </summary>
internal static class NetworkLocator
{
    // Put into the middle of names by torch.compile, FSDP and activation checkpointing of single modules.
    private static readonly string[] InnerWrappers = ["_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"];

    /// <summary>The same weights under the names that the families declare; as they are when no network is found in them.</summary>
    /// <exception cref="EdgeException">Exit 3: several networks, of which none is the one to take.</exception>
    public static StateDict Locate(StateDict weights)
    {
        var names = new OrderedDictionary<string, string>(StringComparer.Ordinal); // unwrapped to the file's
        foreach (string name in weights.Names)
        {
            string unwrapped = Unwrap(name);
            if (!names.TryAdd(unwrapped, name) && !weights[names[unwrapped]]!.Bytes.Equals(weights[name]!.Bytes))
                throw EdgeException.BadInput(
                    $"{weights.FileName}: {FileText.Quote(name)} and {FileText.Quote(names[unwrapped])} are two values for the same parameter; "
                        + "save only one network");
        }

        foreach (var scheme in NameSchemes.All)
        {
            string[] roots = [.. names.Keys.Where(n => EndsWith(n, scheme.Stem)).Select(n => n[..^scheme.Stem.Length])
                .Where(root => names.ContainsKey(root + scheme.Block))];
            if (roots.Length > 0)
                return Rename(weights, names, scheme, Choose(weights.FileName, roots, root => weights[names[root + scheme.Stem]]!.Bytes));
        }

        return weights;
    }

    private static bool EndsWith(string name, string end) =>
        name.EndsWith(end, StringComparison.Ordinal) && (name.Length == end.Length || name[^(end.Length + 1)] == '.');

    // Averaged copies give way to the weights themselves; a module that two attributes hold is one network.
    private static string Choose(string fileName, string[] roots, Func<string, ReadOnlyMemory<byte>> stem)
    {
        if (roots.Length > 1 && roots.Where(r => !TrainingState.Holds(r)).ToArray() is [_, ..] plain) roots = plain;
        string[] distinct = [.. roots.DistinctBy(stem)];
        return distinct.Length == 1 ? distinct[0] : throw EdgeException.BadInput(
            $"{fileName}: holds {distinct.Length} networks, under "
                + $"{string.Join(" and ", distinct.Take(3).Select(FileText.Quote))}; save only the one to export");
    }

    private static StateDict Rename(StateDict weights, OrderedDictionary<string, string> names, NameScheme scheme, string root)
    {
        var renamed = new List<(string Name, string Original)>();
        var leftOut = new List<string>();
        foreach (var (name, original) in names)
        {
            bool isWithin = name.StartsWith(root, StringComparison.Ordinal);
            string relative = name[(isWithin ? root.Length : CommonModules(root, name))..];
            if (TrainingState.Holds(relative)) leftOut.Add(original);
            else if (isWithin) renamed.Add((scheme.Canonical(relative) ?? relative, original));
            else renamed.Add((ClassifierHead.Has(relative) ? relative : name, original));
        }

        return weights.Renamed(renamed, leftOut, name => root + scheme.Original(name));
    }

    // Length of the modules that both lie in: "model." of "model.backbone." and "model.head.weight".
    private static int CommonModules(string root, string name)
    {
        int length = root.AsSpan().CommonPrefixLength(name);
        return name.AsSpan(0, length).LastIndexOf('.') + 1;
    }

    private static string Unwrap(string name) =>
        Array.Exists(InnerWrappers, wrapper => name.Contains(wrapper, StringComparison.Ordinal))
            ? string.Join('.', name.Split('.').Where(part => !InnerWrappers.Contains(part))) : name;
}
