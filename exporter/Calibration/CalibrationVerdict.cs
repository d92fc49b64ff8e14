using System.Globalization;

namespace ResNetEdge.Exporter.Calibration;

/// <summary>What is thought of the calibration pictures.</summary>
internal enum CalibrationTrust
{
    /// <summary>Nothing speaks against them.</summary>
    Sound,

    /// <summary>Worth a warning: the network will work, maybe not as well as it could.</summary>
    Doubtful,

    /// <summary>Ranges taken from them would break the network.</summary>
    Broken,
}

/// <summary>The judgement on calibration pictures, with its reason.</summary>
/// <param name="Trust">How bad it is.</param>
/// <param name="Sentence">What was found, where, and the likely cause; empty when sound.</param>
internal sealed record CalibrationVerdict(CalibrationTrust Trust, string Sentence)
{
    // Nats; the median over layers, and the first layer alone, which shows the input's scale before normalised layers hide it. Measured on the demo
    // network and CIFAR ResNet-20, 32 and 56 with 16 and 64 pictures: right pictures at most 0.02 and 0.07 (one class alone 0.04 and 0.13, one
    // picture again and again 0.08 and 0.27); no mean and std at least 0.16 and 0.60, noise 0.21, white 0.42, black 0.81, values 0 to 255 over 100.
    private const double BrokenMedian = 0.15, BrokenFirst = 0.4, DoubtfulMedian = 0.05, DoubtfulFirst = 0.2;

    private const double OneColor = 1e-3; // of a normalised input; a single grey level of 256 is 0.004 and more
    private const int EnoughForClasses = 20;

    // Fewer pictures differ more by chance. Worst of 40 draws of right ones on the same networks:
    // one picture 0.25 and 0.96, two 0.20 and 0.75, four 0.06 and 0.28, eight 0.03 and 0.23.
    private const int EnoughForBounds = 8;

    /// <summary>Judges whether the pictures look like those that the network was trained on.</summary>
    /// <param name="survey">What the pictures look like to the network.</param>
    /// <param name="classes">Outputs of the network.</param>
    public static CalibrationVerdict Of(CalibrationSurvey survey, int classes)
    {
        if (survey.InputDeviation < OneColor)
            return new(CalibrationTrust.Broken, $"all {survey.Pictures} calibration pictures examined are of a single colour (all black, "
                + "or nearly so), so no ranges can be derived from them");
        if (survey.Layers.Count > 0)
        {
            double allowance = Allowance(survey.Pictures);
            double first = survey.Layers[0].Divergence / allowance, median = survey.Divergence / allowance;
            if (IsBroken(survey)) return new(CalibrationTrust.Broken, Describe(survey));
            if (median >= DoubtfulMedian || first >= DoubtfulFirst) return new(CalibrationTrust.Doubtful, Describe(survey));
        }

        if (survey.AreAllTheSame && survey.Pictures > 1)
            return new(CalibrationTrust.Doubtful, $"all {survey.Pictures} calibration pictures examined are the same picture");
        return survey is { ClassesNamed: 1, Pictures: >= EnoughForClasses } && classes > 1
            ? new(CalibrationTrust.Doubtful,
                $"the fp32 network predicts the same one of its {classes} classes for all {survey.Pictures} calibration pictures examined")
            : new(CalibrationTrust.Sound, "");
    }

    /// <summary>By how much a few pictures may differ more than many.</summary>
    public static double Allowance(int pictures) => Math.Sqrt((double)EnoughForBounds / Math.Min(pictures, EnoughForBounds));

    /// <summary>Whether the layers are so far from their record that ranges taken from these pictures would break the network.</summary>
    public static bool IsBroken(CalibrationSurvey survey) => survey.Layers.Count > 0
        && (survey.Divergence / Allowance(survey.Pictures) >= BrokenMedian
            || survey.Layers[0].Divergence / Allowance(survey.Pictures) >= BrokenFirst);

    // The first layer sees the input as it is; the median tells whether the rest of the network is beside itself too.
    private static string Describe(CalibrationSurvey survey)
    {
        var first = survey.Layers[0];
        string cause = first.Ratio > 3 ? "the input values are much larger than in training: "
            + "--std is too small, or the pictures were normalised twice"
            : first.Ratio < 0.6 ? "the input values are much smaller or flatter than in training: "
                + "--mean and --std are missing or wrong, or the pictures are dark or blank"
            : first.Shift > 0.3 ? "the input values are shifted from those in training: "
                + "--mean is missing or wrong, or the pictures are too bright or too dark"
            : "the input values are about as large as in training, so the pictures show something other than what the network was trained on";
        return string.Create(CultureInfo.InvariantCulture,
            $"on {survey.Pictures} calibration pictures layer '{first.Layer}' produces values {first.Ratio:f2} times as spread out as its BatchNorm "
                + $"recorded in training, with a mean {first.Shift:f2} standard deviations away (divergence {first.Divergence:f2}; "
                + $"median of {survey.Layers.Count} layers {survey.Divergence:f2}, at most 0.02 with suitable pictures); {cause}");
    }
}
