using ResNetEdge.CommandLine;
using ResNetEdge.Exporter.Calibration;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Options;
using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Exporter.Checks;

/// <summary>Stops an export whose calibration pictures, or the way they are fed, do not fit the network.</summary>
internal static class CalibrationGuard
{
    private const double FittingDivergence = 0.05;

    /// <summary>Looks at a few of the calibration pictures.</summary>
    /// <param name="source">The float network.</param>
    /// <param name="options">The user's.</param>
    /// <param name="spec">How pictures are fed.</param>
    /// <param name="log">Words for people: doubts, and what the user has accepted.</param>
    /// <returns>Divergence of the middle layer in nats; null when the network has no record of its training.</returns>
    /// <exception cref="EdgeException">Exit 4: ranges from these pictures would break the network. Exit 3: a picture cannot be read.</exception>
    public static double? Check(SourceNetwork source, ExportOptions options, PreprocessSpec spec, Action<string> log)
    {
        if (Survey(source, options, options.Calibration!, spec) is not { } survey) return null;
        if (FormCheck.Find(source, survey, other => Survey(other, options, options.Calibration!, spec, FormCheck.EnoughPictures)) is { } finding)
        {
            if (finding.Better is not null || CalibrationVerdict.IsBroken(survey)) Doubt(options.Calibration!, finding.Sentence, options, log);
            else log($"warning: {finding.Sentence}");
            return survey.Layers.Count == 0 ? null : survey.Divergence;
        }

        var verdict = CalibrationVerdict.Of(survey, source.Classes);
        if (verdict.Trust != CalibrationTrust.Sound)
        {
            string sentence = verdict.Sentence + Advice(source, options, spec, survey);
            if (verdict.Trust == CalibrationTrust.Broken) Doubt(options.Calibration!, sentence, options, log);
            else log($"warning: {sentence}");
        }

        if (survey.Layers.Count == 0)
        {
            log($"cannot tell whether the calibration pictures fit the network: {source.Training.Doubt}");
        }

        return survey.Layers.Count == 0 ? null : survey.Divergence;
    }

    /// <summary>
    /// For an export that does not calibrate: whether labelled pictures, or the record alone, show that the network is another than assumed.
    /// </summary>
    /// <param name="source">The float network.</param>
    /// <param name="options">The user's.</param>
    /// <param name="spec">How pictures are fed; null when the input is not a picture.</param>
    /// <param name="log">Words for people.</param>
    /// <exception cref="EdgeException">Exit 4: labelled pictures show it. Exit 3: a picture cannot be read.</exception>
    public static void CheckForm(SourceNetwork source, ExportOptions options, PreprocessSpec? spec, Action<string> log)
    {
        if (source.Form is null) return;
        if (options.Evaluate is not { } labelled || spec is null)
        {
            if (FormCheck.ByRecord(source) is { } recorded) log($"warning: {recorded.Sentence}");
        }
        else if (Survey(source, options, labelled, spec) is { } survey
            && FormCheck.Find(source, survey, other => Survey(other, options, labelled, spec, FormCheck.EnoughPictures)) is { } finding)
        {
            if (finding.Better is not null) Doubt(labelled, finding.Sentence, options, log);
            else log($"warning: {labelled}: {finding.Sentence}");
        }
    }

    private static void Doubt(string directory, string sentence, ExportOptions options, Action<string> log)
    {
        if (!options.AcceptsCalibration)
            throw EdgeException.Refused(
                $"{directory}: {sentence}; nothing was written. If this is as it should be, insist with {ExportOptions.AcceptCalibration}");
        log($"warning: {sentence}");
    }

    private static CalibrationSurvey? Survey(
        SourceNetwork source, ExportOptions options, string directory, PreprocessSpec spec, int atMost = CalibrationSurvey.EnoughPictures)
    {
        using var pictures = Pictures.Open(directory, spec, Math.Min(atMost, options.CalibrationImages));
        return CalibrationSurvey.Run(
            source.Graph, source.Training, g => GraphEngine.LoadForCalibration(g, options.Threads), pictures.Count, pictures.Feed);
    }

    // The usual ways to normalise: one that fits is most likely the training's.
    private static string Advice(SourceNetwork source, ExportOptions options, PreprocessSpec spec, CalibrationSurvey survey)
    {
        if (survey.Layers.Count == 0) return "";
        var usual = Presets.All.Where(p => p.Channels == spec.Channels).Select(p => (p.Mean, p.Std))
            .Append((Same(0.5f, spec), Same(0.5f, spec))).Append((Same(0, spec), Same(1, spec)))
            .Where(u => !(u.Item1.SequenceEqual(spec.Mean) && u.Item2.SequenceEqual(spec.Std)));
        foreach (var (mean, std) in usual)
        {
            if (Survey(source, options, options.Calibration!, spec with { Mean = mean, Std = std }) is { Layers.Count: > 0 } other
                && other.Divergence < Math.Min(FittingDivergence, survey.Divergence / 2))
                return FormattableString.Invariant(
                    $"; with --mean {string.Join(',', mean)} --std {string.Join(',', std)} they would fit (divergence {other.Divergence:f2})");
        }

        return "";
    }

    private static float[] Same(float value, PreprocessSpec spec) => [.. Enumerable.Repeat(value, spec.Channels)];
}
