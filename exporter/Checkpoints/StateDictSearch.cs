using System.Globalization;
using System.Numerics;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>
/// Finds the weights in the object that a torch checkpoint holds: the dict itself or one nested under a usual key; takes off wrappers' prefixes.
/// </summary>
internal static class StateDictSearch
{
    private const int MaxNesting = 3;

    /// <summary>Keys under which training scripts keep the weights; the first that holds a dict wins, so averaged (EMA) weights come last.</summary>
    private static readonly string[] NestingKeys =
    [
        "state_dict", "model_state_dict", "model", "net", "params", "weights", "model_state", "network",
        "state_dict_ema", "ema_state_dict", "model_ema", "params_ema", "ema",
    ];

    /// <summary>Prefixes of DataParallel, torch.compile, and modules that hold the network.</summary>
    private static readonly string[] WrapperPrefixes = ["module.", "_orig_mod.", "model."];

    /// <summary>Reads the weights out of an unpickled object.</summary>
    /// <remarks>What is not a tensor is passed over: training scripts keep optimisers, histories and settings beside the weights. A weight that is
    /// missing for that reason is missed when the network is built.</remarks>
    /// <exception cref="EdgeException">Exit 3: no weights there.</exception>
    public static StateDict Read(string file, string format, object? unpickled, PickledTensorReader tensors)
    {
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var dictionary = Find(file, unpickled, metadata);
        var found = new List<KeyValuePair<string, PickledTensor>>();
        foreach (var (name, value) in dictionary.Entries)
        {
            if (value is PickledTensor tensor && name != "n_averaged") found.Add(new(name, tensor)); // AveragedModel's counter
            else if (Scalar(value) is { } scalar) metadata[name] = scalar;
        }

        int strip = WrapperLength([.. found.Select(static f => f.Key)]);
        return new StateDict(
            file, format, found.Select(f => new KeyValuePair<string, Tensor>(f.Key[strip..], tensors.Read(f.Key, f.Value))), metadata);
    }

    /// <summary>Length of the wrappers' prefix that every name has.</summary>
    public static int WrapperLength(IReadOnlyList<string> names)
    {
        int length = 0;
        while (names.Count > 0
            && Array.Find(WrapperPrefixes, p => names.All(n => n.AsSpan(length).StartsWith(p, StringComparison.Ordinal))) is { } prefix)
            length += prefix.Length;
        return length;
    }

    private static PickledDictionary Find(string file, object? unpickled, SortedDictionary<string, string> metadata)
    {
        object? here = unpickled;
        for (int level = 0; level < MaxNesting && here is PickledDictionary dictionary; level++)
        {
            string? key = Array.Find(NestingKeys, k => dictionary[k] is PickledDictionary);
            if (key is null)
            {
                if (dictionary.Entries.Any(static e => e.Value is PickledTensor)) return dictionary;
                key = OnlyWeights(dictionary);
            }

            if (key is null)
            {
                string keys = string.Join(", ", dictionary.Entries.Take(8).Select(static e => FileText.Quote(e.Key)));
                throw EdgeException.BadInput($"{file}: no weights {(keys == "" ? "in the file" : $"under {keys}")}; "
                    + $"expected a state dict, or one under {string.Join(", ", NestingKeys[..5])}");
            }

            foreach (var (name, value) in dictionary.Entries)
                if (Scalar(value) is { } scalar) metadata[name] = scalar;
            metadata["weights_key"] = key;
            here = dictionary[key];
        }

        throw EdgeException.BadInput(
            $"{file}: the checkpoint holds {(here is PickledDictionary ? "dicts within dicts" : "no dict")}; save model.state_dict()");
    }

    // Under a key of the script's own, when nothing else there can be meant.
    private static string? OnlyWeights(PickledDictionary dictionary)
    {
        string[] keys = [.. dictionary.Entries.Where(static e => !TrainingState.IsKey(e.Key) && e.Value is PickledDictionary inner
            && inner.Entries.Any(static w => w.Value is PickledTensor)).Select(static e => e.Key)];
        return keys.Length == 1 ? keys[0] : null;
    }

    private static string? Scalar(object? value) => value switch
    {
        bool flag => flag ? "true" : "false",
        long or double or BigInteger => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        string text => text,
        _ => null,
    };
}
