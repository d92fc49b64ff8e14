using ResNetEdge.Model;
using ResNetEdge.Naming;

namespace ResNetEdge.Engines;

/// <summary>A state by the numbers of its input and output, and where it lies among the others.</summary>
/// <param name="Input">Number of the input.</param>
/// <param name="Output">Number of the output.</param>
/// <param name="Offset">Bytes before it.</param>
/// <param name="Bytes">Its size.</param>
internal readonly record struct StateBinding(int Input, int Output, long Offset, int Bytes)
{
    private const int Alignment = 64;

    /// <summary>Finds the states of a network.</summary>
    /// <exception cref="EdgeException">Usage: an unknown name, a name given twice, or an output that does not fit its input.</exception>
    public static StateBinding[] Of(IReadOnlyList<ModelState> states, IReadOnlyList<TensorInfo> inputs, IReadOnlyList<TensorInfo> outputs)
    {
        var bindings = new StateBinding[states.Count];
        long offset = 0;
        for (int i = 0; i < bindings.Length; i++)
        {
            var (output, input) = (Find("output", states[i].Output, outputs), Find("input", states[i].Input, inputs));
            if (Array.FindIndex(bindings, 0, i, b => b.Input == input) >= 0) throw Bad($"input '{states[i].Input}' is named for two states");
            if (Array.FindIndex(bindings, 0, i, b => b.Output == output) >= 0) throw Bad($"output '{states[i].Output}' is named for two states");
            Check(inputs[input], outputs[output]);
            bindings[i] = new StateBinding(input, output, offset, inputs[input].ByteCount());
            offset += (bindings[i].Bytes + Alignment - 1L) / Alignment * Alignment;
        }

        return bindings;
    }

    private static int Find(string kind, string name, IReadOnlyList<TensorInfo> infos)
    {
        for (int i = 0; i < infos.Count; i++)
            if (infos[i].Name == name) return i;
        throw Bad($"a state names the unknown {kind} '{name}'; {Spelling.Suggestion(name, [.. infos.Select(static info => info.Name)])}");
    }

    private static void Check(TensorInfo input, TensorInfo output)
    {
        if (input.Type == output.Type && input.Shape == output.Shape) return;
        throw Bad($"output '{output.Name}' is {output.Type}[{output.Shape}] and cannot be the state of input '{input.Name}', "
            + $"which is {input.Type}[{input.Shape}]; a state keeps its type and shape from run to run");
    }

    private static EdgeException Bad(string sentence) => new(FailureKind.Usage, sentence);
}
