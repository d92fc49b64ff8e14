using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Quantization;

/// <summary>
/// Decides for each residual add on which scale its streams meet. Both inputs and the result get one scale; along the shortcuts, block after block,
/// neighbours share it while that costs little, and where they do not, the shortcut is quantised again, to the scale of the block that it enters.
/// </summary>
/// <remarks>
/// An engine that fuses the add into the convolution rounds once, one that follows the file literally rounds the branch
/// first and the sum again. On one grid the second rounding changes nothing and both give the same integers: round(b) +
/// r = round(b + r) for an integer r. Price, as noise against each stream's own scale n: (s / n)² for a scale s that
/// grew, and (s / n)² again where a shortcut is rounded again. Clusters merge greedily while the sum of prices falls.
/// </remarks>
internal sealed class ResidualScales
{
    // What enters an add of a smaller scale saturates there in an engine that follows the file
    // literally; so little of its range may be cut, not more.
    private const double MostCut = 0.8;

    private readonly List<Meeting> _meetings = [];
    private readonly Dictionary<string, Cluster> _clusters = new(StringComparer.Ordinal); // by root

    private ResidualScales(Graph graph, QuantizationPlan plan, IReadOnlyDictionary<string, QuantizationParameters> parameters)
    {
        foreach (string root in parameters.Keys) _clusters.Add(root, new Cluster(root, parameters[root].Scale));
        foreach (var add in graph.Nodes.Where(n => n.OpType == OpTypes.Add && plan.Combines(n)))
        {
            string result = QuantizationPlan.Result(graph, add);
            if (!plan.IsQuantized(result)) continue;
            // An add that no convolution takes adds values of any scales.
            if (!add.Inputs.Exists(input => IsFree(graph, input))) continue;
            foreach (string input in add.Inputs.Distinct().Where(plan.IsQuantized))
            {
                var (own, other) = (_clusters[plan.Root(result)], _clusters[plan.Root(input)]);
                if (IsFree(graph, input)) Merge(own, other, weighs: false);
                else if (own != other) _meetings.Add(new(add.Name, input, plan.Root(input), plan.Root(result)));
            }
        }
    }

    /// <summary>Aligns the scales of a graph.</summary>
    /// <param name="graph">Float graph.</param>
    /// <param name="plan">Made from the same graph.</param>
    /// <param name="parameters">By root of group; not changed.</param>
    public static AlignedScales Align(Graph graph, QuantizationPlan plan, IReadOnlyDictionary<string, QuantizationParameters> parameters)
    {
        var scales = new ResidualScales(graph, plan, parameters);
        while (scales.MergeBest())
        {
        }

        var aligned = parameters.ToDictionary(p => p.Key, p => WithScale(p.Value, scales._clusters[p.Key].Scale), StringComparer.Ordinal);
        return new(aligned, scales._meetings.Where(scales.IsBoundary)
            .ToDictionary(m => (m.Add, m.Value), m => WithScale(aligned[m.From], scales._clusters[m.To].Scale)));
    }

    /// <summary>Nothing aligned: each stream keeps its own scale and they meet in the convolution's epilogue.</summary>
    public static AlignedScales Own(IReadOnlyDictionary<string, QuantizationParameters> parameters) =>
        new(parameters, new Dictionary<(string, string), QuantizationParameters>());

    // A convolution's result that only the add reads can have any scale: the branch, and a projection shortcut.
    private static bool IsFree(Graph graph, string value) =>
        graph.Nodes.Exists(n => n.OpType is OpTypes.Conv or OpTypes.Gemm && n.Output == value)
        && graph.Nodes.Count(n => n.Inputs.Contains(value)) == 1;

    private bool IsBoundary(Meeting meeting) => _clusters[meeting.From] != _clusters[meeting.To];

    private bool MergeBest()
    {
        (double Gain, Cluster A, Cluster B)? best = null;
        foreach (var (a, b) in _meetings.Where(IsBoundary).Select(m => (_clusters[m.From], _clusters[m.To])).Distinct())
        {
            double scale = Math.Max(a.Scale, b.Scale);
            double before = a.Price(a.Scale) + b.Price(b.Scale)
                + _meetings.Where(m => Joins(m, a, b)).Sum(m => Boundary(m, _clusters[m.From].Scale, _clusters[m.To].Scale));
            double gain = before - a.Price(scale) - b.Price(scale);
            // What surrounds the two pays too when one of them grows.
            foreach (var m in _meetings.Where(IsBoundary).Where(m => !Joins(m, a, b)))
            {
                double from = _clusters[m.From] == a || _clusters[m.From] == b ? scale : _clusters[m.From].Scale,
                    to = _clusters[m.To] == a || _clusters[m.To] == b ? scale : _clusters[m.To].Scale;
                gain += Boundary(m, _clusters[m.From].Scale, _clusters[m.To].Scale) - Boundary(m, from, to);
            }

            if (gain > 1e-9 && gain > (best?.Gain ?? 0)) best = (gain, a, b);
        }

        if (best is not { } found) return false;
        Merge(found.A, found.B, weighs: true);
        return true;
    }

    private bool Joins(Meeting m, Cluster a, Cluster b) =>
        (_clusters[m.From] == a && _clusters[m.To] == b) || (_clusters[m.From] == b && _clusters[m.To] == a);

    private double Boundary(Meeting m, double from, double to)
    {
        const double forbidden = 1e6;
        double own = _clusters[m.To].OwnScale(m.To);
        return to < MostCut * from ? forbidden : to / own * (to / own);
    }

    private void Merge(Cluster into, Cluster other, bool weighs)
    {
        if (into == other) return;
        into.Take(other, weighs);
        foreach (string root in _clusters.Keys.Where(root => _clusters[root] == other).ToList()) _clusters[root] = into;
    }

    // The zero point moves with the scale. The steps won lie on both sides of a signed range: an
    // outlier there saturates where the file is followed literally.
    private static QuantizationParameters WithScale(QuantizationParameters parameters, double scale)
    {
        double share = parameters.Scale / scale, room = parameters.ZeroPoint is 0 ? 0 : 255 * (1 - share) / 2;
        return new((float)scale, (byte)Math.Clamp(Math.Round(parameters.ZeroPoint * share + room), 0, 255));
    }

    private sealed record Meeting(string Add, string Value, string From, string To);

    private sealed class Cluster(string root, double scale)
    {
        private readonly Dictionary<string, double> _own = new(StringComparer.Ordinal) { [root] = scale };

        public double Scale { get; private set; } = scale;

        public double OwnScale(string member) => _own[member];

        public double Price(double at) => _own.Values.Sum(own => at / own * (at / own));

        public void Take(Cluster other, bool weighs)
        {
            Scale = Math.Max(Scale, weighs ? other.Scale : MostCut * other.Scale);
            if (!weighs) return;
            foreach (var (member, own) in other._own) _own.Add(member, own);
        }
    }
}

/// <summary>The scales that a network is written with.</summary>
/// <param name="Parameters">By root of group.</param>
/// <param name="Requantized">Inputs of adds that are quantised again: by name of the add and of the value.</param>
internal sealed record AlignedScales(
    IReadOnlyDictionary<string, QuantizationParameters> Parameters,
    IReadOnlyDictionary<(string Add, string Value), QuantizationParameters> Requantized);
