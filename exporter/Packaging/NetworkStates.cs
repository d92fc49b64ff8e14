using ResNetEdge.Engines;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Packaging;

/// <summary>The states of a network for its manifest: those that the user names, and those that are found.</summary>
internal static class NetworkStates
{
    /// <summary>Words that tell an output from the input that it becomes.</summary>
    private static readonly string[] Markers = ["output", "input", "present", "past", "next", "prev", "new", "old", "out", "in", "n"];

    /// <summary>The states, or null when there are none.</summary>
    /// <param name="options">What the user says.</param>
    /// <param name="known">What the network's file says.</param>
    /// <param name="graph">The network.</param>
    /// <param name="log">Told what was found, and which inputs no output fits.</param>
    /// <exception cref="EdgeException">Exit 2: a name is unknown, or an output does not fit its input.</exception>
    public static IReadOnlyList<ModelState>? Of(StateOptions options, IReadOnlyList<ModelState> known, Graph graph, Action<string> log)
    {
        List<ModelState> states = [.. known, .. options.Named];
        foreach (var state in known) log($"state: output '{state.Output}' becomes input '{state.Input}' of the next run, as the model says");
        if (options.IsAuto) Find(graph, states, log);
        StateBinding.Of(states, graph.Inputs, graph.Outputs);
        return states.Count == 0 ? null : states;
    }

    // The first input and the first output are what the network is for.
    private static void Find(Graph graph, List<ModelState> states, Action<string> log)
    {
        foreach (var input in graph.Inputs.Skip(1).Where(i => !states.Exists(s => s.Input == i.Name)).ToArray())
        {
            var fitting = Alike(graph.Outputs, input);
            var free = fitting.FindAll(o => !states.Exists(s => s.Output == o.Name));
            var named = free.FindAll(o => Stem(o.Name) == Stem(input.Name));
            bool isOnly = fitting.Count == 1 && free.Count == 1 && Alike(graph.Inputs, input).Count == 1;
            if ((named is [var same] ? same : isOnly ? free[0] : null) is { } output)
            {
                states.Add(new ModelState(output.Name, input.Name));
                log($"state: output '{output.Name}' becomes input '{input.Name}' of the next run");
            }
            else
            {
                string reason = free.Count == 0 ? "no output has its type and shape" : "no output of its type and shape fits by name";
                log($"input '{input.Name}' is not a state: {reason}; name the output with --state OUTPUT=INPUT if there is one");
            }
        }
    }

    private static List<TensorInfo> Alike(List<TensorInfo> values, TensorInfo like) =>
        [.. values.Skip(1).Where(v => v.Type == like.Type && v.Shape == like.Shape)];

    /// <summary>A name without what tells an output from an input: of <c>conv_cache_out</c>, <c>past.0.key</c>, <c>stateN</c>, <c>h0</c>.</summary>
    private static string Stem(string name)
    {
        var words = new List<string>();
        foreach (string part in name.Split('_', '.', '/', ':', '-'))
        {
            string word = part.Length > 1 && part[^1] == 'N' && char.IsLower(part[^2]) ? part[..^1] : part.ToLowerInvariant();
            if (Array.IndexOf(Markers, word) < 0) words.Add(word.Length == 2 && (word[1] is '0' or 'n') ? word[..1] : word);
        }

        return string.Join('_', words);
    }
}
