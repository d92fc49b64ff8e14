using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Packages;

namespace ResNetEdge.Metrics;

/// <summary>Runs golden vectors of a package and tells how far an engine is from them.</summary>
internal static class GoldenCheck
{
    /// <summary>The distance of the output that is furthest away.</summary>
    /// <param name="engine">Holds the package's model.</param>
    /// <param name="golden">Inputs and expected outputs.</param>
    /// <param name="what">Begins the message when the vector does not fit the model.</param>
    /// <exception cref="EdgeException">Exit 3: another number, type or shape of inputs or outputs than the model has.</exception>
    public static GoldenDistance Distance(IEngine engine, Golden golden, string what)
    {
        Check(golden.Inputs, engine.Inputs, "inputs", what);
        Check(golden.Outputs, engine.Outputs, "outputs", what);
        for (int i = 0; i < golden.Inputs.Count; i++) engine.SetInputBytes(i, golden.Inputs[i].Type, golden.Inputs[i].Bytes.Span);
        engine.Run();
        var furthest = default(GoldenDistance);
        for (int i = 0; i < golden.Outputs.Count; i++)
        {
            var info = engine.Outputs[i];
            var bytes = new byte[info.ByteCount()];
            engine.GetOutputBytes(i, bytes);
            var distance = GoldenDistance.Between(new Tensor(info.Type, info.Shape, bytes).ToFloats(), golden.Outputs[i].ToFloats());
            furthest = furthest.OrFurther(distance);
        }

        return furthest;
    }

    private static void Check(IReadOnlyList<Tensor> tensors, IReadOnlyList<TensorInfo> infos, string kind, string what)
    {
        if (tensors.Count != infos.Count) throw EdgeException.BadInput($"{what} has {tensors.Count} {kind}, but the model has {infos.Count}");
        for (int i = 0; i < infos.Count; i++)
        {
            if (!tensors[i].Type.StandsFor(infos[i].Type) || tensors[i].Shape != infos[i].Shape)
                throw EdgeException.BadInput($"{what} holds {tensors[i]} among its {kind} where the model has {infos[i].Type}[{infos[i].Shape}]");
        }
    }
}
