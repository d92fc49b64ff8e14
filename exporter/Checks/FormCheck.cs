using System.Globalization;
using ResNetEdge.Exporter.Architectures;
using ResNetEdge.Exporter.Calibration;
using ResNetEdge.Exporter.Packaging;

namespace ResNetEdge.Exporter.Checks;

/// <summary>
/// Whether a checkpoint's network is another than the one assumed. What the first BatchNormalization sees comes from the pictures and one convolution
/// alone: when it fits its record and those behind it do not, the pictures are fed right and what lies between is wrong. Which form is right, the
/// same pictures tell: in that one every layer fits.
/// </summary>
internal static class FormCheck
{
    /// <summary>Pictures that are enough to compare forms on.</summary>
    public const int EnoughPictures = 8;

    // Nats. Measured on three CIFAR ResNets and the demo's network with 2, 8 and 32 right pictures: the first layer at most 0.1, no layer above 0.23,
    // the mean 0.001 to 0.046; and no other form brings the mean below 0.9 of what it is in the right one, while the right form of a network that was
    // taken for another brings it to almost nothing.
    private const double FittingFirst = 0.15, MisfittingLayer = 0.5, LeastScore = 0.004, Improvement = 0.5;

    private const double Most = 1; // a layer counts at most so much, lest one outweighs all others
    private const double FirstShare = 0.1; // of the largest change of a layer: the first that changes so much is named

    /// <summary>What was found.</summary>
    /// <param name="Sentence">The first layer that does not fit, and what to do.</param>
    /// <param name="Better">The form in which the layers fit; null when none of those tried is.</param>
    public sealed record Finding(string Sentence, NetworkForm? Better);

    /// <summary>Looks for a form that fits better; null when there is nothing to doubt.</summary>
    /// <param name="source">As assumed.</param>
    /// <param name="seen">What all pictures look like to it.</param>
    /// <param name="look">Looks at <see cref="EnoughPictures"/> of them; null when a network gives NaN.</param>
    public static Finding? Find(SourceNetwork source, CalibrationSurvey seen, Func<SourceNetwork, CalibrationSurvey?> look)
    {
        if (source is not { Form: { } form, Traits: { } traits, InForm: { } inForm }) return null;
        if (ByRecord(source) is { } recorded) return recorded;
        double allowance = CalibrationVerdict.Allowance(seen.Pictures);
        if (seen.Layers.Count < 2 || seen.Layers[0].Divergence / allowance > FittingFirst || Score(seen) < LeastScore) return null;
        if (look(source) is not { } assumed) return null;

        var best = form.Neighbours(traits).Select(f => (Form: f, Survey: look(inForm(f)))).Where(static c => c.Survey is { Layers.Count: > 0 })
            .MinBy(static c => Score(c.Survey!));
        if (best.Survey is { } better && Score(better) < Improvement * Score(assumed))
        {
            string options = best.Form.OptionsFrom(form);
            return new(Describe(seen, FirstChanged(assumed, better), string.Create(CultureInfo.InvariantCulture,
                $"with {options} the layers fit (mean divergence {Score(better):f3}, {Score(assumed):f3} as assumed); export again with {options}")),
                best.Form);
        }

        var misfit = seen.Layers.FirstOrDefault(l => l.Divergence / allowance > MisfittingLayer)
            ?? (CalibrationVerdict.IsBroken(seen) ? seen.Layers.MaxBy(static l => l.Divergence) : null);
        return misfit is null ? null : new(Describe(seen, misfit,
            "changing one of --activation, --stride-on, --bn-eps, --output-stride and --stem-pool does not fix it: "
                + "either the network has a feature that they do not cover "
            + "(blur pooling, another activation, two of these at once), or the pictures show something other than what it was trained on; "
            + "export it to ONNX from its own code and use that"), null);
    }

    /// <summary>
    /// What needs no pictures: the means that two BatchNormalizations recorded, and the weights between them, speak for one nonlinearity and one
    /// epsilon. Null when there is nothing to doubt, or no form that fits.
    /// </summary>
    public static Finding? ByRecord(SourceNetwork source)
    {
        if (source is not { Form: { } form, Traits: { } traits, InForm: { } inForm, Training: { Doubt: not null, FirstMissed: { } layer } record })
            return null;
        var (best, miss) = form.Neighbours(traits).Where(f => f.Activation.Name != form.Activation.Name || f.Epsilon != form.Epsilon)
            .Select(f => (Form: f, inForm(f).Training.Miss)).MinBy(static c => c.Miss);
        if (miss > TrainingRecord.MaxMiss || miss > Improvement * record.Miss) return null;
        string options = best.OptionsFrom(form);
        return new(string.Create(CultureInfo.InvariantCulture,
            $"the network is probably not the one assumed: what its BatchNorms recorded in training does not follow from "
                + $"its weights, first in layer '{layer}' ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"(means {record.Miss:f2} standard deviations apart, the median over layers), and with {options} it does ")
            + string.Create(CultureInfo.InvariantCulture, $"({miss:f2}); export again with {options}"), best);
    }

    private static double Score(CalibrationSurvey survey) => survey.Layers.Average(static l => Math.Min(Most, l.Divergence));

    private static LayerFit FirstChanged(CalibrationSurvey assumed, CalibrationSurvey better)
    {
        var changes = assumed.Layers.Zip(better.Layers, static (a, b) => (Layer: a, By: a.Divergence - b.Divergence)).ToList();
        double largest = changes.Max(static c => c.By);
        return changes.First(c => c.By >= FirstShare * largest).Layer;
    }

    private static string Describe(CalibrationSurvey seen, LayerFit misfit, string advice)
    {
        var first = seen.Layers[0];
        string fits = string.Create(
            CultureInfo.InvariantCulture,
            $"layer '{first.Layer}' produces what its BatchNorm recorded in training (divergence {first.Divergence:f2})");
        string not = string.Create(CultureInfo.InvariantCulture, $"'{misfit.Layer}' is the first layer that does not ({misfit.Divergence:f2}; ")
            + string.Create(CultureInfo.InvariantCulture, $"{misfit.Ratio:f2} times as spread out, mean {misfit.Shift:f2} standard deviations away)");
        return $"the pictures fit, but the network is probably not the one assumed: {fits}, and {not}; {advice}";
    }
}
