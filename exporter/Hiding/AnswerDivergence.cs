using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Tasks.Classification;

namespace ResNetEdge.Exporter.Hiding;

/// <summary>
/// How far a shortened network's answers are from the whole network's: the mean Kullback-Leibler divergence of the class probabilities, in nats.
/// Needs no labels, and does not reward a network for becoming less sure of itself, as cross-entropy on labels does.
/// </summary>
internal sealed class AnswerDivergence
{
    private readonly PictureSet _pictures;
    private readonly bool _givesProbabilities;
    private readonly float[][] _answers; // [picture][class], probabilities of the whole network

    /// <summary>Asks the whole network.</summary>
    /// <param name="network">Its first output is one logit or probability per class.</param>
    /// <param name="pictures">What to ask about.</param>
    public AnswerDivergence(Graph network, PictureSet pictures)
    {
        (_pictures, _givesProbabilities) = (pictures, FinalSoftmax.IsIn(network));
        _answers = new float[pictures.Count][];
        Ask(network, (picture, probabilities) => _answers[picture] = [.. probabilities]);
    }

    /// <summary>Asks another network and compares.</summary>
    /// <returns>0 when it answers exactly the same.</returns>
    public double Of(Graph network)
    {
        double sum = 0;
        Ask(network, (picture, probabilities) => sum += Divergence(_answers[picture], probabilities));
        return sum / _pictures.Count;
    }

    private delegate void Listener(int picture, ReadOnlySpan<float> probabilities);

    private void Ask(Graph network, Listener listener)
    {
        using var engine = GraphEngine.Load(network, 1);
        float[] answer = new float[engine.Outputs[0].Shape.ElementCount];
        for (int i = 0; i < _pictures.Count; i++)
        {
            _pictures.Feed(engine, i);
            engine.Run();
            engine.GetOutput<float>(0, answer);
            if (!_givesProbabilities) ClassProbabilities.Of(answer, answer);
            listener(i, answer);
        }
    }

    // Σ p·ln(p/q); q is kept above what a float softmax can still tell from 0.
    private static double Divergence(ReadOnlySpan<float> p, ReadOnlySpan<float> q)
    {
        const double smallest = 1e-12;
        double sum = 0;
        for (int c = 0; c < p.Length; c++)
        {
            if (p[c] > 0) sum += p[c] * Math.Log(p[c] / Math.Max(q[c], smallest));
        }

        return sum;
    }
}
