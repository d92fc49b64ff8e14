using ResNetEdge.Backends;
using ResNetEdge.Model;
using ResNetEdge.Plans.Activations;
using ResNetEdge.Plans.Fusions;

namespace ResNetEdge.Plans;

/// <summary>
/// A plan while it is being made, as fusions see it. What is known of the graph stands when this is constructed; what grows are the steps
/// and the forms of values. Each part keeps its own state.
/// </summary>
internal sealed class PlanBuilder
{
    private readonly HashSet<Node> _done = [];
    private readonly Dictionary<Node, FusedAdd?> _fusedAdds = [];
    private readonly PlanInputs _inputs;

    /// <param name="graph">The network.</param>
    /// <param name="backend">Who runs the steps.</param>
    /// <param name="threads">Threads that share a step; each may need scratch memory of its own.</param>
    /// <exception cref="EdgeException">Bad input: shapes that do not fit; the node is named.</exception>
    public PlanBuilder(Graph graph, IBackend backend, int threads)
    {
        Index = new GraphIndex(graph);
        var pixels = new PixelInputs(Index);
        Views = new QuantizedViews(Index, pixels);
        Chains = new FunctionChains(Index, Views);
        Steps = new StepList(backend, threads);
        Activations = new ActivationForms(Index);
        Halves = new HalfForms(graph, backend);
        Concats = new ConcatPlaces(Index, Views, Steps, Halves);
        Forms = new ValueForms(Index, Views, Steps);
        _inputs = new PlanInputs(Index, pixels, Views, Forms, Steps);
    }

    /// <summary>The graph by its values.</summary>
    public GraphIndex Index { get; }

    /// <summary>Which values are quantised ones in disguise.</summary>
    public QuantizedViews Views { get; }

    /// <summary>Functions of one quantised value.</summary>
    public FunctionChains Chains { get; }

    /// <summary>Functions of one number that several nodes compute together.</summary>
    public ActivationForms Activations { get; }

    /// <summary>Which values are held in float16.</summary>
    public HalfForms Halves { get; }

    /// <summary>The steps so far.</summary>
    public StepList Steps { get; }

    /// <summary>Where the inputs of Concats are to be written.</summary>
    public ConcatPlaces Concats { get; }

    /// <summary>The forms in which values exist.</summary>
    public ValueForms Forms { get; }

    /// <summary>The network.</summary>
    public Graph Graph => Index.Graph;

    /// <summary>Stores an input of the network and returns how.</summary>
    public PlanInput AddInput(TensorInfo info) => _inputs.Add(info, Done);

    /// <summary>Whether a fusion has taken this node already.</summary>
    public bool IsDone(Node node) => _done.Contains(node);

    /// <summary>Marks a node as part of a step.</summary>
    public void Done(Node node) => _done.Add(node);

    /// <summary>Who takes an Add, decided once: asked again, after more of the plan is known, the answer stays.</summary>
    public FusedAdd? Decide(Node add, Func<FusedAdd?> decide)
    {
        if (!_fusedAdds.TryGetValue(add, out var decision)) _fusedAdds[add] = decision = decide();
        return decision;
    }

    /// <summary>Type and shape of a value.</summary>
    public TensorInfo Info(string value) => Index.Info(value);

    /// <summary>The quantised value behind a float, or null.</summary>
    public QuantizedView? View(string value) => Views.Of(value);

    /// <summary>What can be done while a value is stored.</summary>
    public Epilogue EpilogueOf(string value) => Epilogue.Of(value, Index, Views);

    /// <summary>A value in the given form; converted by a step of its own where it does not exist yet.</summary>
    public PlanBuffer Demand(string value, ElementType type, Layout layout) => Forms.Demand(value, type, layout);

    /// <summary>A buffer for a value whose step writes NHWC.</summary>
    public PlanBuffer NewOutput(string value, ElementType type) => Concats.NewOutput(value, type);

    /// <summary>Appends a step.</summary>
    /// <exception cref="EdgeException">Unavailable: the backend does not take the problem.</exception>
    public void Append(PlanStep step) => Steps.Append(step);
}
