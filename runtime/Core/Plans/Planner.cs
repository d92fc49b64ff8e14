using ResNetEdge.Backends;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Plans.Fusions;

namespace ResNetEdge.Plans;

/// <summary>Graph → plan: fusions, forms of values, places in one arena, steps bound to them. All allocation of a network happens here.</summary>
internal static class Planner
{
    /// <summary>Plans a graph that the passes have gone over.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="backend">Who runs the steps: says what it takes and what scratch memory it needs.</param>
    /// <param name="threads">Threads that will share a step. More of them also run the plan, but
    /// where a step needs scratch memory only so many work.</param>
    /// <param name="packed">Called with a step's <see cref="PlanStep.Weights"/> when no step has
    /// still to pack them; null when the graph is to stay whole.</param>
    /// <param name="outputsAsComputed">Whether outputs may stay in the layout in which a step has made them.</param>
    /// <exception cref="EdgeException">Exit 3: an operator, attribute or number that cannot be run; the node is named.</exception>
    public static Plan Make(Graph graph, IBackend backend, int threads, Action<ReadOnlyMemory<byte>>? packed = null, bool outputsAsComputed = false)
    {
        var builder = new PlanBuilder(graph, backend, threads);
        PlanInput[] inputs = [.. graph.Inputs.Select(builder.AddInput)];
        foreach (var node in graph.Nodes)
        {
            if (builder.IsDone(node)) continue;
            if (!Array.Exists(FusionList.All, f => f.TryPlan(builder, node)))
                throw OperatorRules.Bad(node, "no fusion applies to it");
        }

        PlanOutput[] outputs = StoreOutputs(builder, outputsAsComputed);
        ReuseShortcuts(builder.Steps.Steps);
        long bytes = ArenaLayout.Place(builder.Steps.Storages.Where(s => s.Last >= 0));
        ModelBounds.CheckBytes("one inference", bytes);
        return new Plan
        {
            Inputs = inputs,
            Outputs = outputs,
            ArenaBytes = bytes,
            ComputesHalf = builder.Halves.IsUsed,
            Initialized = [.. builder.Steps.Storages.Where(s => s.Initialize is not null)],
            Steps = Preparation.Run(builder.Steps.Steps, backend, Math.Min(threads, Environment.ProcessorCount), packed),
        };
    }

    /// <summary>Each output in its own type, row-major unless it may stay as it is; it outlives the run.</summary>
    private static PlanOutput[] StoreOutputs(PlanBuilder builder, bool asComputed)
    {
        var buffers = new List<(TensorInfo Info, Layout Layout, PlanBuffer Buffer)>();
        foreach (var output in builder.Graph.Outputs)
        {
            var info = builder.Info(output.Name);
            var layout = asComputed && builder.Forms.Exists(info.Name, info.Type, Layout.Nhwc) ? Layout.Nhwc : Layout.Plain;
            var buffer = builder.Demand(info.Name, info.Type, layout);
            buffer.Storage.Persist();
            buffers.Add((info, layout, buffer));
        }

        var writers = new Dictionary<Storage, int>();
        var steps = builder.Steps.Steps;
        for (int i = 0; i < steps.Count; i++)
            foreach (var buffer in steps[i].Writes) writers[buffer.Storage.Root] = i;
        int Writer(PlanBuffer buffer) => writers.GetValueOrDefault(buffer.Storage.Root, steps.Count - 1);
        return [.. buffers.Select(b => new PlanOutput(b.Info, b.Buffer, b.Layout, Writer(b.Buffer)))];
    }

    /// <summary>A step may write over the shortcut that it reads, when nobody needs the shortcut after it: an in-place add.</summary>
    private static void ReuseShortcuts(IReadOnlyList<PlanStep> steps)
    {
        for (int i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            if (step is not { InPlace: { } shortcut, Writes: [var output] }) continue;
            if (shortcut.Type != output.Type || shortcut.Inside != output.Inside) continue;
            Storage from = shortcut.Storage, to = output.Storage;
            if (from.IsPersistent || from.Last != i || from.Bytes != to.Bytes || to.First != i) continue;
            // The step's other inputs are read after its first outputs are written.
            if (step.Reads.Count(r => r.Storage.Root == from.Root) != 1) continue;
            to.MergeInto(from);
        }
    }
}
