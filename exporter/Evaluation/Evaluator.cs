using ResNetEdge.Engines;
using ResNetEdge.Metrics;

namespace ResNetEdge.Exporter.Evaluation;

/// <summary>Counts a network's right answers over labelled pictures, alone or beside a reference.</summary>
internal static class Evaluator
{
    /// <summary>Runs every picture.</summary>
    /// <param name="engine">Its first output is one logit per class.</param>
    /// <param name="reference">Another network for the same pictures, or null.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="classes">The right class of each.</param>
    /// <param name="progress">Told the number of pictures done, now and then; may be null.</param>
    /// <exception cref="EdgeException">Exit 3: a picture that cannot be read, or networks with different numbers of classes.</exception>
    public static Accuracy Run(IEngine engine, IEngine? reference, Pictures pictures, int[] classes, Action<int>? progress = null)
    {
        float[] logits = new float[engine.Outputs[0].Shape.ElementCount], others = new float[reference?.Outputs[0].Shape.ElementCount ?? 0];
        if (reference is not null && others.Length != logits.Length)
            throw EdgeException.BadInput($"the network has {logits.Length} classes and the one to compare with {others.Length}");
        var accuracy = new Accuracy();
        for (int i = 0; i < pictures.Count; i++)
        {
            pictures.Feed(engine, i);
            engine.Run();
            engine.GetOutput<float>(0, logits);
            if (reference is null)
            {
                accuracy.Add(logits, classes[i]);
            }
            else
            {
                pictures.Feed(reference, i);
                reference.Run();
                reference.GetOutput<float>(0, others);
                accuracy.Add(logits, others, classes[i]);
            }

            if ((i & 63) == 63) progress?.Invoke(i + 1);
        }

        return accuracy;
    }
}
