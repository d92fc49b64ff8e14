using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Packages;
using ResNetEdge.Passes;

namespace ResNetEdge.Exporter.Evaluation;

/// <summary>Engines for graphs that are in memory.</summary>
internal static class GraphEngine
{
    /// <summary>Loads a graph.</summary>
    /// <param name="graph">With types on its outputs.</param>
    /// <param name="threads">At least 1.</param>
    /// <param name="engine">Name of an engine, or <c>auto</c>: the best that runs the whole graph.</param>
    /// <exception cref="EdgeException">Exit 5: the engine cannot be had or cannot run the graph.</exception>
    public static IEngine Load(Graph graph, int threads, string engine = EngineTable.Auto) =>
        Load(graph, engine, new EngineOptions { Threads = threads });

    /// <summary>
    /// Loads a graph to be calibrated: what is observed ends up in a package, so its last bits are to depend on the machine as little as can be.
    /// </summary>
    /// <exception cref="EdgeException">Exit 5: the engine cannot be had or cannot run the graph.</exception>
    public static IEngine LoadForCalibration(Graph graph, int threads) =>
        Load(graph, EngineTable.Auto, new EngineOptions { Threads = threads, Winograd = false, OutputsAsComputed = true });

    /// <summary>The reference engine on the bytes that a package would hold: every node as it is written, none fused.</summary>
    public static IEngine LoadLiteral(Graph graph) => new ReferenceEngine(OnnxReader.Read(Bytes(graph), graph.Name));

    /// <summary>Loads a graph for several pictures at a time.</summary>
    /// <param name="graph">With types on its outputs.</param>
    /// <param name="count">Engines; at least 1.</param>
    /// <param name="engine">Name of an engine, or <c>auto</c>.</param>
    /// <exception cref="EdgeException">Exit 5: the engine cannot be had or cannot run the graph.</exception>
    public static EnginePool LoadPool(Graph graph, int count, string engine = EngineTable.Auto) => new(engine, Source(graph), count);

    private static IEngine Load(Graph graph, string engine, EngineOptions options) => EngineTable.Load(engine, Source(graph), options).Engine;

    private static ModelSource Source(Graph graph) => new(graph.Name, null, () => Bytes(graph), _ => graph);

    private static ReadOnlyMemory<byte> Bytes(Graph graph)
    {
        using var stream = new MemoryStream();
        OnnxWriter.Write(NarrowFloats.Of(graph).File, stream);
        return stream.GetBuffer().AsMemory(0, (int)stream.Length);
    }
}
