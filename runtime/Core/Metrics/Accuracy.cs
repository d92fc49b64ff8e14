using ResNetEdge.Tasks.Classification;

namespace ResNetEdge.Metrics;

/// <summary>Counts of right answers over a set of pictures, optionally beside a reference network's on the same pictures.</summary>
internal sealed class Accuracy
{
    /// <summary>Pictures so far.</summary>
    public int Images { get; private set; }

    /// <summary>Pictures whose most probable class is the right one.</summary>
    public int Right { get; private set; }

    /// <summary>The same for the reference.</summary>
    public int ReferenceRight { get; private set; }

    /// <summary>Pictures on which both name the same class, right or wrong.</summary>
    public int Agreeing { get; private set; }

    /// <summary>Share of right answers, 0 to 1; 0 when there is no picture.</summary>
    public double Top1 => Share(Right);

    /// <summary>The reference's share.</summary>
    public double ReferenceTop1 => Share(ReferenceRight);

    /// <summary>Share of pictures on which both agree.</summary>
    public double Agreement => Share(Agreeing);

    /// <summary>Counts one picture.</summary>
    /// <param name="logits">[classes] of the network.</param>
    /// <param name="label">The right class.</param>
    public void Add(ReadOnlySpan<float> logits, int label) => Add(TopK.Largest(logits), label);

    /// <summary>Counts one picture.</summary>
    /// <param name="said">The class that the network holds most probable.</param>
    /// <param name="label">The right class.</param>
    public void Add(int said, int label)
    {
        Images++;
        if (said == label) Right++;
    }

    /// <summary>Counts one picture seen by both networks.</summary>
    /// <param name="logits">[classes] of the network.</param>
    /// <param name="reference">[classes] of the reference.</param>
    /// <param name="label">The right class.</param>
    public void Add(ReadOnlySpan<float> logits, ReadOnlySpan<float> reference, int label) =>
        Add(TopK.Largest(logits), TopK.Largest(reference), label);

    /// <summary>Counts one picture seen by both networks.</summary>
    /// <param name="said">The class that the network holds most probable.</param>
    /// <param name="reference">The class that the reference holds most probable.</param>
    /// <param name="label">The right class.</param>
    public void Add(int said, int reference, int label)
    {
        Add(said, label);
        if (reference == label) ReferenceRight++;
        if (reference == said) Agreeing++;
    }

    private double Share(int count) => Images == 0 ? 0 : (double)count / Images;
}
